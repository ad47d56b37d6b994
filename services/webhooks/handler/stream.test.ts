import {
  InvalidArgumentException,
  KinesisClient,
  KinesisServiceException,
  ProvisionedThroughputExceededException,
  type PutRecordCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-kinesis';
import { describe, expect, test, vi } from 'vitest';
import { kinesisStream, refuse } from './stream.ts';

const told = (status: number) => ({ message: 'm', $metadata: { httpStatusCode: status } });
const validation = { ...told(400), name: 'ValidationException', $fault: 'client' } as const;
const failure = { ...told(500), name: 'InternalFailure', $fault: 'server' } as const;

test.each([
  ['a full shard', new ProvisionedThroughputExceededException(told(400)), 429, 'Too Many Requests'],
  ['a record that is too large', new KinesisServiceException(validation), 400, 'The event must have at most 1 MiB.'],
  ['the same in older words', new InvalidArgumentException(told(400)), 400, 'The event must have at most 1 MiB.'],
  ['a stream that is not there', new ResourceNotFoundException(told(400)), 500, 'Internal server error'],
  ['a failure of Kinesis', new KinesisServiceException(failure), 503, 'Service Unavailable'],
  ['no answer', Object.assign(new Error('timed out'), { name: 'TimeoutError' }), 503, 'Service Unavailable'],
])('%s is answered with what the sender can do about it', (_what, error, status, message) => {
  expect(() => refuse(error)).toThrow(expect.objectContaining({ status, message, cause: error }));
});

describe('a record', () => {
  const RECORD = { sender: 'shop', via: 'lambda', request_id: 'r-1', received_at: 1, event: '{"a":1}' } as const;

  /** What Kinesis is told to put. */
  async function commandOf(key?: string) {
    const receipt = { SequenceNumber: '1', ShardId: 'shardId-000000000000' };
    const send = vi.spyOn(KinesisClient.prototype, 'send').mockImplementation(async () => receipt as never);
    try {
      expect(await kinesisStream('stream')(RECORD, key)).toEqual(receipt);
      return (send.mock.calls[0]?.[0] as PutRecordCommand).input;
    } finally {
      send.mockRestore();
    }
  }

  test('goes to the shard of the key that is given', async () => {
    expect(await commandOf('x-1')).toMatchObject({ StreamName: 'stream', PartitionKey: 'x-1' });
  });

  test('goes to any shard without one, whatever its sender says', async () => {
    const keys = [await commandOf(), await commandOf(), await commandOf()].map(({ PartitionKey }) => PartitionKey);
    expect(new Set(keys).size).toBe(3);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f-]{36}$/);
  });
});
