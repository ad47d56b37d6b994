import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { FailedObject } from './replay.ts';

/**
 * The folder of failed documents: as AWS writes it, as its page on delivery failures spells it, and as it was called
 * before 2021.
 */
const FOLDERS = /(?:AmazonOpenSearchService[-_]failed|elasticsearch[-_]failed)\//;

export interface FailedObjectsOptions {
  readonly s3: S3Client;
  readonly bucket: string;
  /** What the keys begin with: `failed_`, or one hour, `failed_AmazonOpenSearchService-failed/2020/05/18/05/`. */
  readonly prefix: string;
}

/** Every object of failed documents, oldest key first, packed with GZIP or not. */
export async function* failedObjects({ s3, bucket, prefix }: FailedObjectsOptions): AsyncGenerator<FailedObject> {
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key } of page.Contents ?? []) {
      if (Key === undefined || !FOLDERS.test(Key)) continue;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
      yield { name: `s3://${bucket}/${Key}`, text: unpacked(bytes).toString('utf8') };
    }
  }
}

function unpacked(bytes: Buffer): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}
