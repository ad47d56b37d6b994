import { expect, test } from 'vitest';
import { DatabaseUnavailable } from '../database.ts';
import type { EventMessage } from '../event.ts';
import { consume } from './consume.ts';
import type { SqsRecord } from './sqs-event.ts';

function record(id: string, changes: Record<string, unknown> = {}): SqsRecord {
  const event_datetime = '2022-01-27T05:48:25.123456Z';
  const body = { event_id: id, event: 'purchase', user_id: 'u', event_datetime, parameters: null, ...changes };
  return { messageId: `m-${id}`, body: JSON.stringify(body), attributes: { ApproximateReceiveCount: '2' } };
}

/** A table whose inserts go as `script` says: the events of each are kept, an error that it gives is thrown. */
function scripted(script: (ids: readonly string[]) => Error | undefined) {
  const inserts: string[][] = [];
  return {
    inserts,
    async insert(events: readonly EventMessage[]) {
      const ids = events.map(({ event_id }) => event_id);
      inserts.push(ids);
      const error = script(ids);
      if (error !== undefined) throw error;
      return ids.length;
    },
  };
}

function logBook() {
  const lines: [level: string, message: string, fields: unknown][] = [];
  return {
    lines,
    log: (level: string, message: string, fields: unknown) => void lines.push([level, message, fields]),
  };
}

const failures = (...ids: string[]) => ({ batchItemFailures: ids.map((id) => ({ itemIdentifier: `m-${id}` })) });
const allGood = () => undefined;

test('a good batch is one statement, in the order of the ids, and nothing is left in the queue', async () => {
  const table = scripted(allGood);
  const { log, lines } = logBook();
  expect(await consume([record('b'), record('c'), record('a')], table, log)).toEqual(failures());
  expect(table.inserts).toEqual([['a', 'b', 'c']]);
  expect(lines).toEqual([['info', 'A batch was worked on', { messages: 3, newRows: 3, failed: 0 }]]);
});

test.each([
  ['is no JSON', { ...record('x'), body: '{"event_id":' }, /^the message is not JSON: /],
  ['has a field too few', record('x', { user_id: undefined }), /^user_id is missing$/],
  ['has a field too many', record('x', { colour: 'red' }), /^colour is not a known field$/],
  ['has an id that no column holds', record('x', { event: 'x'.repeat(256) }), /^event must have at most 255/],
  ['has a time that does not exist', record('x', { event_datetime: '2022-02-30T00:00:00Z' }), /must be a time that/],
])('a message that %s fails alone, before the database hears of it', async (_what, poison, reason) => {
  const table = scripted(allGood);
  const { log, lines } = logBook();
  expect(await consume([record('a'), poison, record('b')], table, log)).toEqual({
    batchItemFailures: [{ itemIdentifier: poison.messageId }],
  });
  expect(table.inserts).toEqual([['a', 'b']]);
  const fields = { messageId: poison.messageId, receives: '2', reason: expect.stringMatching(reason) };
  expect(lines[0]).toEqual(['error', 'A message failed', fields]);
});

test('a batch of nothing but poison leaves the database alone', async () => {
  const table = scripted(allGood);
  const { log } = logBook();
  expect(await consume([{ messageId: 'm-1', body: '' }], table, log)).toEqual(failures('1'));
  expect(table.inserts).toEqual([]);
});

test('when the database refuses a batch, each of its messages is tried alone, and fails for itself', async () => {
  const table = scripted((ids) => (ids.includes('b') ? new Error('Data too long for column') : undefined));
  const { log, lines } = logBook();
  expect(await consume([record('a'), record('b'), record('c')], table, log)).toEqual(failures('b'));
  expect(table.inserts).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']]);
  expect(lines).toEqual([
    ['error', 'A message failed', { messageId: 'm-b', receives: '2', reason: 'Data too long for column' }],
    ['info', 'A batch was worked on', { messages: 3, newRows: 2, failed: 1 }],
  ]);
});

test('with the database away the whole batch fails as an error, poison or not', async () => {
  const table = scripted(() => new DatabaseUnavailable('The database cannot be reached: ECONNREFUSED'));
  const { log } = logBook();
  const consuming = consume([record('a'), { messageId: 'm-2', body: '' }], table, log);
  await expect(consuming).rejects.toThrow('The database cannot be reached: ECONNREFUSED');
});

test('when the database goes away between two messages, those that are written are not tried again', async () => {
  const table = scripted((ids) => {
    if (ids.length > 1) return new Error('Data too long for column');
    return ids[0] === 'a' ? undefined : new DatabaseUnavailable('The database cannot be reached: ECONNRESET');
  });
  const { log, lines } = logBook();
  expect(await consume([record('a'), record('b'), record('c')], table, log)).toEqual(failures('b', 'c'));
  expect(table.inserts).toEqual([['a', 'b', 'c'], ['a'], ['b']]);
  expect(lines.filter(([level]) => level === 'error')).toHaveLength(2);
});
