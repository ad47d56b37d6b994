import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { batchOf, FUNCTION_ARN, processingBench, processor, textsOf } from './testing.ts';

const DECOMPRESSION = processor('Decompression', { CompressionFormat: 'GZIP' });
const EXTRACTION = processor('CloudWatchLogProcessing', { DataMessageExtraction: 'true' });

const envelope = {
  messageType: 'DATA_MESSAGE',
  owner: '111111111111',
  logGroup: 'CloudTrail',
  logStream: 'trail',
  subscriptionFilters: ['Destination'],
  logEvents: [
    { id: '1', timestamp: 1, message: '물' },
    { id: '2', timestamp: 2, message: '' },
    { id: '3', timestamp: 3, message: '{"a":1}' },
  ],
};
const DATA = gzipSync(JSON.stringify(envelope));
const CONTROL = gzipSync(JSON.stringify({ ...envelope, messageType: 'CONTROL_MESSAGE' }));

test('what CloudWatch Logs compressed is decompressed', async () => {
  const { runs } = await (await processingBench([DECOMPRESSION])).process(batchOf({ data: [DATA] }));
  expect(textsOf(runs)).toEqual([JSON.stringify(envelope)]);
});

test('messages are taken out of their envelope, whatever the order of the processors', async () => {
  const bench = await processingBench([EXTRACTION, DECOMPRESSION]);
  const { runs } = await bench.process(batchOf({ data: [DATA, CONTROL] }));
  expect(textsOf(runs)).toEqual(['물\n\n{"a":1}\n', '']);
});

test('a record that cannot be decompressed is kept as it came, and its neighbours go on', async () => {
  const broken = [
    Buffer.from('plain'),
    DATA.subarray(0, 40),
    gzipSync('no JSON'),
    gzipSync('{"a":1}'),
    gzipSync('null'),
  ];
  const bench = await processingBench([DECOMPRESSION, EXTRACTION], { now: 5000 });
  const { runs, failed } = await bench.process(batchOf({ data: [DATA, ...broken, DATA] }));
  expect(textsOf(runs)).toHaveLength(2);
  expect(failed.map(({ data }) => Buffer.from(data))).toEqual(broken);
  for (const record of failed) {
    expect(record).toMatchObject({
      type: 'decompression-failed',
      errorCode: 'Decompression failed.',
      attemptsMade: 1,
      attemptEndingTimestamp: 5000,
    });
  }
  expect(bench.errors.length).toBeGreaterThan(0);
});

test('what fails after decompression is kept compressed', async () => {
  const { answeringAws } = await import('../testing.ts');
  const aws = answeringAws((_, input) => {
    const { records } = JSON.parse(String(input.Payload)) as { records: { recordId: string; data: string }[] };
    expect(records.map(({ data }) => Buffer.from(data, 'base64').toString())).toEqual([JSON.stringify(envelope)]);
    return { Payload: Buffer.from(JSON.stringify({ records: [] })) };
  });
  const bench = await processingBench([DECOMPRESSION, processor('Lambda', { LambdaArn: FUNCTION_ARN })], { aws });
  const { failed } = await bench.process(batchOf({ data: [DATA] }));
  expect(failed.map(({ data }) => Buffer.from(data))).toEqual([DATA]);
});
