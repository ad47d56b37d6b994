import { describe, expect, test } from 'vitest';
import { drain } from './drain.ts';
import { idOf } from './reading.ts';
import { type Ask, openSearchStore, Refused, type Store } from './store.ts';

const READING = { groupid: '2', no2: { value: '88' }, date: '2021-09-03T09:14:49.123Z' };
const CREATED = { status: 201, text: '{"result":"created"}' };
const ACKNOWLEDGED = { status: 200, text: '{"acknowledged":true}' };

/** A domain that answers in turn; an Error is one that does not answer. */
function domain(...answers: ({ status: number; text: string } | Error)[]) {
  const asked: string[] = [];
  const ask: Ask = async (method, path, _body) => {
    asked.push(`${method} ${path}`);
    const answer = answers.shift() ?? CREATED;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { store: openSearchStore(ask, 'gasdetect'), asked };
}

const DOCUMENT = `PUT /gasdetect/_create/${idOf(READING)}`;
const TEMPLATE = 'PUT /_index_template/gasdetect';

describe('the index', () => {
  test('has its template before its first document, and is asked for it once', async () => {
    const { store, asked } = domain(ACKNOWLEDGED);
    expect(await store.put(READING)).toBe('created');
    await store.put(READING);
    expect(asked).toEqual([TEMPLATE, DOCUMENT, DOCUMENT]);
  });

  test('gets it with the next reading if it could not be made', async () => {
    const { store, asked } = domain(new Error('away'), { status: 503, text: 'busy' }, ACKNOWLEDGED);
    await expect(store.put(READING)).rejects.toThrow('away');
    await expect(store.put(READING)).rejects.toThrow('OpenSearch answered 503 to the index template: busy');
    await store.put(READING);
    expect(asked).toEqual([TEMPLATE, TEMPLATE, TEMPLATE, DOCUMENT]);
  });

  test('takes a reading once: that it was there is no failure', async () => {
    const conflict = '{"error":{"type":"version_conflict_engine_exception"},"status":409}';
    const { store } = domain(ACKNOWLEDGED, CREATED, { status: 409, text: conflict });
    expect(await store.put(READING)).toBe('created');
    expect(await store.put(READING)).toBe('was there');
  });

  test.each([403, 404, 413, 429, 500, 502, 503])('may take later what it answers with %i', async (status) => {
    const { store } = domain(ACKNOWLEDGED, { status, text: 'no' });
    await expect(store.put(READING)).rejects.toThrow(`OpenSearch answered ${status}: no`);
  });

  test.each([
    [
      `{"error":{"reason":"failed to parse field [gps] of type [text] in document with id 'x'. Preview of field's value: '{}'"}}`,
      'failed to parse field [gps] of type [text]',
    ],
    ['{"error":"bare"}', 'no reason given'],
    ['<html>', 'no reason given'],
  ])('never takes what it answers with 400', async (text, reason) => {
    const { store } = domain(ACKNOWLEDGED, { status: 400, text });
    await expect(store.put(READING)).rejects.toEqual(new Refused(reason));
  });
});

describe('readings that waited', () => {
  const record = (messageId: string, body = JSON.stringify({ ...READING, groupid: messageId })) => ({
    messageId,
    body,
  });

  async function drained(records: ReturnType<typeof record>[], fail: (groupid: unknown) => Error | undefined) {
    const tried: unknown[] = [];
    const store: Store = {
      async put({ groupid }) {
        tried.push(groupid);
        const error = fail(groupid);
        if (error) throw error;
        return 'created';
      },
    };
    const { batchItemFailures } = await drain(records, store, () => undefined);
    return { tried, failed: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
  }

  test('are stored and leave the queue', async () => {
    expect(await drained([record('a'), record('b')], () => undefined)).toEqual({ tried: ['a', 'b'], failed: [] });
  });

  test('fail each for itself if OpenSearch refuses them, or if they are none', async () => {
    const refuse = (groupid: unknown) => (groupid === 'b' ? new Refused('no') : undefined);
    const outcome = await drained([record('a'), record('b'), record('c', 'not JSON'), record('d')], refuse);
    expect(outcome).toEqual({ tried: ['a', 'b', 'd'], failed: ['b', 'c'] });
  });

  test('stay, without being tried, behind one that finds OpenSearch away', async () => {
    const away = (groupid: unknown) => (groupid === 'b' ? new Error('away') : undefined);
    expect(await drained([record('a'), record('b'), record('c')], away)).toEqual({
      tried: ['a', 'b'],
      failed: ['b', 'c'],
    });
  });
});
