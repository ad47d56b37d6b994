import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hourFolder } from '../../ingest/kst-day.ts';
import type { StoredObjects } from '../../ingest/stored-objects.ts';
import { type WebhookRecord, writeRecord } from '../record.ts';
import { type Counts, type DayReport, describeReport, type ReportOptions, reportDayFrom } from './index.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const START = Date.parse('2022-01-26T15:00:00Z');

/** Objects in memory, in chunks of 700 bytes. */
function objects(contents: Readonly<Record<string, string | Buffer>>): StoredObjects {
  return {
    async *keys(prefix) {
      yield* Object.keys(contents)
        .filter((key) => key.startsWith(prefix))
        .sort();
    },
    async *read(key) {
      const bytes = Buffer.from(contents[key] ?? '');
      for (let start = 0; start < bytes.length; start += 700) yield bytes.subarray(start, start + 700);
    },
  };
}

let objectNumber = 0;

/** The key that Firehose gives to an object whose oldest record arrived at `instant`. */
function keyAt(instant: number): string {
  const text = new Date(instant).toISOString().slice(0, 19).replaceAll(/[T:]/g, '-');
  const uuid = `046b6c7f-0b8a-43b9-b35d-${String(objectNumber++).padStart(12, '0')}`;
  return `rawdata/${hourFolder(instant)}webhooks-1-${text}-${uuid}`;
}

let requestNumber = 0;

function record(sender: string, at: number | string, event: Readonly<Record<string, unknown>>): WebhookRecord {
  const received_at = typeof at === 'number' ? at : Date.parse(at);
  return { sender, via: 'gateway', request_id: `r-${requestNumber++}`, received_at, event };
}

function line({ event, ...known }: WebhookRecord): string {
  return writeRecord({ ...known, event: JSON.stringify(event) });
}

/** Each record in an object of its own, which it reached so much later. */
function stored(records: readonly WebhookRecord[], delayMs = 0): Record<string, string> {
  return Object.fromEntries(records.map((given) => [keyAt(given.received_at + delayMs), line(given)]));
}

const report = (contents: Readonly<Record<string, string | Buffer>>, options: Partial<ReportOptions> = {}) =>
  reportDayFrom(objects(contents), { day: '2022-01-27', ...options });

/** `sender hour raw copies unique`, a line for each. */
function rows({ senders }: DayReport): string[] {
  return senders.flatMap(({ sender, hours }) =>
    hours.map(({ hour, raw, copies, unique }) => `${sender} ${hour} ${raw} ${copies} ${unique}`),
  );
}

