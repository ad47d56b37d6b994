import { describe, expect, test } from 'vitest';
import { parseInstant } from '../../../clock/index.ts';
import { queryAll } from './jq.ts';
import { batchOf, processingBench, processor, QUERY, textsOf } from './testing.ts';

const partitioned = (query: string, now = 0) => processingBench([QUERY(query)], { dynamicPartitioning: true, now });

const CLICK = {
  type: { device: 'mobile', event: 'user_clicked_submit_button' },
  customer_id: '1234567890',
  event_timestamp: 1565382027,
  region: 'sample_region',
};

test("the developer guide's queries find its partition keys", async () => {
  const bench = await partitioned(
    '{customer_id: .customer_id, device: .type.device, year: .event_timestamp|strftime("%Y"), hour: .event_timestamp|strftime("%H")}',
  );
  const { runs } = await bench.process(batchOf({ data: [JSON.stringify(CLICK)] }));
  expect(runs[0]?.partitionKeys).toEqual({
    fromQuery: { customer_id: '1234567890', device: 'mobile', year: '2019', hour: '20' },
    fromLambda: {},
  });
});

test('records that share their keys stay together, in order, and keep their bytes', async () => {
  const bench = await partitioned('{k: .k}');
  const data = ['{"k":"a", "n":1}', ' {"k":"a"}\n', '{"k":"b"}', '{\n"k":"a"}'];
  const { runs } = await bench.process(batchOf({ data }));
  expect(runs.map((run) => [run.partitionKeys?.fromQuery.k, ...textsOf([run])])).toEqual([
    ['a', data[0], data[1]],
    ['b', data[2]],
    ['a', data[3]],
  ]);
  expect(runs.map(({ ids }) => ids)).toMatchObject([
    { from: 0, to: 2 },
    { from: 2, to: 3 },
    { from: 3, to: 4 },
  ]);
});

test('numbers and truth values become texts as they are written', async () => {
  const bench = await partitioned('{n: .n, b: .b, o: .o}');
  const { runs } = await bench.process(batchOf({ data: ['{"n":12345678901234567890,"b":false,"o":{"a":[1]}}'] }));
  expect(runs[0]?.partitionKeys?.fromQuery).toEqual({ n: '12345678901234567890', b: 'false', o: '{"a":[1]}' });
});

describe('a record fails alone', () => {
  test.each([
    ['no JSON', 'Non JSON record provided'],
    ['{"k":"a"}{"k":"b"}', 'Non JSON record provided'],
    ['{"k":null}', 'partitionKeys values must not be null or empty'],
    ['{"k":""}', 'partitionKeys values must not be null or empty'],
    ['{}', 'partitionKeys values must not be null or empty'],
    ['7', 'Cannot index number with string "k"'],
  ])('as %j does', async (record, errorMessage) => {
    const bench = await partitioned('{k: .k}', 5000);
    const { runs, failed } = await bench.process(batchOf({ data: ['{"k":"a"}', record, '{"k":"b"}'] }));
    expect(textsOf(runs)).toEqual(['{"k":"a"}', '{"k":"b"}']);
    expect(failed).toMatchObject([
      {
        type: 'metadata-extraction-failed',
        errorCode: 'DynamicPartitioning.MetadataExtractionFailed',
        errorMessage,
        attemptsMade: 1,
        attemptEndingTimestamp: 5000,
      },
    ]);
    expect(Buffer.from(failed[0]?.data ?? []).toString()).toBe(record);
    expect(bench.errors).toEqual([`DynamicPartitioning.MetadataExtractionFailed: ${errorMessage}`]);
  });

  test('where only jq finds the record too deep', async () => {
    const deep = `${'['.repeat(10_001)}${']'.repeat(10_001)}`;
    const answers = await queryAll('{k: "a"}', ['{}', deep, '{}'], 0);
    expect(answers).toEqual([
      { value: { k: 'a' } },
      { error: expect.stringContaining('Exceeds depth limit') },
      { value: { k: 'a' } },
    ]);
  });
});

test.each([
  '{k: .k',
  '.k',
  'empty',
  '{}',
  '{k: .k, n: input.k}',
  'error("no")',
])('the query %j fails every record, and reads no other one', async (query) => {
  const bench = await partitioned(query);
  const { runs, failed } = await bench.process(batchOf({ data: ['{"k":"a"}', '{"k":"b"}', '{"k":"c"}', '{"k":"d"}'] }));
  expect([runs, failed.length]).toEqual([[], 4]);
  expect(failed[0]?.errorCode).toBe('DynamicPartitioning.MetadataExtractionFailed');
});

test('a query may end with a comment, define functions, and asks the clock for the time', async () => {
  const bench = await partitioned(
    'def day: strftime("%Y-%m-%d"); {today: (now | day)} # by day',
    parseInstant('2022-01-27T05:48:25Z'),
  );
  const { runs } = await bench.process(batchOf({ data: ['{}'] }));
  expect(runs[0]?.partitionKeys?.fromQuery).toEqual({ today: '2022-01-27' });
});

test('a record ends with the delimiter after its keys were found', async () => {
  const bench = await processingBench([processor('AppendDelimiterToRecord'), QUERY('{k: .k}')], {
    dynamicPartitioning: true,
  });
  const { runs } = await bench.process(batchOf({ data: ['{"k":"a"}', '{"k":"a"}'] }));
  expect([textsOf(runs), runs[0]?.bytes]).toEqual([['{"k":"a"}\n', '{"k":"a"}\n'], 20]);
});

test.each([
  ['\\n', 'a\n'],
  ['\\t|\\\\n', 'a\t|\\n'],
  ['---', 'a---'],
])('the delimiter %j is given as AWS gives it', async (Delimiter, expected) => {
  const bench = await processingBench([processor('AppendDelimiterToRecord', { Delimiter })]);
  expect(textsOf((await bench.process(batchOf({ data: ['a'] }))).runs)).toEqual([expected]);
});
