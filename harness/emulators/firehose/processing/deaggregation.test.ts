import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkConservation, LedgerStore, trace } from '../../../ledger/index.ts';
import { namesOf } from '../runs.ts';
import { splitDelimited, splitJsonObjects } from './deaggregation.ts';
import { entriesOf } from './parts.ts';
import type { Processed } from './processing.ts';
import { batchOf, processingBench, processor, QUERY, textsOf } from './testing.ts';

const JSON_OBJECTS = processor('RecordDeAggregation', { SubRecordType: 'JSON' });
const texts = (parts: readonly Uint8Array[] | undefined) => parts?.map((part) => Buffer.from(part).toString());

describe('JSON', () => {
  test.each([
    ['{"a":1}{"a":2}', ['{"a":1}', '{"a":2}']],
    ['{"a":1}\n{"a":2}\r\n', ['{"a":1}', '{"a":2}']],
    [' {"a":"}{"}\t{"b":"\\"}{\\\\"}', ['{"a":"}{"}', '{"b":"\\"}{\\\\"}']],
    ['{"a":{"b":{}}}', ['{"a":{"b":{}}}']],
    ['', []],
  ])('%j is taken apart', (record, parts) => {
    expect(texts(splitJsonObjects(Buffer.from(record)))).toEqual(parts);
  });

  test.each([
    '[{"a":1},{"a":2}]',
    '{"a":1},{"a":2}',
    '{"a":1}{"b":',
    'text',
    '{"a":1}2',
    '}',
  ])('%j is not', (record) => {
    expect(splitJsonObjects(Buffer.from(record))).toBeUndefined();
  });

  test('whatever objects a record is made of come out of it', () => {
    const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue()).map((object) => JSON.stringify(object)));
    const between = fc.constantFrom('', '\n', ' \r\n\t');
    fc.assert(
      fc.property(objects, between, (given, gap) => {
        expect(texts(splitJsonObjects(Buffer.from(given.join(gap))))).toEqual(given);
      }),
    );
  });
});

test('a delimiter of several bytes parts records, and leaves no empty ones', () => {
  const parts = splitDelimited(Buffer.from('a####b##c####'), Buffer.from('####'));
  expect(texts(parts)).toEqual(['a', 'b##c']);
});

describe('a delivery stream', () => {
  const query = QUERY('{k: .k}');

  test('partitions each part by itself, in order, with the delimiter given in base64', async () => {
    const delimited = processor('RecordDeAggregation', { SubRecordType: 'DELIMITED', Delimiter: 'IyMjIw==' });
    const bench = await processingBench([query, delimited], { dynamicPartitioning: true });
    const { runs } = await bench.process(batchOf({ data: ['{"k":"a"}####{"k":"b"}####{"k":"b"}', '{"k":"c"}'] }));
    expect(runs.map((run) => [run.partitionKeys?.fromQuery.k, ...textsOf([run])])).toEqual([
      ['a', '{"k":"a"}'],
      ['b', '{"k":"b"}', '{"k":"b"}'],
      ['c', '{"k":"c"}'],
    ]);
  });

  test('passes a record of more than 500 on whole, which then is no JSON', async () => {
    const bench = await processingBench([JSON_OBJECTS, query], { dynamicPartitioning: true });
    const objects = (count: number) => '{"k":"a"}'.repeat(count);
    const { runs, failed } = await bench.process(batchOf({ data: [objects(500), objects(501)] }));
    expect(textsOf(runs)).toHaveLength(500);
    expect(failed).toMatchObject([{ errorMessage: 'Non JSON record provided', type: 'metadata-extraction-failed' }]);
    expect(Buffer.from(failed[0]?.data ?? []).toString()).toBe(objects(501));
  });
});

describe('in the ledger', () => {
  const WHERE = 'firehose/brook';
  const data = ['{"k":"a"}{"k":"b"}{"k":7}{"n":1}', '{"k":"c"}'];

  /** Accepts a put of two records, the first of four parts, the last of which has no key. */
  async function told(tell: (ledger: LedgerStore, processed: Required<Processed>) => void) {
    const ledger = new LedgerStore(':memory:', () => 0);
    const bench = await processingBench([JSON_OBJECTS, QUERY('{k: .k}')], { dynamicPartitioning: true });
    const batch = batchOf({ data });
    ledger.append({ where: WHERE, what: 'accepted', ids: namesOf(batch.runs) });
    const processed = await bench.process(batch);
    for (const entry of entriesOf(processed.takenApart)) ledger.append({ where: WHERE, ...entry });
    tell(ledger, processed);
    return ledger;
  }

  /** Stores each partition in an object of its own, but for the skipped ones, and backs up what failed. */
  const deliver =
    (skipped: number) =>
    (ledger: LedgerStore, { runs, failed }: Required<Processed>) => {
      runs.forEach((run, n) => {
        if (n === skipped) return;
        ledger.append({ where: WHERE, what: 'stored', ids: namesOf([run]), into: [`object/lake/${n}`] });
      });
      for (const { name } of failed) {
        ledger.append({ where: WHERE, what: 'backed-up', ids: [name], into: ['object/lake/failed'] });
      }
    };

  test('each part has a fate of its own, and the whole is done with', async () => {
    const ledger = await told(deliver(-1));
    expect(checkConservation(ledger, [])).toMatchObject({
      ok: true,
      accepted: 6,
      stored: 4,
      backedUp: 1,
      consumed: 1,
      duplicates: 0,
    });
  });

  test('a part that is nowhere is missing, though its neighbours have arrived', async () => {
    const ledger = await told(deliver(1));
    const report = checkConservation(ledger, []);
    expect(report).toMatchObject({ ok: false, missing: 1, stored: 3 });
    expect(report.examples.missing).toEqual(['part/brook/000000000-[1..1]']);
  });

  test('parts under the name of the whole would hide that loss, and look like copies', () => {
    const ledger = new LedgerStore(':memory:', () => 0);
    const ids = ['record/brook/1'];
    ledger.append({ where: WHERE, what: 'accepted', ids });
    ledger.append({ where: WHERE, what: 'stored', ids, into: ['object/lake/0'] });
    ledger.append({ where: WHERE, what: 'stored', ids, into: ['object/lake/2'] });
    expect(checkConservation(ledger, [])).toMatchObject({ ok: true, missing: 0, duplicates: 1 });
  });

  test('the journey of a part begins with the whole', async () => {
    const ledger = await told(deliver(-1));
    const steps = trace(ledger, 'part/brook/000000000-00000001')?.steps.map(({ what }) => what);
    expect(steps).toEqual(['accepted', 'accepted', 'consumed', 'stored']);
  });
});
