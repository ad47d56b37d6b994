import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';

/** Where Firehose's objects are read from. */
export interface StoredObjects {
  /** The keys that begin with `prefix`, in the order of their bytes. */
  keys(prefix: string): AsyncIterable<string>;
  /** An object's bytes as they are stored. */
  read(key: string): AsyncIterable<Uint8Array>;
}

export function objectsInS3(s3: S3Client, bucket: string): StoredObjects {
  return {
    async *keys(prefix) {
      for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
      }
    },
    async *read(key) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      // In Node the SDK hands out a stream of Node's.
      if (Body !== undefined) yield* Body as Readable;
    },
  };
}

/** The bytes unpacked where they begin as GZIP does (RFC 1952: 1f 8b), else as they are. */
export async function* unpacked(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head = new Uint8Array();
  while (head.length < 2) {
    const { value, done } = await iterator.next();
    if (done === true) break;
    head = Buffer.concat([head, value]);
  }
  const all = (async function* () {
    yield head;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  })();
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* all;
    return;
  }
  const gunzip = createGunzip();
  const packed = pipeline(Readable.from(all), gunzip);
  // Its failure also ends the reading below, which reports it.
  packed.catch(() => {});
  yield* gunzip;
  await packed;
}

/** `rawdata/2022/01/27/05/ingest-delivery-1-2022-01-27-05-48-25-<36 characters>` and perhaps `.gz`. */
const KEY = /^(.*-(\d{4}-\d{2}-\d{2})-(\d{2})-(\d{2})-(\d{2}))-[0-9a-f-]{36}(?:\.[^/]*)?$/;

/** What the key that Firehose gave to an object says. */
export interface ObjectKey {
  /** The key but for what Firehose drew by lot: equal for an object that it delivered twice. */
  readonly stem: string;
  /** Ms since the epoch: to the second, when the object's oldest record arrived. */
  readonly time: number;
}

export function parseObjectKey(key: string): ObjectKey | undefined {
  const [, stem, date, hour, minute, second] = KEY.exec(key) ?? [];
  const time = Date.parse(`${date}T${hour}:${minute}:${second}Z`);
  return stem === undefined || Number.isNaN(time) ? undefined : { stem, time };
}