describe('the report of a Korean day', () => {
  test('begins at 15:00:00.000 UTC of the day before and ends before 15:00:00.000 UTC', async () => {
    const contents = stored([
      record('shop', '2022-01-26T14:59:59.999Z', { event_id: 'before' }),
      record('shop', '2022-01-26T15:00:00.000Z', { event_id: 'first' }),
      record('shop', '2022-01-26T23:59:59.999Z', { event_id: 'last of the UTC date' }),
      record('shop', '2022-01-27T00:00:00.000Z', { event_id: 'first of the UTC date' }),
      record('shop', '2022-01-27T14:59:59.999Z', { event_id: 'last' }),
      record('shop', '2022-01-27T15:00:00.000Z', { event_id: 'after' }),
    ]);
    expect(rows(await report(contents))).toEqual(['shop 0 1 0 1', 'shop 8 1 0 1', 'shop 9 1 0 1', 'shop 23 1 0 1']);
    expect(rows(await report(contents, { day: '2022-01-26' }))).toEqual(['shop 23 1 0 1']);
    expect(rows(await report(contents, { day: '2022-01-28' }))).toEqual(['shop 0 1 0 1']);
  });

  test('counts by sender and hour, and sums up', async () => {
    const call = (call_id: string, at: string) => record('050', at, { call_id });
    const result = await report(
      stored([
        call('1', '2022-01-27T05:10:00Z'),
        call('1', '2022-01-27T05:25:00Z'),
        call('2', '2022-01-27T05:30:00Z'),
        call('2', '2022-01-27T06:00:00Z'),
        record('shop', '2022-01-27T05:10:00Z', { event_id: '1' }),
      ]),
    );
    expect(result).toEqual({
      day: '2022-01-27',
      time: 'received',
      windowHours: 24,
      latenessHours: 6,
      senders: [
        {
          sender: '050',
          hours: [
            { hour: 14, raw: 3, copies: 1, unique: 2 },
            { hour: 15, raw: 1, copies: 1, unique: 0 },
          ],
          total: { raw: 4, copies: 2, unique: 2 },
        },
        {
          sender: 'shop',
          hours: [{ hour: 14, raw: 1, copies: 0, unique: 1 }],
          total: { raw: 1, copies: 0, unique: 1 },
        },
      ],
      total: { raw: 5, copies: 2, unique: 3 },
      untimed: 0,
      read: { folders: 55, objects: 5, records: 5, outside: 0 },
      unreadable: { count: 0, examples: [] },
    });
  });

  test('takes from an object that straddles the boundary what belongs to it, packed or not', async () => {
    const both = [record('shop', START - 30_000, { event_id: '1' }), record('shop', START + 20_000, { event_id: '2' })];
    const text = both.map(line).join('');
    const key = keyAt(START - 30_000);
    for (const contents of [{ [key]: text }, { [`${key}.gz`]: gzipSync(text) }]) {
      expect(rows(await report(contents))).toEqual(['shop 0 1 0 1']);
      expect(rows(await report(contents, { day: '2022-01-26' }))).toEqual(['shop 23 1 0 1']);
    }
  });

  test('counts a copy of what was received first on the day before as a copy, and the event there', async () => {
    const contents = stored([
      record('shop', '2022-01-26T14:50:00Z', { event_id: '1' }),
      record('shop', '2022-01-26T15:05:00Z', { event_id: '1' }),
    ]);
    expect(rows(await report(contents, { day: '2022-01-26' }))).toEqual(['shop 23 1 0 1']);
    expect(rows(await report(contents))).toEqual(['shop 0 1 1 0']);
  });

  test('looks back one window to the millisecond, though the first receipt lies in an object begun before', async () => {
    const first = record('shop', START - 24 * HOUR_MS, { event_id: '1' });
    const earlier = record('shop', START - 24 * HOUR_MS - 15 * MINUTE_MS, { event_id: 'other' });
    const key = keyAt(earlier.received_at);
    const copyAt = (at: number) => ({
      [key]: line(earlier) + line(first),
      ...stored([record('shop', at, { event_id: '1' })]),
    });
    expect(rows(await report(copyAt(START)))).toEqual(['shop 0 1 1 0']);
    expect(rows(await report(copyAt(START + 1)))).toEqual(['shop 0 1 0 1']);
  });

  test('has records that reached the stream hours after their receipt, and their copies', async () => {
    const late = record('shop', '2022-01-27T14:59:00Z', { event_id: '1' });
    expect(rows(await report(stored([late, late], 5 * HOUR_MS)))).toEqual(['shop 23 2 1 1']);
    expect(rows(await report(stored([late], 2 * HOUR_MS), { latenessHours: 1 }))).toEqual([]);
  });

  test('counts a line and an object that cannot be read, names them, and reads everything else', async () => {
    const good = [1, 2, 3].map((id) => line(record('shop', START + id, { event_id: id })));
    const broken = keyAt(START);
    const foreign = 'rawdata/2022/01/26/15/notes.txt';
    const cut = `${keyAt(START + 1)}.gz`;
    const contents = {
      [broken]: `${good[0]}{"sender":"shop","event":{"a":"\n${good[1]}{"value":"30"}\n`,
      [cut]: gzipSync(good[2] ?? '').subarray(0, 12),
      [foreign]: '',
    };
    const { total, read, unreadable } = await report(contents);
    expect(total).toEqual({ raw: 2, copies: 0, unique: 2 });
    expect(read).toMatchObject({ objects: 3, records: 2 });
    const second = Buffer.byteLength(good[0] ?? '');
    const fourth = second + '{"sender":"shop","event":{"a":"\n'.length + Buffer.byteLength(good[1] ?? '');
    expect(unreadable.count).toBe(4);
    expect(unreadable.examples).toEqual(
      expect.arrayContaining([
        { key: broken, offset: second, reason: 'the line is no record of a webhook.' },
        { key: broken, offset: fourth, reason: 'the line is no record of a webhook.' },
        { key: cut, reason: 'unexpected end of file' },
        { key: foreign, reason: 'its key is not one that Firehose gives.' },
      ]),
    );
  });

  test('fails with what S3 says, however many objects are read at once', async () => {
    const denied = Object.assign(new Error('Access Denied'), { name: 'AccessDenied' });
    const contents = stored([1, 2, 3, 4].map((n) => record('shop', START + n * 1000, { event_id: n })));
    const source: StoredObjects = {
      ...objects(contents),
      // biome-ignore lint/correctness/useYield: it fails before the first byte.
      async *read() {
        throw denied;
      },
    };
    await expect(reportDayFrom(source, { day: '2022-01-27' })).rejects.toBe(denied);
  });

  test('is refused for what is no day', async () => {
    await expect(report({}, { day: '2022-02-30' })).rejects.toThrow('"2022-02-30" is not a date.');
  });
});

