import { expect, test } from 'vitest';
import { checkConservation } from '../../../ledger/index.ts';
import { BROOK, type FirehoseBench, firehoseBench, testCall } from '../testing.ts';

const NAME = { DeliveryStreamName: 'brook' };
/** Its streams take 1 MiB, 1,000 requests and 100,000 records a second. */
const SEOUL = testCall({ region: 'ap-northeast-2' });
const REFUSED = { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' };

interface BatchAnswer {
  readonly FailedPutCount: number;
  readonly RequestResponses: readonly { readonly RecordId?: string }[];
}

async function seoulBench(throttling: 'on' | 'off' = 'on'): Promise<FirehoseBench> {
  const bench = await firehoseBench(undefined, { throttling });
  await bench.call('CreateDeliveryStream', BROOK, SEOUL);
  await bench.clock.settled();
  return bench;
}

const putBatch = ({ call }: FirehoseBench, ...sizes: number[]) =>
  call<BatchAnswer>('PutRecordBatch', { ...NAME, Records: sizes.map((size) => ({ Data: Buffer.alloc(size) })) }, SEOUL);

test('of a batch beyond the quota some records are refused, each in its place, and may be sent again', async () => {
  const bench = await seoulBench();
  const { FailedPutCount, RequestResponses } = await putBatch(bench, 600_000, 600_000, 400_000, 100_000);
  expect(FailedPutCount).toBe(2);
  const accepted = { RecordId: expect.any(String) };
  expect(RequestResponses).toEqual([accepted, REFUSED, accepted, REFUSED]);
  const { ledger, emulator, counted } = bench;
  const name = `put/brook/${RequestResponses[2]?.RecordId}`;
  expect(ledger.about(name)).toHaveLength(1);
  expect(checkConservation(ledger, emulator.held?.() ?? [])).toMatchObject({ ok: true, accepted: 2, held: 2 });
  expect(Object.fromEntries(counted)).toEqual({
    RecordsPerSecondLimit: 100_000,
    PutRequestsPerSecondLimit: 1000,
    BytesPerSecondLimit: 1_048_576,
    'PutRecordBatch.Requests': 1,
    'PutRecordBatch.Latency': 0,
    'PutRecordBatch.Records': 2,
    'PutRecordBatch.Bytes': 1_000_000,
    ThrottledRecords: 2,
    IncomingPutRequests: 1,
    IncomingRecords: 2,
    IncomingBytes: 1_000_000,
  });
  await bench.clock.advance(1000);
  expect(await putBatch(bench, 600_000, 100_000)).toMatchObject({ FailedPutCount: 0 });
});

test('a PutRecord beyond the quota is answered with 503 Slow down., and leaves no trace', async () => {
  const bench = await seoulBench();
  const put = (size: number) => bench.call('PutRecord', { ...NAME, Record: { Data: Buffer.alloc(size) } }, SEOUL);
  await put(1_000_000);
  await expect(put(100_000)).rejects.toMatchObject({
    code: 'ServiceUnavailableException',
    message: 'Slow down.',
    status: 503,
  });
  expect(bench.counted.get('ThrottledRecords')).toBe(1);
  expect(bench.counted.get('PutRecord.Requests')).toBe(2);
  expect(bench.counted.get('IncomingPutRequests')).toBe(1);
  expect(bench.ledger.ofKind('accepted')).toHaveLength(1);
  await bench.clock.advance(1000);
  await put(100_000);
});

test('the 1,001st request of a second is refused whole', async () => {
  const bench = await seoulBench();
  for (let count = 0; count < 1000; count++) expect(await putBatch(bench, 1)).toMatchObject({ FailedPutCount: 0 });
  expect(await putBatch(bench, 1, 1)).toMatchObject({ FailedPutCount: 2, RequestResponses: [REFUSED, REFUSED] });
});

test('without throttling there is no quota', async () => {
  const bench = await seoulBench('off');
  for (let count = 0; count < 5; count++) {
    expect(await putBatch(bench, 1_000_000, 1_000_000, 1_000_000)).toMatchObject({ FailedPutCount: 0 });
  }
  expect(bench.counted.has('ThrottledRecords')).toBe(false);
});

test('the limits are shown once a minute', async () => {
  const bench = await seoulBench('off');
  await putBatch(bench, 1);
  await putBatch(bench, 1);
  expect(bench.counted.get('PutRequestsPerSecondLimit')).toBe(1000);
  await bench.clock.advance(60_000);
  await putBatch(bench, 1);
  expect(bench.counted.get('PutRequestsPerSecondLimit')).toBe(2000);
});
