import {
  CreateStreamCommand,
  DeleteStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
  ResourceInUseException,
  waitUntilStreamExists,
  waitUntilStreamNotExists,
} from '@aws-sdk/client-kinesis';

const WAIT_S = 30;

/** Kinesis streams of a story's own. */
export interface Streams {
  /** Makes a stream of one shard, in the place of one that an earlier story left; resolves once it can be written to. */
  create(name: string): Promise<void>;
  /** All records as text, by sequence number. */
  read(name: string): Promise<Map<string, string>>;
}

export function createStreams(kinesis: KinesisClient): Streams {
  const wait = { client: kinesis, maxWaitTime: WAIT_S, minDelay: 1, maxDelay: 1 };

  async function create(StreamName: string): Promise<void> {
    try {
      await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    } catch (error) {
      if (!(error instanceof ResourceInUseException)) throw error;
      await kinesis.send(new DeleteStreamCommand({ StreamName }));
      await waitUntilStreamNotExists(wait, { StreamName });
      await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    }
    await waitUntilStreamExists(wait, { StreamName });
  }

  async function read(StreamName: string): Promise<Map<string, string>> {
    const records = new Map<string, string>();
    const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
    for (const { ShardId } of Shards) {
      let { ShardIterator } = await kinesis.send(
        new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
      );
      while (ShardIterator !== undefined) {
        const page = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
        for (const { SequenceNumber = '', Data = [] } of page.Records ?? []) {
          records.set(SequenceNumber, Buffer.from(Data).toString('utf8'));
        }
        ShardIterator = page.MillisBehindLatest === 0 ? undefined : page.NextShardIterator;
      }
    }
    return records;
  }

  return { create, read };
}