describe('by the events’ own time', () => {
  test('050 tells Korean time without a zone, AppsFlyer and adbrix UTC; who tells none is counted by receipt', async () => {
    const at = '2022-01-26T15:00:10Z';
    const message = { appsflyer_id: 'a', event_name: 'install' };
    const result = await report(
      stored([
        record('050', at, { call_id: '1', end_dt: '20220126235959' }),
        record('050', at, { call_id: '2', end_dt: '20220127000000' }),
        record('appsflyer', at, { ...message, event_time: '2022-01-26 14:59:59.999' }),
        record('appsflyer', at, { ...message, event_time: '2022-01-26 15:00:00.000' }),
        record('appsflyer', '2022-01-27T20:00:00Z', { ...message, event_time: '2022-01-27 14:59:59.999' }),
        record('adbrix', at, { a_key: 'a', event_datetime: '2022-01-27T05:48:25.123Z' }),
        record('adbrix', at, { a_key: 'b', event_datetime: '2022-01-27 05:48:25' }),
        record('shop', at, { event_id: '1' }),
        record('050', at, { call_id: '3', end_dt: '20220230000000' }),
      ]),
      { time: 'event' },
    );
    expect(rows(result)).toEqual([
      '050 0 2 0 2',
      'adbrix 14 2 0 2',
      'appsflyer 0 1 0 1',
      'appsflyer 23 1 0 1',
      'shop 0 1 0 1',
    ]);
    expect(result).toMatchObject({ untimed: 2, latenessHours: 24, read: { records: 9, outside: 2 } });
  });

  test('a copy counts in the hour of its event, though it came on the next day', async () => {
    const call = { call_id: '1', end_dt: '20220127235900' };
    const contents = stored([record('050', '2022-01-27T14:59:30Z', call), record('050', '2022-01-27T15:14:30Z', call)]);
    expect(rows(await report(contents, { time: 'event' }))).toEqual(['050 23 2 1 1']);
    expect(rows(await report(contents, { time: 'event', day: '2022-01-28' }))).toEqual([]);
    expect(rows(await report(contents))).toEqual(['050 23 1 0 1']);
    expect(rows(await report(contents, { day: '2022-01-28' }))).toEqual(['050 0 1 1 0']);
  });

  test('the window is of receipts: what is received again after it is another event, though it tells the same time', async () => {
    const call = { call_id: '1', end_dt: '20220127120000' };
    const contents = stored([record('050', '2022-01-27T03:10:00Z', call), record('050', '2022-01-28T09:10:00Z', call)]);
    const options = { time: 'event', windowHours: 24, latenessHours: 48 } as const;
    expect(rows(await report(contents, options))).toEqual(['050 12 2 0 2']);
    expect(rows(await report(contents, { ...options, windowHours: 30 }))).toEqual(['050 12 2 1 1']);
  });
});

