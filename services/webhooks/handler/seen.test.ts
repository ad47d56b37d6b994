import { type GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, type MockInstance, test, vi } from 'vitest';
import { seenInBucket } from './seen.ts';

const RECEIPT = { SequenceNumber: '1', ShardId: 'shardId-000000000000' };
const PLACE = { Bucket: 'bucket', Key: 'seen/message' };

let send: MockInstance<(command: PutObjectCommand | GetObjectCommand) => Promise<unknown>>;

beforeEach(() => {
  send = vi.spyOn(S3Client.prototype, 'send') as unknown as typeof send;
});

afterEach(() => send.mockRestore());

const refusal = (httpStatusCode: number) =>
  new S3ServiceException({ name: 'Refused', $fault: 'client', $metadata: { httpStatusCode } });

/** S3 refuses to put a second object with the key, and has `body` in the first. */
const alreadyThere = (body: string) =>
  send.mockImplementation(async (command) => {
    if (command instanceof PutObjectCommand) throw refusal(412);
    return { Body: { transformToString: async () => body } };
  });

test('a message that is new is noted, unless somebody has noted it', async () => {
  send.mockResolvedValue({});
  expect(await seenInBucket('bucket').begin('message')).toBeUndefined();
  expect(send.mock.calls.map(([{ input }]) => input)).toEqual([{ ...PLACE, Body: '{}', IfNoneMatch: '*' }]);
});

test('of one that was written there is the receipt', async () => {
  alreadyThere(JSON.stringify(RECEIPT));
  expect(await seenInBucket('bucket').begin('message')).toEqual(RECEIPT);
  expect(send.mock.calls.map(([{ input }]) => input)).toEqual([expect.objectContaining(PLACE), PLACE]);
});

test('of one whose writing did not end there is none', async () => {
  alreadyThere('{}');
  expect(await seenInBucket('bucket').begin('message')).toBeUndefined();
});

test('of one that is just being noted by another there is none, and it is written', async () => {
  send.mockRejectedValue(refusal(409));
  expect(await seenInBucket('bucket').begin('message')).toBeUndefined();
});

test('of one that was removed in between there is none', async () => {
  send.mockImplementation(async (command) => {
    throw command instanceof PutObjectCommand ? refusal(412) : new NoSuchKey({ message: 'm', $metadata: {} });
  });
  expect(await seenInBucket('bucket').begin('message')).toBeUndefined();
});

test.each([
  [refusal(503)],
  [refusal(403)],
  [new Error('no answer')],
])('nobody guesses when S3 says %s', async (error) => {
  send.mockRejectedValue(error);
  await expect(seenInBucket('bucket').begin('message')).rejects.toBe(error);
});

test('the receipt is put in place of the note', async () => {
  send.mockResolvedValue({});
  await seenInBucket('bucket').done('message', RECEIPT);
  expect(send.mock.calls.map(([{ input }]) => input)).toEqual([{ ...PLACE, Body: JSON.stringify(RECEIPT) }]);
});
