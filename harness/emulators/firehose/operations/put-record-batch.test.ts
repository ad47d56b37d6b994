import { describe, expect, test } from 'vitest';
import { checkConservation } from '../../../ledger/index.ts';
import { brookBench } from '../testing.ts';

const batch = (...sizes: number[]) => ({
  DeliveryStreamName: 'brook',
  Records: sizes.map((size, index) => ({ Data: Buffer.alloc(size, index % 256) })),
});

describe('PutRecordBatch', () => {
  test('gives each record an id, in order', async () => {
    const { call, ledger } = await brookBench();
    const answer = await call<{ FailedPutCount: number; Encrypted: boolean; RequestResponses: { RecordId: string }[] }>(
      'PutRecordBatch',
      batch(1, 2, 3),
    );
    expect(answer).toMatchObject({ FailedPutCount: 0, Encrypted: false });
    const ids = answer.RequestResponses.map(({ RecordId }) => RecordId);
    expect(ids.map((id) => id.slice(-8))).toEqual(['00000000', '00000001', '00000002']);
    expect(new Set(ids.map((id) => id.slice(0, -8))).size).toBe(1);
    expect(ledger.about(`put/brook/${ids[2]}`)).toHaveLength(1);
  });

  test('500 records are a batch, 501 and none are not', async () => {
    const { call } = await brookBench();
    await call('PutRecordBatch', batch(...new Array(500).fill(1)));
    await expect(call('PutRecordBatch', batch(...new Array(501).fill(1)))).rejects.toMatchObject({
      code: 'ValidationException',
      message:
        "1 validation error detected: Value at 'records' failed to satisfy constraint: Member must have length less than or equal to 500",
    });
    await expect(call('PutRecordBatch', batch())).rejects.toMatchObject({
      message:
        "1 validation error detected: Value at 'records' failed to satisfy constraint: Member must have length greater than or equal to 1",
    });
  });

  test('4 MiB are a batch, one byte more is not', async () => {
    const { call } = await brookBench();
    const fits = [1_000_000, 1_000_000, 1_000_000, 1_000_000, 194_304];
    await call('PutRecordBatch', batch(...fits));
    await expect(call('PutRecordBatch', batch(...fits, 1))).rejects.toMatchObject({
      code: 'InvalidArgumentException',
      message: 'Records size exceeds 4 MB limit',
      status: 400,
    });
  });

  test('every record that is too large is named, counted from 1', async () => {
    const { call } = await brookBench();
    await expect(call('PutRecordBatch', batch(1_024_001, 1, 1_024_001))).rejects.toMatchObject({
      code: 'ValidationException',
      message:
        "2 validation errors detected: Value at 'records.1.member.data' failed to satisfy constraint: Member must have length less than or equal to 1024000; " +
        "Value at 'records.3.member.data' failed to satisfy constraint: Member must have length less than or equal to 1024000",
    });
  });

  test('what is no list, no record or no name is refused before anything else', async () => {
    const { call } = await brookBench();
    await expect(call('PutRecordBatch', { DeliveryStreamName: 'brook', Records: 'one' })).rejects.toMatchObject({
      code: 'SerializationException',
      message: 'The member records must be a list.',
    });
    await expect(call('PutRecordBatch', { ...batch(1), DeliveryStreamName: 5 })).rejects.toMatchObject({
      code: 'SerializationException',
      message: 'The member deliveryStreamName must be a string.',
    });
    await expect(call('PutRecordBatch', { DeliveryStreamName: 'brook', Records: [null] })).rejects.toMatchObject({
      code: 'ValidationException',
      message:
        "1 validation error detected: Value null at 'records.1.member.data' failed to satisfy constraint: Member must not be null",
    });
  });

  test('a batch that fills the buffer is divided between two objects, and the ledger follows', async () => {
    const hints = { BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 } };
    const destination = { RoleARN: 'arn:aws:iam::000000000000:role/r', BucketARN: 'arn:aws:s3:::lake', ...hints };
    const { call, clock, objects, ledger, emulator } = await brookBench({
      ExtendedS3DestinationConfiguration: destination,
    });
    await call('PutRecordBatch', batch(600_000, 600_000, 10));
    await clock.settled();
    expect(objects.map(({ Body }) => Body.length)).toEqual([1_200_000]);
    expect(checkConservation(ledger, emulator.held?.() ?? [])).toMatchObject({ ok: true, stored: 2, held: 1 });
    await clock.advance(60_000);
    expect(objects.map(({ Body }) => Body.length)).toEqual([1_200_000, 10]);
    expect(checkConservation(ledger, emulator.held?.() ?? [])).toMatchObject({ ok: true, stored: 3, held: 0 });
  });
});
