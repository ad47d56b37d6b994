import { expect, test } from 'vitest';
import { BROOK, firehoseBench, testCall } from '../testing.ts';

test('lists ten names in alphabetical order unless told otherwise, and says when there are more', async () => {
  const { call } = await firehoseBench();
  const names = Array.from({ length: 12 }, (_, index) => `brook-${String(index).padStart(2, '0')}`);
  for (const name of names.toReversed()) await call('CreateDeliveryStream', { ...BROOK, DeliveryStreamName: name });
  expect(await call('ListDeliveryStreams', {})).toEqual({
    DeliveryStreamNames: names.slice(0, 10),
    HasMoreDeliveryStreams: true,
  });
  expect(await call('ListDeliveryStreams', { ExclusiveStartDeliveryStreamName: 'brook-09' })).toEqual({
    DeliveryStreamNames: ['brook-10', 'brook-11'],
    HasMoreDeliveryStreams: false,
  });
  expect(await call('ListDeliveryStreams', { Limit: 1, DeliveryStreamType: 'DirectPut' })).toEqual({
    DeliveryStreamNames: ['brook-00'],
    HasMoreDeliveryStreams: true,
  });
  expect(await call('ListDeliveryStreams', { DeliveryStreamType: 'KinesisStreamAsSource' })).toEqual({
    DeliveryStreamNames: [],
    HasMoreDeliveryStreams: false,
  });
  expect(await call('ListDeliveryStreams', {}, testCall({ region: 'eu-west-1' }))).toMatchObject({
    DeliveryStreamNames: [],
  });
});

test('a limit beyond 1 to 10,000 is a violation', async () => {
  const { call } = await firehoseBench();
  await expect(call('ListDeliveryStreams', { Limit: 0 })).rejects.toMatchObject({
    code: 'ValidationException',
    message:
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
  });
});
