import { expect, test } from 'vitest';
import { checkConservation } from '../../../ledger/index.ts';
import { BROOK, brookBench, firehoseBench } from '../testing.ts';

const NAME = { DeliveryStreamName: 'brook' };

test('what is held is delivered first, through retries, and only then the stream is gone', async () => {
  let away = true;
  const { call, clock, objects, ledger, emulator } = await brookBench({}, () => {
    if (away) throw new Error('S3 is away');
  });
  await call('PutRecord', { ...NAME, Record: { Data: Buffer.from('a') } });
  expect(await call('DeleteDeliveryStream', NAME)).toEqual({});
  await clock.advance(500);
  expect(await call('DescribeDeliveryStream', NAME)).toMatchObject({
    DeliveryStreamDescription: { DeliveryStreamStatus: 'DELETING' },
  });
  await expect(call('CreateDeliveryStream', BROOK)).rejects.toMatchObject({ code: 'ResourceInUseException' });
  await expect(call('PutRecord', { ...NAME, Record: { Data: Buffer.from('b') } })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
  });
  away = false;
  await clock.advance(500);
  expect(objects.map(({ Body }) => Body.toString())).toEqual(['a']);
  await expect(call('DescribeDeliveryStream', NAME)).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  expect(checkConservation(ledger, emulator.held?.() ?? [])).toMatchObject({ ok: true, stored: 1 });
});

test('a stream that is not there', async () => {
  const { call } = await firehoseBench();
  await expect(call('DeleteDeliveryStream', NAME)).rejects.toMatchObject({
    message: 'Firehose brook under account 000000000000 not found.',
  });
});