/** The days of the reports below, and when they begin and end. */
const DAYS = ['2022-01-26', '2022-01-27', '2022-01-28'] as const;
const DAY_MS = 24 * HOUR_MS;
const BEGIN = START - DAY_MS;

/** Receipts in three days around month's end, most of them near a boundary; each event up to five times. */
const receipts = fc.array(
  fc.record({
    sender: fc.constantFrom('050', 'shop'),
    id: fc.nat(4),
    at: fc.oneof(
      fc.nat(3 * DAY_MS - 1),
      fc.tuple(fc.constantFrom(1, 2), fc.integer({ min: -2000, max: 2000 })).map(([day, ms]) => day * DAY_MS + ms),
      fc.nat(3 * 24 - 1).map((hour) => hour * HOUR_MS),
    ),
    /** How long the object had been open when the record came into it. */
    openFor: fc.nat(15 * MINUTE_MS),
  }),
  { maxLength: 40 },
);

type Given = { sender: string; id: number; at: number; openFor: number };

/** Counted from the receipts alone, by the definition. */
function oracle(given: readonly Given[], day: number, windowMs: number): string[] {
  const counts = new Map<string, Counts>();
  for (const [n, { sender, id, at }] of given.entries()) {
    if (Math.floor(at / DAY_MS) !== day) continue;
    const isCopy = given.some(
      (other, m) =>
        other.sender === sender &&
        other.id === id &&
        (other.at < at || (other.at === at && m < n)) &&
        at - other.at <= windowMs,
    );
    const key = `${sender} ${String(Math.floor((at % DAY_MS) / HOUR_MS)).padStart(2, '0')}`;
    const { raw, copies } = counts.get(key) ?? { raw: 0, copies: 0 };
    const now = { raw: raw + 1, copies: copies + Number(isCopy) };
    counts.set(key, { ...now, unique: now.raw - now.copies });
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { raw, copies, unique }]) => {
      const [sender, hour] = key.split(' ');
      return `${sender} ${Number(hour)} ${raw} ${copies} ${unique}`;
    });
}

type Reporter = (contents: Record<string, string>, options: ReportOptions) => Promise<DayReport>;

function check(reporter: Reporter): Promise<void> {
  return fc.assert(
    fc.asyncProperty(receipts, fc.integer({ min: 1, max: 26 }), async (given, windowHours) => {
      const contents: Record<string, string> = {};
      for (const { sender, id, at, openFor } of given) {
        const event = sender === '050' ? { call_id: `c-${id}` } : { n: id };
        contents[keyAt(BEGIN + at - openFor)] = line(record(sender, BEGIN + at, event));
      }
      for (const [index, day] of DAYS.entries()) {
        const options = { day, windowHours };
        expect(rows(await reporter(contents, options)), day).toEqual(oracle(given, index, windowHours * HOUR_MS));
      }
    }),
    { seed: 20220127, numRuns: 150 },
  );
}

