import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Reading } from './reading.ts';
import { Refused } from './store.ts';
import { Failure, type Message, take } from './take.ts';

const WORKSHOP = JSON.parse(
  readFileSync(new URL('../../../fixtures/gas-detector/workshop.json', import.meta.url), 'utf8'),
);
const GOOD = JSON.stringify(WORKSHOP);
const HIGH = JSON.stringify({ ...WORKSHOP, no2: { ...WORKSHOP.no2, value: '88' } });
const BAD = JSON.stringify({ ...WORKSHOP, no2: undefined });
const WARNING = { warning: 'no2 warning' };
const NOW = new Date('2021-09-03T09:14:49.123Z');

const AWAY = 'failure: unavailable: OpenSearch is away; the reading is kept and will be stored when it is back';
const GONE = 'failure: unavailable: the reading could not be stored; send it again';
const UNHEARD = 'failure: unavailable: the reading is stored, but the subscribers could not be told; send it again';

const UNWARNED = 'failure: unavailable: the subscribers could not be warned; send it again';

interface Script {
  readonly store?: Error;
  readonly wait?: Error;
  /** Messages that are not taken. */
  readonly deaf?: (message: Message) => boolean;
}

/** Takes one event with parts that do as the script says, and tells everything that came of it. */
async function taken(event: unknown, { store, wait, deaf = () => false }: Script = {}) {
  const published: Message[] = [];
  const stored: Reading[] = [];
  const waiting: Reading[] = [];
  const logged: string[] = [];
  const outcome = await take(event, {
    store: {
      async put(reading) {
        if (store) throw store;
        stored.push(reading);
        return 'created';
      },
    },
    async publish(message) {
      if (deaf(message)) throw new Error('IoT is away');
      published.push(message);
    },
    async wait(reading) {
      if (wait) throw wait;
      waiting.push(reading);
    },
    now: () => NOW,
    log: (level, message) => void logged.push(`${level}: ${message}`),
  }).then(
    (answer) => ({ answer }),
    (error: unknown) => {
      expect(error).toBeInstanceOf(Failure);
      return { error: (error as Failure).message, name: (error as Failure).name };
    },
  );
  return { ...outcome, published, stored, waiting, logged };
}

test('a good reading is stored with the time, and subscribers and caller hear of success', async () => {
  expect(await taken(GOOD)).toEqual({
    answer: { msg: 'success' },
    published: [{ msg: 'success' }],
    stored: [{ ...WORKSHOP, date: '2021-09-03T09:14:49.123Z' }],
    waiting: [],
    logged: [],
  });
});

test('one that says its own date is dated anew', async () => {
  const { stored } = await taken(JSON.stringify({ date: '1999-01-01', ...WORKSHOP }));
  expect(stored).toEqual([{ ...WORKSHOP, date: NOW.toISOString() }]);
});

test('from 88 on there is a warning besides, once', async () => {
  const outcome = await taken(HIGH);
  expect(outcome).toMatchObject({ answer: { msg: 'success' }, published: [WARNING, { msg: 'success' }] });
  expect(outcome.stored).toHaveLength(1);
});

test('a bad reading is not stored, and subscribers and caller are told why', async () => {
  const text = 'failure: bad reading: no2 is missing';
  expect(await taken(BAD)).toEqual({
    error: text,
    name: 'BadReading',
    published: [{ msg: text }],
    stored: [],
    waiting: [],
    logged: ['warn: A bad reading'],
  });
});

test('one that OpenSearch refuses for good is bad, and does not wait', async () => {
  const text = 'failure: bad reading: failed to parse field [gps] of type [text]';
  expect(await taken(GOOD, { store: new Refused('failed to parse field [gps] of type [text]') })).toMatchObject({
    error: text,
    published: [{ msg: text }],
    waiting: [],
  });
});

describe('while OpenSearch is away', () => {
  const store = new Error('fetch failed', { cause: new Error('connect ECONNREFUSED') });

  test('a good reading waits, with its time; caller and subscribers are told, and a warning is a warning', async () => {
    expect(await taken(HIGH, { store })).toEqual({
      error: AWAY,
      name: 'Unavailable',
      published: [WARNING, { msg: AWAY }],
      stored: [],
      waiting: [{ ...JSON.parse(HIGH), date: NOW.toISOString() }],
      logged: ['error: A reading could not be stored'],
    });
  });

  test('and the queue with it, the caller has the reading still, and is told to send it again', async () => {
    expect(await taken(GOOD, { store, wait: new Error('SQS is away') })).toMatchObject({
      error: GONE,
      published: [{ msg: GONE }],
      waiting: [],
    });
  });
});

describe('while IoT is away', () => {
  const deaf = () => true;

  test('a reading is stored, and the caller is to send it again', async () => {
    const outcome = await taken(GOOD, { deaf });
    expect(outcome).toMatchObject({ error: UNHEARD, published: [] });
    expect(outcome.stored).toHaveLength(1);
  });

  test('a warning that is not taken makes the caller send again, also if the reading is stored, waits or is bad', async () => {
    const both = JSON.stringify({ ...JSON.parse(HIGH), co: undefined });
    for (const event of [HIGH, both]) expect(await taken(event, { deaf })).toMatchObject({ error: UNWARNED });
    const away = await taken(HIGH, { deaf, store: new Error('away') });
    expect(away).toMatchObject({ error: UNWARNED, waiting: [{ date: NOW.toISOString() }] });
    const onlyTheWarning = await taken(both, { deaf: (message) => 'warning' in message });
    expect(onlyTheWarning).toMatchObject({ error: UNWARNED, published: [{ msg: UNWARNED }] });
  });

  test('a bad reading is bad', async () => {
    expect(await taken(BAD, { deaf })).toMatchObject({ error: 'failure: bad reading: no2 is missing' });
  });

  test('and OpenSearch too, the reading waits', async () => {
    const outcome = await taken(GOOD, { deaf, store: new Error('away') });
    expect(outcome).toMatchObject({ error: AWAY, waiting: [{ date: NOW.toISOString() }] });
  });
});
