import { machine } from '../../../clock/machine.ts';
import { ask } from '../../http.ts';
import { type CallsOfService, type CheckContext, FIRST_CALL_WITHIN_MS } from '../capabilities.ts';

/** A new stream is given this long to become ACTIVE, in milliseconds. */
const ACTIVE_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 50;
const DATA = Buffer.from('{"n":1}\n').toString('base64');

/** A stream as templates describe it, records as API Gateway puts them and as Firehose and functions read them. */
export function kinesisCalls({ client, name: StreamName }: CheckContext): CallsOfService {
  const call = caller(client);
  const put: string[] = [];
  let iterator: unknown;
  let shardId: unknown;
  return {
    [Symbol.dispose]: () => undefined,
    calls: [
      {
        name: 'CreateStream',
        purpose: 'every stream of a template',
        needed: true,
        async run() {
          await call('CreateStream', { StreamName, ShardCount: 1 });
          return undefined;
        },
      },
      {
        name: 'DescribeStreamSummary',
        purpose: 'waiting for a stream',
        needed: true,
        async run() {
          const until = machine.monotonic() + ACTIVE_WITHIN_MS;
          for (;;) {
            const { StreamDescriptionSummary: stream } = await call('DescribeStreamSummary', { StreamName });
            const status = (stream as { StreamStatus?: string } | undefined)?.StreamStatus;
            if (status === 'ACTIVE') return undefined;
            if (machine.monotonic() > until) return `the stream is still ${status}`;
            await machine.sleep(LOOK_EVERY_MS);
          }
        },
      },
      {
        name: 'AddTagsToStream',
        purpose: 'tags of a stream',
        async run() {
          await call('AddTagsToStream', { StreamName, Tags: { a: 'b' } });
          return undefined;
        },
      },
      {
        name: 'IncreaseStreamRetentionPeriod',
        purpose: 'RetentionPeriodHours of a stream',
        async run() {
          await call('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 48 });
          return undefined;
        },
      },
      {
        name: 'ListShards',
        purpose: 'reading a stream',
        needed: true,
        async run() {
          const { Shards } = await call('ListShards', { StreamName });
          const [shard] = (Shards ?? []) as readonly { ShardId?: string }[];
          shardId = shard?.ShardId;
          return shardId === undefined ? 'a stream of one shard has none' : undefined;
        },
      },
      {
        name: 'PutRecord',
        purpose: 'the ingest pipeline',
        needed: true,
        async run() {
          const { SequenceNumber } = await call('PutRecord', { StreamName, PartitionKey: 'a', Data: DATA });
          put.push(String(SequenceNumber));
          return undefined;
        },
      },
      {
        name: 'PutRecords',
        purpose: 'many posts at a time',
        async run() {
          const one = { PartitionKey: 'a', Data: DATA };
          const { Records } = await call('PutRecords', { StreamName, Records: [one, one] });
          for (const { SequenceNumber } of (Records ?? []) as readonly { SequenceNumber?: string }[]) {
            put.push(String(SequenceNumber));
          }
          return isGrowing(put) ? undefined : `sequence numbers do not grow: ${put.join(', ')}`;
        },
      },
      {
        name: 'GetShardIterator',
        purpose: 'Firehose’s reading',
        needed: true,
        async run() {
          const from = { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: put[0] };
          ({ ShardIterator: iterator } = await call('GetShardIterator', { StreamName, ShardId: shardId, ...from }));
          return undefined;
        },
      },
      {
        name: 'GetRecords',
        purpose: 'Firehose’s reading',
        async run() {
          const { Records } = await call('GetRecords', { ShardIterator: iterator });
          const records = (Records ?? []) as readonly { SequenceNumber?: string; Data?: string }[];
          const numbers = records.map(({ SequenceNumber }) => SequenceNumber);
          if (numbers.join() !== put.join()) return `of ${put.length} records it gives ${numbers.length}, or others`;
          return records.every(({ Data }) => Data === DATA) ? undefined : 'the records are not those that were put';
        },
      },
      {
        name: 'DeleteStream',
        purpose: 'taking a pipeline down',
        cleanUp: true,
        async run() {
          await call('DeleteStream', { StreamName });
          return undefined;
        },
      },
    ],
  };
}

function isGrowing(numbers: readonly string[]): boolean {
  return numbers.every((number, index) => index === 0 || BigInt(number) > BigInt(numbers[index - 1] as string));
}

/** The SDK's client would speak HTTP/2, which an emulator need not. */
function caller({ endpoint, region, credentials }: CheckContext['client']) {
  const scope = `${credentials.accessKeyId}/20260101/${region}/kinesis/aws4_request`;
  return async (operation: string, input: object): Promise<Readonly<Record<string, unknown>>> => {
    const { status, body } = await ask(endpoint, {
      timeoutMs: FIRST_CALL_WITHIN_MS,
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `Kinesis_20131202.${operation}`,
      },
      body: JSON.stringify(input),
    });
    if (status !== 200) throw Object.assign(new Error(body), { name: 'HTTP', $metadata: { httpStatusCode: status } });
    return body === '' ? {} : JSON.parse(body);
  };
}
