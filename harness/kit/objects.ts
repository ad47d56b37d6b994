import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';

/** The keys that begin with `prefix`, sorted. */
export async function keysBelow(s3: S3Client, bucket: string, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key } of Contents) if (Key !== undefined) keys.push(Key);
  }
  return keys.sort();
}

/** An object's bytes. */
export async function objectAt(s3: S3Client, bucket: string, key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

/** What stands on the lines of all objects below a prefix, as JSON, in the order of their keys. */
export async function jsonLinesBelow<T>(s3: S3Client, bucket: string, prefix: string): Promise<T[]> {
  const values: T[] = [];
  for (const key of await keysBelow(s3, bucket, prefix)) {
    const lines = (await objectAt(s3, bucket, key)).toString().split('\n');
    for (const line of lines) if (line !== '') values.push(JSON.parse(line));
  }
  return values;
}
