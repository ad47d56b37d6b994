import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { AwsAccess, SdkClientConfiguration } from '../../../../edge/emulator.ts';
import { withNotes } from '../../../../edge/headers.ts';
import type { S3Writer } from '../destination.ts';
import { compress, OBJECT_FORMS } from './compression.ts';
import type { S3Configuration } from './configuration.ts';
import { objectKey } from './object-key.ts';

/** What stays in this process and on loopback needs no checksum of its own. */
class PlainS3Client extends S3Client {
  constructor(configuration: SdkClientConfiguration) {
    super({ ...configuration, requestChecksumCalculation: 'WHEN_REQUIRED' });
  }
}

/** Writes objects as a configuration says: under its names, compressed and encrypted. */
export function createS3Writer(configuration: S3Configuration, aws: AwsAccess): S3Writer {
  const { bucket, prefix, errorOutputPrefix, timeZone, extension, compression, keyArn, hints } = configuration;
  const encryption = keyArn === undefined ? {} : ({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn } as const);
  return {
    hints,

    async write(object, { deliveryStreamName, versionId, region }) {
      const { id: uuid, oldestArrival, content, errorOutputType, partitionKeys } = object;
      const key = objectKey({
        prefix: errorOutputType === undefined ? prefix : errorOutputPrefix,
        deliveryStreamName,
        versionId,
        oldestArrival,
        timeZone,
        uuid,
        extension,
        errorOutputType,
        partitionKeys,
      });
      const body = await compress(content, compression, { name: uuid, time: oldestArrival });
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: body,
        ContentType: 'application/octet-stream',
        ContentEncoding: OBJECT_FORMS[compression].contentEncoding,
        ...encryption,
      });
      const { ETag } = await aws.client(PlainS3Client, region).send(command, withNotes({ observed: false }));
      return { bucket, key, bytes: body.length, etag: ETag?.replaceAll('"', '') };
    },
  };
}
