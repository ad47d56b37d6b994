import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { Receipt } from './stream.ts';

/** Remembers which signed messages were seen, and what became of them. */
export interface Seen {
  /**
   * Notes that work on a message begins, unless it has been noted before. Resolves with the receipt of earlier work
   * that was done; with undefined where none was, or where nobody knows how it ended.
   */
  begin(message: string): Promise<Receipt | undefined>;
  /** Notes that the work is done. */
  done(message: string, receipt: Receipt): Promise<void>;
}

const LIMITS = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
};

/** Below this an object stands for each message; the bucket removes them after a day. */
export const SEEN_PREFIX = 'seen/';

const ALREADY_THERE = 412;
/** Another request with the same key is just being answered. */
const CONFLICT = 409;

export function seenInBucket(bucket: string): Seen {
  const s3 = new S3Client(LIMITS);
  const at = (message: string) => ({ Bucket: bucket, Key: `${SEEN_PREFIX}${message}` });
  return {
    async begin(message) {
      try {
        await s3.send(new PutObjectCommand({ ...at(message), Body: '{}', IfNoneMatch: '*' }));
        return undefined;
      } catch (error) {
        const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
        if (status === CONFLICT) return undefined;
        if (status !== ALREADY_THERE) throw error;
        return readReceipt(s3, at(message));
      }
    },
    async done(message, receipt) {
      await s3.send(new PutObjectCommand({ ...at(message), Body: JSON.stringify(receipt) }));
    },
  };
}

async function readReceipt(s3: S3Client, place: { Bucket: string; Key: string }): Promise<Receipt | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand(place));
    const receipt = JSON.parse((await Body?.transformToString()) ?? '{}') as Partial<Receipt>;
    return receipt.SequenceNumber === undefined ? undefined : (receipt as Receipt);
  } catch (error) {
    // Its day was just over.
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
