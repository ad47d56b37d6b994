import {
  InvalidArgumentException,
  KinesisServiceException,
  ProvisionedThroughputExceededException,
  ResourceNotFoundException,
} from '@aws-sdk/client-kinesis';
import { expect, test } from 'vitest';
import { refuse } from './stream.ts';

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
