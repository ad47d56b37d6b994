import type { ExtendedS3DestinationDescription } from '@aws-sdk/client-firehose';
import { ids } from '../../../../ledger/index.ts';
import type { Batch } from '../../buffer.ts';
import { errors } from '../../errors.ts';
import { type Processing, readProcessing } from '../../processing/index.ts';
import { contentOf } from '../../runs.ts';
import type { Attempt, BufferingHints, Delivered, Destination, ErrorLogPlace, S3Writer } from '../destination.ts';
import type { DestinationParts } from '../kind.ts';
import { describeS3, readS3Request, type S3Configuration, type S3Request } from './configuration.ts';
import { isPartitioned, readBackup } from './extended.ts';
import { describePartitioning, partitioned } from './partitioning.ts';
import { reportS3Error } from './s3-errors.ts';
import { createS3Writer } from './writer.ts';

/** Delivers a batch as one object, the records' bytes one after the other with nothing between them. */
export class S3Destination implements Destination {
  readonly metricPrefix = 'DeliveryToS3';
  readonly configuration: S3Configuration;
  readonly processing: Processing | undefined;
  readonly errorOutput: S3Writer;
  readonly sourceBackup: S3Writer | undefined;
  readonly #backup: S3Configuration | undefined;

  /** @throws InvalidArgumentException */
  constructor(request: S3Request, member: string, parts: DestinationParts) {
    refuseConversion(request, member);
    this.configuration = readS3Request(request, member);
    const dynamicPartitioning = isPartitioned(request);
    const processing = readProcessing(request.ProcessingConfiguration, member, { dynamicPartitioning }, parts);
    this.processing = dynamicPartitioning ? partitioned(processing, this.configuration.prefix) : processing;
    this.errorOutput = createS3Writer(this.configuration, parts.aws);
    const backup = readBackup(request, member);
    this.#backup = backup?.configuration;
    this.sourceBackup = backup?.isOn ? createS3Writer(backup.configuration, parts.aws) : undefined;
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

  /** Of either form in both forms, as AWS does. */
  describe(): ReturnType<Destination['describe']> {
    const plain = describeS3(this.configuration);
    const { request } = this.configuration;
    const extended: ExtendedS3DestinationDescription = {
      ...plain,
      ProcessingConfiguration: request.ProcessingConfiguration,
      S3BackupMode: request.S3BackupMode ?? 'Disabled',
      S3BackupDescription: this.#backup && describeS3(this.#backup),
      DataFormatConversionConfiguration: request.DataFormatConversionConfiguration,
      DynamicPartitioningConfiguration: describePartitioning(request.DynamicPartitioningConfiguration),
      FileExtension: request.FileExtension,
      CustomTimeZone: request.CustomTimeZone,
    };
    return { S3DestinationDescription: plain, ExtendedS3DestinationDescription: extended };
  }

  async deliver(batch: Batch, attempt: Attempt): Promise<Delivered> {
    const { id, oldestArrival, runs } = batch;
    const object = { id, oldestArrival, content: contentOf(batch), partitionKeys: runs[0]?.partitionKeys };
    try {
      const { bucket, key, bytes, etag } = await this.errorOutput.write(object, attempt);
      return { stored: [{ runs, into: [ids.object(bucket, key)], detail: { bytes, etag } }], failed: [] };
    } catch (error) {
      reportS3Error(error, attempt);
      throw error;
    }
  }
}

/** To AWS, conversion is on unless it is said to be off. */
function refuseConversion({ DataFormatConversionConfiguration: conversion }: S3Request, member: string): void {
  if (!conversion || conversion.Enabled === false) return;
  throw errors.invalid(
    `${member}.DataFormatConversionConfiguration is not supported by naetmul: its schema would come from the AWS Glue Data Catalog, which naetmul does not have.`,
  );
}
