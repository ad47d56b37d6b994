import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  PutBucketTaggingCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource, type ResourceContext } from './resource-type.ts';
import { flag, integer, tags, text } from './schemas.ts';

/** The one region that `CreateBucket` takes no location constraint for. Source: S3 API reference, CreateBucket. */
const REGION_WITHOUT_CONSTRAINT = 'us-east-1';

/** Expiry alone: S3 here has one storage class and no versions. */
const lifecycleRule = z.strictObject({
  ExpirationInDays: integer(),
  Id: text().optional(),
  Prefix: text().optional(),
  Status: z.enum(['Enabled', 'Disabled']),
});

export const s3Bucket = defineResource({
  type: 'AWS::S3::Bucket',
  properties: z.strictObject({
    BucketName: text().optional(),
    LifecycleConfiguration: z.strictObject({ Rules: z.array(lifecycleRule) }).optional(),
    PublicAccessBlockConfiguration: z
      .strictObject({
        BlockPublicAcls: flag().optional(),
        BlockPublicPolicy: flag().optional(),
        IgnorePublicAcls: flag().optional(),
        RestrictPublicBuckets: flag().optional(),
      })
      .optional(),
    Tags: tags().optional(),
  }),
  attributes: ['Arn', 'DomainName', 'RegionalDomainName'],
  async create(properties, context) {
    const { region } = context;
    const name = properties.BucketName ?? context.physicalName({ maxLength: 63, lowerCase: true });
    await context.aws.client(S3Client, region).send(
      new CreateBucketCommand({
        Bucket: name,
        ...(region !== REGION_WITHOUT_CONSTRAINT && {
          CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint },
        }),
      }),
    );
    return {
      ref: name,
      attributes: {
        Arn: `arn:${context.partition}:s3:::${name}`,
        DomainName: `${name}.s3.${context.urlSuffix}`,
        RegionalDomainName: `${name}.s3.${region}.${context.urlSuffix}`,
      },
    };
  },
  async complete(properties, made, context) {
    const s3 = context.aws.client(S3Client, context.region);
    const { LifecycleConfiguration, PublicAccessBlockConfiguration, Tags } = properties;
    if (LifecycleConfiguration !== undefined) {
      const Rules = LifecycleConfiguration.Rules.map(({ ExpirationInDays, Id, Prefix = '', Status }) => ({
        ID: Id,
        Filter: { Prefix },
        Status,
        Expiration: { Days: ExpirationInDays },
      }));
      const configuration = { Bucket: made.ref, LifecycleConfiguration: { Rules } };
      await s3.send(new PutBucketLifecycleConfigurationCommand(configuration));
    }
    if (PublicAccessBlockConfiguration !== undefined) {
      await s3.send(new PutPublicAccessBlockCommand({ Bucket: made.ref, PublicAccessBlockConfiguration }));
    }
    if (Tags !== undefined && Tags.length > 0) {
      await s3.send(new PutBucketTaggingCommand({ Bucket: made.ref, Tagging: { TagSet: Tags } }));
    }
    return made;
  },
  async exists(_properties, { ref }, context) {
    const s3 = context.aws.client(S3Client, context.region);
    return (
      (await unless(['NotFound', 'NoSuchBucket'], () => s3.send(new HeadBucketCommand({ Bucket: ref })))) !== undefined
    );
  },
  /** CloudFormation refuses to delete a bucket with objects in it; a bench that is taken down takes them along. */
  async delete(_properties, { ref }, context) {
    const s3 = context.aws.client(S3Client, context.region);
    await unless(['NoSuchBucket'], async () => {
      await empty(ref, context);
      await s3.send(new DeleteBucketCommand({ Bucket: ref }));
    });
  },
});

async function empty(bucket: string, context: ResourceContext): Promise<void> {
  const s3 = context.aws.client(S3Client, context.region);
  for (;;) {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    if (Contents.length === 0) return;
    const { Errors: [failure] = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: Contents.map(({ Key }) => ({ Key })) } }),
    );
    if (failure !== undefined) throw new Error(`${failure.Key} cannot be removed: ${failure.Code} ${failure.Message}`);
  }
}
