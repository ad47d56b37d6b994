import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { CallsOfService, CheckContext } from '../capabilities.ts';

const KEYS = ['rawdata/2022/01/26/15/a b', 'rawdata/2022/01/27/00/b', 'failed_/c'] as const;
const BODY = Buffer.from([0, 1, 255, 10, 13]);

/** Buckets as templates describe them, objects as Firehose writes and readers list them. */
export function s3Calls({ client, name: Bucket }: CheckContext): CallsOfService {
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body: BODY, ContentEncoding: 'gzip' }));
  const nobodyElse = {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  };
  return {
    [Symbol.dispose]: () => s3.destroy(),
    calls: [
      {
        name: 'CreateBucket',
        purpose: 'every bucket of a template',
        needed: true,
        async run() {
          const LocationConstraint = 'ap-northeast-2';
          await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }));
          return undefined;
        },
      },
      {
        name: 'HeadBucket',
        purpose: 'deploying again',
        async run() {
          await s3.send(new HeadBucketCommand({ Bucket }));
          return undefined;
        },
      },
      {
        name: 'PutPublicAccessBlock',
        purpose: 'buckets that nobody else may read',
        async run() {
          await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: nobodyElse }));
          return undefined;
        },
      },
      {
        name: 'PutBucketLifecycleConfiguration',
        purpose: 'objects that expire',
        async run() {
          const rule = { ID: 'a', Status: 'Enabled', Filter: { Prefix: 'rawdata/' }, Expiration: { Days: 7 } } as const;
          const LifecycleConfiguration = { Rules: [rule] };
          await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }));
          return undefined;
        },
      },
      {
        name: 'PutBucketTagging',
        purpose: 'tags of a bucket',
        async run() {
          await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } }));
          return undefined;
        },
      },
      {
        name: 'PutObject',
        purpose: 'Firehose’s delivery',
        needed: true,
        async run() {
          for (const key of KEYS) await put(key);
          return undefined;
        },
      },
      {
        name: 'GetObject',
        purpose: 'reading what was delivered',
        async run() {
          const { Body, ContentEncoding } = await s3.send(new GetObjectCommand({ Bucket, Key: KEYS[0] }));
          const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
          if (!bytes.equals(BODY)) return 'the object is not what was put';
          return ContentEncoding === 'gzip' ? undefined : 'Content-Encoding is not kept';
        },
      },
      {
        name: 'ListObjectsV2',
        purpose: 'reading a day',
        async run() {
          const first = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'rawdata/', MaxKeys: 1 }));
          if (first.NextContinuationToken === undefined) return 'a list is not given in pages';
          const ContinuationToken = first.NextContinuationToken;
          const second = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'rawdata/', ContinuationToken }));
          const keys = [...(first.Contents ?? []), ...(second.Contents ?? [])].map(({ Key }) => Key);
          return keys.join() === KEYS.slice(0, 2).join() ? undefined : `it lists ${keys.join(', ')}`;
        },
      },
      {
        name: 'DeleteObjects',
        purpose: 'taking a pipeline down',
        cleanUp: true,
        async run() {
          await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: KEYS.map((Key) => ({ Key })) } }));
          return undefined;
        },
      },
      {
        name: 'DeleteBucket',
        purpose: 'taking a pipeline down',
        cleanUp: true,
        async run() {
          await s3.send(new DeleteBucketCommand({ Bucket }));
          return undefined;
        },
      },
    ],
  };
}
