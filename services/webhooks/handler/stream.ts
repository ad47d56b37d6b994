import { randomUUID } from 'node:crypto';
import { KinesisClient, KinesisServiceException, PutRecordCommand } from '@aws-sdk/client-kinesis';
import type { WebhookRecord } from '../record.ts';
import { writeRecord } from '../record.ts';
import { Refusal, tooLarge } from './refusal.ts';

/** A record whose event is still JSON as text. */
export type Written = Omit<WebhookRecord, 'event'> & { readonly event: string };

/** The proof that Kinesis has a record. */
export interface Receipt {
  readonly SequenceNumber: string;
  readonly ShardId: string;
}

/**
 * Writes a record.
 * @param key one of its own for every request, which spreads the records evenly over the shards. It must not be the
 *   sender's to choose: who gives all the same fills one shard up. Default: a random one.
 * @throws Refusal with the status for the sender, as the mapping templates answer
 */
export type Put = (record: Written, key?: string) => Promise<Receipt>;

/** How long Kinesis is waited for, in ms. With one more try a put ends within 6 s; the functions have 10. */
const LIMITS = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
};

export function kinesisStream(streamName: string): Put {
  const kinesis = new KinesisClient(LIMITS);
  return async (record, key = randomUUID()) => {
    const command = new PutRecordCommand({
      StreamName: streamName,
      Data: Buffer.from(writeRecord(record)),
      PartitionKey: key,
    });
    const { SequenceNumber = '', ShardId = '' } = await kinesis.send(command).catch(refuse);
    return { SequenceNumber, ShardId };
  };
}

/** Full shards and an absent Kinesis are worth another try, a record that Kinesis does not take is not. */
export function refuse(error: unknown): never {
  const { name = '', status = 500 } =
    error instanceof KinesisServiceException ? { name: error.name, status: error.$metadata.httpStatusCode } : {};
  if (name.includes('ProvisionedThroughputExceeded')) throw new Refusal(429, 'Too Many Requests', { cause: error });
  if (name === 'ValidationException' || name === 'InvalidArgumentException') {
    throw tooLarge({ cause: error });
  }
  if (status < 500) throw new Refusal(500, 'Internal server error', { cause: error });
  throw new Refusal(503, 'Service Unavailable', { cause: error });
}
