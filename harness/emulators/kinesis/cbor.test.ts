import { cbor, tag } from '@smithy/core/cbor';
import { expect, test } from 'vitest';
import { kinesisBench, NOON, SHARD } from './testing.ts';

/** As the AWS SDKs for Java speak with Kinesis: the JSON protocol's members, in CBOR. */
async function brook() {
  const bench = await kinesisBench();
  await bench.make('brook');
  const call = async (operation: string, input: object) => {
    const answer = await fetch(bench.url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-cbor-1.1',
        'X-Amz-Target': `Kinesis_20131202.${operation}`,
        Authorization: 'AWS4-HMAC-SHA256 Credential=test/20220127/ap-northeast-2/kinesis/aws4_request, Signature=0',
      },
      body: Buffer.from(cbor.serialize(input)),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    return {
      status: answer.status,
      type: answer.headers.get('content-type'),
      body: bytes.length === 0 ? undefined : cbor.deserialize(bytes),
    };
  };
  return { ...bench, call };
}

test('records are put and read in CBOR: bytes as bytes, instants in milliseconds', async () => {
  const { call, clock } = await brook();
  await clock.advance(1234);
  const put = await call('PutRecord', { StreamName: 'brook', PartitionKey: '물', Data: Buffer.from([0, 255, 1]) });
  expect(put).toEqual({
    status: 200,
    type: 'application/x-amz-cbor-1.1',
    body: { ShardId: SHARD, SequenceNumber: expect.stringMatching(/^\d{56}$/) },
  });
  const at = { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: tag({ tag: 1, value: NOON + 1234 }) };
  const iterator = await call('GetShardIterator', { StreamName: 'brook', ShardId: SHARD, ...at });
  const found = await call('GetRecords', { ShardIterator: iterator.body.ShardIterator });
  expect(found.body).toEqual({
    NextShardIterator: expect.any(String),
    MillisBehindLatest: 0,
    Records: [
      {
        SequenceNumber: put.body.SequenceNumber,
        PartitionKey: '물',
        Data: Buffer.from([0, 255, 1]),
        ApproximateArrivalTimestamp: tag({ tag: 1, value: NOON + 1234 }),
      },
    ],
  });
});

test('errors come in CBOR, too', async () => {
  const { call } = await brook();
  expect(await call('DescribeStream', { StreamName: 'gone' })).toEqual({
    status: 400,
    type: 'application/x-amz-cbor-1.1',
    body: {
      __type: 'ResourceNotFoundException',
      message: 'Stream gone under account 000000000000 not found.',
    },
  });
});

test('an operation without an output answers without a body', async () => {
  const { call } = await brook();
  expect(await call('AddTagsToStream', { StreamName: 'brook', Tags: { a: 'b' } })).toMatchObject({
    status: 200,
    body: undefined,
  });
  expect((await call('ListTagsForStream', { StreamName: 'brook' })).body.Tags).toEqual([{ Key: 'a', Value: 'b' }]);
});

test('what is not of its type is refused, and the member named', async () => {
  const { call } = await brook();
  const put = await call('PutRecord', { StreamName: 'brook', PartitionKey: 'key', Data: 'text' });
  expect(put).toMatchObject({ status: 400, body: { message: 'The member Data must be a byte string.' } });
  const puts = await call('PutRecords', { StreamName: 'brook', Records: [{ PartitionKey: 5 }] });
  expect(puts).toMatchObject({
    status: 400,
    body: { message: 'The member Records[0].PartitionKey must be a string.' },
  });
});

test('what is no CBOR is refused, and what naetmul does not have is refused by name', async () => {
  const { call, url } = await brook();
  const wrong = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-amz-cbor-1.1', 'X-Amz-Target': 'Kinesis_20131202.ListStreams' },
    body: '{}',
  });
  expect([wrong.status, cbor.deserialize(Buffer.from(await wrong.arrayBuffer())).__type]).toEqual([
    400,
    'SerializationException',
  ]);
  expect((await call('SubscribeToShard', {})).body).toEqual({
    __type: 'UnknownOperationException',
    message: 'naetmul does not support SubscribeToShard of kinesis.',
  });
});
