import {
  DescribeStreamConsumerCommand,
  GetRecordsCommand,
  GetResourcePolicyCommand,
  KinesisClient,
  ListStreamConsumersCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SubscribeToShardCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { expect, onTestFinished, test } from 'vitest';
import { MIB } from './limits.ts';
import { arnOf, clientOf, kinesisBench, REGION, refusal, SHARD } from './testing.ts';

const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

/** With the handler that the SDK has by default, and with that of HTTP/1.1. */
function clients(endpoint: string): readonly [KinesisClient, KinesisClient] {
  const configuration = { endpoint, region: REGION, credentials: CREDENTIALS };
  const both = [
    new KinesisClient(configuration),
    new KinesisClient({ ...configuration, requestHandler: new NodeHttpHandler() }),
  ] as const;
  onTestFinished(() => {
    for (const client of both) client.destroy();
  });
  return both;
}

test('the SDK’s client works as it is, over HTTP/2, and over HTTP/1.1', async () => {
  const bench = await kinesisBench();
  await bench.make('brook');
  const both = clients(bench.url);
  const protocols = both.map(({ config }) => config.requestHandler.metadata?.handlerProtocol);
  expect(protocols).toEqual(['h2', 'http/1.1']);
  const Records = Array.from({ length: 9 }, (_, n) => ({ Data: Buffer.alloc(MIB, n), PartitionKey: String(n) }));
  for (const client of both) {
    const { FailedRecordCount } = await client.send(new PutRecordsCommand({ StreamName: 'brook', Records }));
    expect(FailedRecordCount).toBe(0);
    const ShardIterator = await bench.iterator('brook');
    const { Records: read = [] } = await client.send(new GetRecordsCommand({ ShardIterator, Limit: 9 }));
    expect(read.map(({ Data }) => Buffer.from(Data ?? []).equals(Buffer.alloc(MIB, Data?.[0])))).toEqual(
      Array(9).fill(true),
    );
    expect(read.map(({ Data }) => Data?.[0])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  }
});

test('hundreds of calls at once on one connection of HTTP/2 are each answered', async () => {
  const bench = await kinesisBench();
  await bench.make('brook');
  const puts = Array.from({ length: 300 }, (_, n) => bench.put('brook', String(n)));
  const numbers = await Promise.all(puts);
  const found = await bench.readAll('brook');
  expect(found.map(({ sequenceNumber }) => sequenceNumber)).toEqual(numbers.toSorted());
  expect(new Set(found.map(({ data }) => data)).size).toBe(300);
});

test.each([
  ['RegisterStreamConsumer', new RegisterStreamConsumerCommand({ StreamARN: arnOf('brook'), ConsumerName: 'fast' })],
  ['ListStreamConsumers', new ListStreamConsumersCommand({ StreamARN: arnOf('brook') })],
  ['DescribeStreamConsumer', new DescribeStreamConsumerCommand({ StreamARN: arnOf('brook'), ConsumerName: 'fast' })],
  [
    'SubscribeToShard',
    new SubscribeToShardCommand({
      ConsumerARN: `${arnOf('brook')}/consumer/fast:1643284105`,
      ShardId: SHARD,
      StartingPosition: { Type: 'LATEST' },
    }),
  ],
  ['GetResourcePolicy', new GetResourcePolicyCommand({ ResourceARN: arnOf('brook') })],
])('%s is refused by name', async (operation, command) => {
  const bench = await kinesisBench();
  const client = clientOf(bench.url);
  onTestFinished(() => client.destroy());
  // biome-ignore lint/suspicious/noExplicitAny: commands of any operation.
  expect(await refusal(client.send(command as any))).toContain(operation);
});