describe('for any receipts of three days', () => {
  test('the reports are what the definition says, and so their events add up', async () => {
    await check((contents, options) => reportDayFrom(objects(contents), options));
  });

  test('a report that does not look back is caught by the same check', async () => {
    const shortSighted: Reporter = (contents, options) => {
      const { start } = { start: BEGIN + DAYS.indexOf(options.day as (typeof DAYS)[number]) * DAY_MS };
      const own = Object.entries(contents).filter(([, text]) => JSON.parse(text).received_at >= start);
      return reportDayFrom(objects(Object.fromEntries(own)), options);
    };
    const utcDay: Reporter = (contents, options) => {
      const shifted = Object.entries(contents).map(([key, text]) => {
        const { event, ...known } = JSON.parse(text) as WebhookRecord;
        return [key, line({ ...known, event, received_at: known.received_at - 9 * HOUR_MS })];
      });
      return reportDayFrom(objects(Object.fromEntries(shifted)), options);
    };
    await expect(check(shortSighted)).rejects.toThrow('Property failed');
    await expect(check(utcDay)).rejects.toThrow('Property failed');
  });
});

test('the report is the same whatever time zone the machine is in', () => {
  const script = `
    const { eventTime } = await import(${JSON.stringify(fileURLToPath(new URL('event-time.ts', import.meta.url)))});
    const times = [
      eventTime({ sender: '050', event: { end_dt: '20210314023000' } }),
      eventTime({ sender: 'appsflyer', event: { event_time: '2021-03-14 02:30:00.000' } }),
    ];
    console.log(new Date(0).getHours(), JSON.stringify(times.map((time) => new Date(time).toISOString())));`;
  const run = (TZ: string) =>
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      env: { ...process.env, TZ },
      encoding: 'utf8',
    });
  const times = '["2021-03-13T17:30:00.000Z","2021-03-14T02:30:00.000Z"]\n';
  expect(['Asia/Seoul', 'UTC', 'America/New_York'].map(run)).toEqual([`9 ${times}`, `0 ${times}`, `19 ${times}`]);
});

describe('describeReport', () => {
  test('has a row for each sender and hour, and the sums', async () => {
    const contents = stored([
      record('050', '2022-01-27T05:10:00Z', { call_id: '1' }),
      record('050', '2022-01-27T05:25:00Z', { call_id: '1' }),
      record('050', '2022-01-27T06:00:00Z', { call_id: '2' }),
      record('appsflyer', '2022-01-26T15:00:00Z', { n: 1 }),
    ]);
    expect(describeReport(await report(contents)).split('\n')).toEqual([
      'Webhooks of 2022-01-27 in Korea (2022-01-26T15:00Z to 2022-01-27T15:00Z), by time of receipt',
      '',
      'sender     hour   raw  copies  unique',
      '050        14:00    2       1       1',
      '           15:00    1       0       1',
      '           all      3       1       2',
      'appsflyer  00:00    1       0       1',
      '           all      1       0       1',
      'all                 4       1       3',
      '',
      'Copies: received again at most 24 h later. Read: 4 records in 4 objects of 55 hour folders, 0 not of the day.',
    ]);
  });

  test('says of a day without webhooks that there are none, and what could not be read', async () => {
    const key = keyAt(START);
    const contents = { [key]: 'x\n'.repeat(22) };
    const lines = describeReport(await report(contents, { time: 'event' })).split('\n');
    expect(lines.slice(0, 5)).toEqual([
      'Webhooks of 2022-01-27 in Korea (2022-01-26T15:00Z to 2022-01-27T15:00Z), by the events’ own time',
      'There are none.',
      'Copies: received again at most 24 h later. Read: 0 records in 1 object of 73 hour folders, 0 not of the day.',
      'WARNING: 22 could not be read, and are not counted:',
      `  ${key}, byte 0: the line is no record of a webhook.`,
    ]);
    expect(lines.at(-1)).toBe('  … and 2 more');
  });

  test('says how many records told no time', async () => {
    const text = describeReport(await report(stored([record('shop', START, { event_id: '1' })]), { time: 'event' }));
    expect(text.split('\n').at(-1)).toBe('1 record without a time that can be read: counted by time of receipt.');
  });
});
