import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { AwsAccess, SdkClientConfiguration } from '../../../../edge/emulator.ts';
import { withNotes } from '../../../../edge/headers.ts';
import { ids } from '../../../../ledger/index.ts';
import type { Batch } from '../../buffer.ts';
import type { Destination } from '../destination.ts';
import { describeS3, type S3Configuration } from './configuration.ts';
import { objectKey } from './object-key.ts';

export { checkS3Request, readS3Request, type S3Configuration, type S3Request } from './configuration.ts';

const compress = promisify(gzip);

/** What stays in this process and on loopback needs no checksum of its own. */
class PlainS3Client extends S3Client {
  constructor(configuration: SdkClientConfiguration) {
    super({ ...configuration, requestChecksumCalculation: 'WHEN_REQUIRED' });
  }
}

/**
 * Delivers a batch as one object, the records' bytes one after the other with nothing between them. `extended` says
 * which of its two forms the configuration was given in.
 */
export function createS3Destination(configuration: S3Configuration, extended: boolean, aws: AwsAccess): Destination {
  return {
    metricPrefix: 'DeliveryToS3',
    hints: configuration.hints,

    describe() {
      const plain = describeS3(configuration);
      if (!extended) return { S3DestinationDescription: plain };
      const { FileExtension, CustomTimeZone } = configuration.request;
      const extras = { S3BackupMode: 'Disabled', FileExtension, CustomTimeZone } as const;
      return { S3DestinationDescription: plain, ExtendedS3DestinationDescription: { ...plain, ...extras } };
    },

    async deliver(batch, { deliveryStreamName, versionId, region }) {
      const { bucket, prefix, timeZone, extension, compression } = configuration;
      const { oldestArrival, id: uuid } = batch;
      const key = objectKey({ prefix, deliveryStreamName, versionId, oldestArrival, timeZone, uuid, extension });
      const content = concatenate(batch);
      const isGzip = compression === 'GZIP';
      const body = isGzip ? await compress(content) : content;
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: body,
        ContentType: 'application/octet-stream',
        // Seen on objects of AWS: https://github.com/honeycombio/agentless-integrations-for-aws/issues/22
        ...(isGzip ? { ContentEncoding: 'gzip' } : {}),
      });
      const { ETag: etag } = await aws.client(PlainS3Client, region).send(command, withNotes({ observed: false }));
      return { into: [ids.object(bucket, key)], detail: { bytes: body.length, etag: etag?.replaceAll('"', '') } };
    },
  };
}

function concatenate(batch: Batch): Buffer {
  const content = Buffer.allocUnsafeSlow(batch.bytes);
  let at = 0;
  for (const run of batch.runs) {
    for (const record of run.data) {
      content.set(record, at);
      at += record.length;
    }
  }
  return content;
}
