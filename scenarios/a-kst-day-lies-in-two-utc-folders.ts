import { anotherBench, describe, expect, type Ingest, type StoryClock, scenario } from '../harness/kit/index.ts';
import { readKstDay, readUtcDate } from '../services/ingest/read-kst-day.ts';

/** Posts one record at each instant, which the record tells as an app does, and waits until all are in S3. */
async function postAt(instants: readonly string[], ingest: Ingest, clock: StoryClock): Promise<void> {
  for (const createdtime of instants) {
    await clock.set(createdtime);
    const answer = await ingest.post(JSON.stringify({ value: '30', createdtime }));
    expect(answer.status).toBe(200);
  }
  await clock.advance('5m');
}

/** The folders of S3, without the names that Firehose draws by lot. */
function foldersOf(keys: readonly string[]): string[] {
  return [...new Set(keys.map((key) => key.slice(0, key.lastIndexOf('/'))))];
}

function times(records: readonly { readonly value: unknown }[]): string[] {
  return records.map((record) => (record.value as { createdtime: string }).createdtime).sort();
}

const DAY_BEFORE_ENDS = '2022-01-26T14:59:59.999Z';
const DAY_BEGINS = '2022-01-26T15:00:00.000Z';
const BEFORE_UTC_MIDNIGHT = '2022-01-26T23:59:59.999Z';
const AFTER_UTC_MIDNIGHT = '2022-01-27T00:00:00.000Z';
const NOON = '2022-01-27T03:00:00.000Z';
const DAY_ENDS = '2022-01-27T14:59:59.999Z';
const NEXT_DAY_BEGINS = '2022-01-27T15:00:00.000Z';

scenario(
  '27 January in Seoul lies in two UTC folders, and a reader of one of them misses data',
  async ({ aws, clock, ingest, tell }) => {
    await tell.step('Records arrive on both sides of each boundary: midnight in Seoul, and midnight UTC at nine');
    const all = [DAY_BEFORE_ENDS, DAY_BEGINS, BEFORE_UTC_MIDNIGHT, AFTER_UTC_MIDNIGHT, NOON, DAY_ENDS, NEXT_DAY_BEGINS];
    await postAt(all, ingest, clock);
    const ofTheDay = [DAY_BEGINS, BEFORE_UTC_MIDNIGHT, AFTER_UTC_MIDNIGHT, NOON, DAY_ENDS];

    await tell.step(
      'An object lies in the folder of its oldest record, though it holds records of the next hour and day',
    );
    expect(foldersOf(await ingest.keys())).toEqual([
      'rawdata/2022/01/26/14',
      'rawdata/2022/01/26/23',
      'rawdata/2022/01/27/03',
      'rawdata/2022/01/27/14',
    ]);

    await tell.step('Who opens the folder of 27 January UTC gets another day than the one in Seoul');
    const source = { s3: aws.s3, bucket: ingest.bucket };
    const naive = times(await readUtcDate({ ...source, date: '2022-01-27' }));
    const missed = ofTheDay.filter((time) => !naive.includes(time));
    const foreign = naive.filter((time) => !ofTheDay.includes(time));
    tell.figure('records of the day in Seoul', ofTheDay.length);
    tell.figure('missed by the reader of one UTC date', missed.length);
    tell.figure('of another day, read all the same', foreign.length);
    expect(missed).toEqual([DAY_BEGINS, BEFORE_UTC_MIDNIGHT, AFTER_UTC_MIDNIGHT]);
    expect(foreign).toEqual([NEXT_DAY_BEGINS]);

    await tell.step('readKstDay opens 25 hour folders and returns each record of the day once');
    const { records, counts } = await readKstDay({ ...source, day: '2022-01-27' });
    expect(counts.folders).toBe(25);
    expect(times(records)).toEqual(ofTheDay);
    const neighbours = await Promise.all(
      ['2022-01-26', '2022-01-28'].map(async (day) => times((await readKstDay({ ...source, day })).records)),
    );
    expect(neighbours).toEqual([[DAY_BEFORE_ENDS], [NEXT_DAY_BEGINS]]);
  },
);

describe('a KST day at the end of something', () => {
  for (const { what, day, begins, ends, folders } of [
    {
      what: 'a month',
      day: '2022-02-01',
      begins: '2022-01-31T15:00:00.000Z',
      ends: '2022-02-01T14:59:59.999Z',
      folders: ['rawdata/2022/01/31/15', 'rawdata/2022/02/01/14'],
    },
    {
      what: 'a year',
      day: '2022-01-01',
      begins: '2021-12-31T15:00:00.000Z',
      ends: '2022-01-01T14:59:59.999Z',
      folders: ['rawdata/2021/12/31/15', 'rawdata/2022/01/01/14'],
    },
    {
      what: 'February of a leap year',
      day: '2024-02-29',
      begins: '2024-02-28T15:00:00.000Z',
      ends: '2024-02-29T14:59:59.999Z',
      folders: ['rawdata/2024/02/28/15', 'rawdata/2024/02/29/14'],
    },
  ]) {
    scenario(`${what}: ${day} is read whole, and nothing else with it`, async ({ aws, clock, ingest, tell }) => {
      await tell.step(`The first and the last record of ${day} in Seoul`);
      await postAt([begins, ends], ingest, clock);
      expect(foldersOf(await ingest.keys())).toEqual(folders);
      const { records } = await readKstDay({ s3: aws.s3, bucket: ingest.bucket, day });
      expect(times(records)).toEqual([begins, ends]);
    });
  }
});

scenario('the time zone of the machine makes no difference', async ({ testbench, tell }) => {
  const results = [];
  for (const TZ of ['Asia/Seoul', 'UTC', 'America/New_York']) {
    await tell.step(`A bench on a machine in ${TZ}`);
    await using other = await anotherBench(testbench, { TZ });
    await postAt(
      [DAY_BEFORE_ENDS, DAY_BEGINS, AFTER_UTC_MIDNIGHT, DAY_ENDS, NEXT_DAY_BEGINS],
      other.ingest,
      other.clock,
    );
    const { records } = await readKstDay({ s3: other.aws.s3, bucket: other.ingest.bucket, day: '2022-01-27' });
    const keys = await other.ingest.keys();
    results.push({ times: times(records), keys: keys.map((key) => key.replace(/[0-9a-f-]{36}$/, '<lot>')) });
    expect(await other.bench.check()).toMatchObject({ ok: true, accepted: 5, stored: 5 });
  }
  const [seoul, utc, newYork] = results;
  expect(seoul?.times).toEqual([DAY_BEGINS, AFTER_UTC_MIDNIGHT, DAY_ENDS]);
  expect(utc).toEqual(seoul);
  expect(newYork).toEqual(seoul);
});
