import { ids } from '../../../../ledger/index.ts';
import type { Batch } from '../../buffer.ts';
import { errors } from '../../errors.ts';
import type { Processing } from '../../processing/index.ts';
import { readProcessing } from '../../processing/index.ts';
import type { Attempt, BufferingHints, Delivered, Destination, ErrorLogPlace, S3Writer } from '../destination.ts';
import type { DestinationParts } from '../kind.ts';
import { describeS3, readS3Request, type S3Configuration, type S3Request } from './configuration.ts';
import { reportS3Error } from './s3-errors.ts';
import { createS3Writer } from './writer.ts';

/** Delivers a batch as one object, the records' bytes one after the other with nothing between them. */
export class S3Destination implements Destination {
  readonly metricPrefix = 'DeliveryToS3';
  readonly configuration: S3Configuration;
  /** Which of its two forms the configuration was given in. */
  readonly extended: boolean;
  readonly processing: Processing | undefined;
  readonly errorOutput: S3Writer;
  readonly sourceBackup: S3Writer | undefined;

  /** @throws InvalidArgumentException */
  constructor(request: S3Request, member: string, extended: boolean, parts: DestinationParts) {
    refuseUnsupported(request, member);
    this.configuration = readS3Request(request, member);
    this.extended = extended;
    this.processing = readProcessing(request.ProcessingConfiguration, member, { dynamicPartitioning: false }, parts);
    this.errorOutput = createS3Writer(this.configuration, parts.aws);
    this.sourceBackup = undefined;
  }

  get arn(): string {
    return this.configuration.bucketArn;
  }

  get hints(): BufferingHints {
    return this.configuration.hints;
  }

  get errorLog(): ErrorLogPlace | undefined {
    return this.configuration.errorLog;
  }

  describe(): ReturnType<Destination['describe']> {
    const plain = describeS3(this.configuration);
    if (!this.extended) return { S3DestinationDescription: plain };
    const { ProcessingConfiguration, FileExtension, CustomTimeZone } = this.configuration.request;
    const extras = { ProcessingConfiguration, S3BackupMode: 'Disabled', FileExtension, CustomTimeZone } as const;
    return { S3DestinationDescription: plain, ExtendedS3DestinationDescription: { ...plain, ...extras } };
  }

  async deliver(batch: Batch, attempt: Attempt): Promise<Delivered> {
    const { id, oldestArrival, runs } = batch;
    const object = { id, oldestArrival, content: concatenate(batch), partitionKeys: runs[0]?.partitionKeys };
    try {
      const { bucket, key, bytes, etag } = await this.errorOutput.write(object, attempt);
      return { stored: [{ runs, into: [ids.object(bucket, key)], detail: { bytes, etag } }], failed: [] };
    } catch (error) {
      reportS3Error(error, attempt);
      throw error;
    }
  }
}

function refuseUnsupported(request: S3Request, name: string): void {
  const refuse = (what: string) => errors.unsupported(`${name}.${what}`);
  const isOn = (part: { Enabled?: boolean | undefined } | undefined) => part !== undefined && part.Enabled !== false;
  if (isOn(request.DynamicPartitioningConfiguration)) throw refuse('DynamicPartitioningConfiguration');
  if (isOn(request.DataFormatConversionConfiguration)) throw refuse('DataFormatConversionConfiguration');
  if (request.S3BackupMode === 'Enabled') throw refuse('S3BackupMode Enabled');
  if (request.S3BackupConfiguration !== undefined) throw refuse('S3BackupConfiguration');
  if (request.S3BackupUpdate !== undefined) throw refuse('S3BackupUpdate');
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
