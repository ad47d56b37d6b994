import { describe, expect, test } from 'vitest';
import { checkConservation, ids } from '../../../ledger/index.ts';
import { brookBench, firehoseBench, S3, START } from '../testing.ts';

const put = (data: string | Uint8Array, name = 'brook') => ({
  DeliveryStreamName: name,
  Record: { Data: typeof data === 'string' ? Buffer.from(data) : data },
});

describe('PutRecord', () => {
  test('the record is in S3 after the interval, with no delimiter, under the hour of its arrival', async () => {
    const { call, clock, objects, counted } = await brookBench();
    await call('PutRecord', put('{"a":1}'));
    await clock.advance(60_000);
    await call('PutRecord', put('{"a":2}'));
    await clock.advance(239_999);
    expect(objects).toEqual([]);
    await clock.advance(1);
    expect(objects.map(({ Bucket, Body }) => [Bucket, Body.toString()])).toEqual([['lake', '{"a":1}{"a":2}']]);
    expect(objects[0]?.Key).toMatch(/^2022\/01\/27\/05\/brook-1-2022-01-27-05-48-25-[0-9a-f-]{36}$/);
    expect(Object.fromEntries(counted)).toEqual({
      // Shown once in each of two minutes.
      RecordsPerSecondLimit: 2 * 500_000,
      PutRequestsPerSecondLimit: 2 * 2000,
      BytesPerSecondLimit: 2 * 5 * 1024 * 1024,
      'PutRecord.Requests': 2,
      'PutRecord.Bytes': 14,
      'PutRecord.Latency': 0,
      IncomingPutRequests: 2,
      IncomingRecords: 2,
      IncomingBytes: 14,
      'DeliveryToS3.Success': 1,
      'DeliveryToS3.Records': 2,
      'DeliveryToS3.Bytes': 14,
      'DeliveryToS3.DataFreshness': 300,
    });
  });

  test('the RecordId is the last part of the record’s name in the ledger', async () => {
    const { call, clock, ledger, objects, emulator } = await brookBench();
    const { RecordId, Encrypted } = await call<{ RecordId: string; Encrypted: boolean }>('PutRecord', put('a'));
    expect(RecordId).toMatch(/^[A-Za-z0-9+]{48}00000000$/);
    expect(Encrypted).toBe(false);
    const name = `put/brook/${RecordId}`;
    expect(ledger.about(name).map(({ what, where }) => [what, where])).toEqual([['accepted', 'firehose/brook']]);
    expect(checkConservation(ledger, emulator.held?.() ?? [])).toMatchObject({ ok: true, accepted: 1, held: 1 });
    await clock.advance(300_000);
    const [accepted, stored] = ledger.about(name);
    expect(stored).toMatchObject({
      what: 'stored',
      where: 'firehose/brook',
      t: START + 300_000,
      into: [ids.object('lake', objects[0]?.Key ?? '')],
      cause: accepted?.n,
      detail: { records: 1, bytes: 1 },
    });
    expect(checkConservation(ledger, emulator.held?.() ?? [])).toMatchObject({ ok: true, accepted: 1, stored: 1 });
  });

  test('an interval of 0 delivers a second later', async () => {
    const hints = { BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 0 } };
    const { call, clock, objects } = await brookBench({ ExtendedS3DestinationConfiguration: { ...S3, ...hints } });
    await call('PutRecord', put('a'));
    await clock.advance(999);
    expect(objects).toEqual([]);
    await clock.advance(1);
    expect(objects).toHaveLength(1);
  });

  test('1,024,000 bytes are a record, one more is too many', async () => {
    const { call } = await brookBench();
    await call('PutRecord', put(new Uint8Array(1_024_000)));
    await expect(call('PutRecord', put(new Uint8Array(1_024_001)))).rejects.toMatchObject({
      code: 'ValidationException',
      message:
        "1 validation error detected: Value at 'record.data' failed to satisfy constraint: Member must have length less than or equal to 1024000",
    });
  });

  test('a record must be given, with data', async () => {
    const { call } = await brookBench();
    await expect(call('PutRecord', { DeliveryStreamName: 'brook' })).rejects.toMatchObject({
      message:
        "1 validation error detected: Value null at 'record' failed to satisfy constraint: Member must not be null",
    });
    await expect(call('PutRecord', { DeliveryStreamName: 'brook', Record: {} })).rejects.toMatchObject({
      message:
        "1 validation error detected: Value null at 'record.data' failed to satisfy constraint: Member must not be null",
    });
  });

  test('a stream that is not there, or not yet ACTIVE, is not found', async () => {
    const { call } = await firehoseBench();
    const notFound = {
      code: 'ResourceNotFoundException',
      message: 'Firehose brook under account 000000000000 not found.',
    };
    await expect(call('PutRecord', put('a'))).rejects.toMatchObject(notFound);
  });
});

describe('memory is bounded', () => {
  test('when S3 takes nothing, puts are answered with Slow down. until it does', async () => {
    let away = true;
    const { call, clock, objects, ledger, emulator } = await brookBench({}, () => {
      if (away) throw new Error('S3 is away');
    });
    const record = { Data: new Uint8Array(1_000_000) };
    const batch = { DeliveryStreamName: 'brook', Records: [record, record, record, record] };
    for (let count = 0; count < 67; count++) await call('PutRecordBatch', batch);
    const answer = await call<{ FailedPutCount: number; RequestResponses: object[] }>('PutRecordBatch', batch);
    expect(answer.FailedPutCount).toBe(4);
    expect(answer.RequestResponses).toEqual(
      new Array(4).fill({ ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' }),
    );
    await expect(call('PutRecord', { DeliveryStreamName: 'brook', Record: record })).rejects.toMatchObject({
      code: 'ServiceUnavailableException',
      message: 'Slow down.',
      status: 503,
    });
    away = false;
    await clock.advance(301_000);
    expect(objects.reduce((sum, { Body }) => sum + Body.length, 0)).toBe(268_000_000);
    expect(checkConservation(ledger, emulator.held?.() ?? [])).toMatchObject({ ok: true, accepted: 268, stored: 268 });
    await call('PutRecord', { DeliveryStreamName: 'brook', Record: record });
  });
});
