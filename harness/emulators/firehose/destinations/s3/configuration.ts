import type {
  CompressionFormat,
  EncryptionConfiguration,
  ExtendedS3DestinationConfiguration,
  ExtendedS3DestinationUpdate,
} from '@aws-sdk/client-firehose';
import { errors } from '../../errors.ts';
import type { Violations } from '../../violations.ts';
import { checkRoleArn } from '../arns.ts';
import type { BufferingHints, ErrorLogPlace } from '../destination.ts';
import { checkLogging, readLogging } from '../error-log.ts';
import { checkHints, readHints } from '../hints.ts';
import { COMPRESSION_FORMATS, OBJECT_FORMS } from './compression.ts';
import { checkPartitioned, PARTITIONED_DEFAULT_SIZE_MIB } from './partitioning.ts';
import { type PrefixTemplate, parseErrorOutputPrefix, parsePrefix } from './prefix.ts';
import { isTimeZone } from './time-zones.ts';

// The API model (2015-08-04) and https://docs.aws.amazon.com/firehose/latest/dev/buffering-hints.html.
const HINTS = {
  sizeInMBs: { min: 1, max: 128, default: 5 },
  intervalInSeconds: { min: 0, max: 900, default: 300 },
} as const;
const PARTITIONED_HINTS = { ...HINTS, sizeInMBs: { ...HINTS.sizeInMBs, default: PARTITIONED_DEFAULT_SIZE_MIB } };
const MAX_BUCKET_ARN_LENGTH = 2048;
const BUCKET_ARN_PATTERN = 'arn:.*:s3:::[\\w\\.\\-]{1,255}';
const MAX_PREFIX_LENGTH = 1024;
const MAX_KEY_ARN_LENGTH = 512;
const KEY_ARN_PATTERN = 'arn:.*';

/** The members that a request may give, of the plain and the extended form, when created and when updated. */
export type S3Request = Partial<ExtendedS3DestinationConfiguration & ExtendedS3DestinationUpdate>;

/** A checked S3 configuration: that of a destination, or of what another destination keeps in S3. */
export interface S3Configuration {
  /** As given, to be merged with an update and described. */
  readonly request: S3Request;
  readonly roleArn: string;
  readonly bucketArn: string;
  readonly bucket: string;
  readonly prefix: PrefixTemplate;
  readonly errorOutputPrefix: PrefixTemplate;
  readonly hints: BufferingHints;
  readonly compression: CompressionFormat;
  /** With its dot; empty for none. */
  readonly extension: string;
  /** An IANA name. */
  readonly timeZone: string;
  /** Of the KMS key that objects are encrypted with; undefined for what the bucket has by default. */
  readonly keyArn: string | undefined;
  readonly errorLog: ErrorLogPlace | undefined;
}

/** The constraints of the API model. `path` is that of the configuration in the request. */
export function checkS3Request(request: S3Request, path: string, violations: Violations, isUpdate: boolean): void {
  checkRoleArn(`${path}.roleARN`, request.RoleARN, violations, isUpdate);
  if (isUpdate || violations.required(`${path}.bucketARN`, request.BucketARN)) {
    violations.text(`${path}.bucketARN`, request.BucketARN, 1, MAX_BUCKET_ARN_LENGTH, BUCKET_ARN_PATTERN);
  }
  violations.text(`${path}.prefix`, request.Prefix, 0, MAX_PREFIX_LENGTH);
  violations.text(`${path}.errorOutputPrefix`, request.ErrorOutputPrefix, 0, MAX_PREFIX_LENGTH);
  checkHints(`${path}.bufferingHints`, request.BufferingHints, HINTS, violations);
  violations.oneOf(`${path}.compressionFormat`, request.CompressionFormat, COMPRESSION_FORMATS);
  checkEncryption(`${path}.encryptionConfiguration`, request.EncryptionConfiguration, violations);
  checkLogging(`${path}.cloudWatchLoggingOptions`, request.CloudWatchLoggingOptions, violations);
}

function checkEncryption(path: string, encryption: EncryptionConfiguration | undefined, violations: Violations): void {
  violations.oneOf(`${path}.noEncryptionConfig`, encryption?.NoEncryptionConfig, ['NoEncryption']);
  const key = encryption?.KMSEncryptionConfig;
  if (key && violations.required(`${path}.kMSEncryptionConfig.aWSKMSKeyARN`, key.AWSKMSKeyARN)) {
    const keyPath = `${path}.kMSEncryptionConfig.aWSKMSKeyARN`;
    violations.text(keyPath, key.AWSKMSKeyARN, 1, MAX_KEY_ARN_LENGTH, KEY_ARN_PATTERN);
  }
}

/**
 * The rules beyond the model.
 *
 * @param name of the configuration in the request, for messages
 * @throws InvalidArgumentException
 */
export function readS3Request(request: S3Request, name: string): S3Configuration {
  const prefix = parsePrefix(request.Prefix ?? '', name);
  const errorOutputPrefix = parseErrorOutputPrefix(request.ErrorOutputPrefix, request.Prefix ?? '', name);
  const timeZone = request.CustomTimeZone || 'UTC';
  if (!isTimeZone(timeZone)) {
    throw errors.invalid(
      'Provided custom time zone is not supported. Custom time zones are limited to UTC and non-3-letter IANA time zones.',
    );
  }
  const isPartitioned = request.DynamicPartitioningConfiguration?.Enabled === true;
  const hints = readHints(request.BufferingHints, isPartitioned ? PARTITIONED_HINTS : HINTS);
  checkPartitioned(isPartitioned, prefix, hints);
  const { NoEncryptionConfig: none, KMSEncryptionConfig: key } = request.EncryptionConfiguration ?? {};
  if (request.EncryptionConfiguration && (none === undefined) === (key === undefined)) {
    throw errors.invalid('Exactly one of NoEncryptionConfig or KMSEncryptionConfig must be specified');
  }
  const compression = request.CompressionFormat ?? 'UNCOMPRESSED';
  const bucketArn = request.BucketARN ?? '';
  return {
    request,
    roleArn: request.RoleARN ?? '',
    bucketArn,
    bucket: bucketArn.slice(bucketArn.lastIndexOf(':') + 1),
    prefix,
    errorOutputPrefix,
    hints,
    compression,
    extension: request.FileExtension || OBJECT_FORMS[compression].extension,
    timeZone,
    keyArn: key?.AWSKMSKeyARN,
    errorLog: readLogging(request.CloudWatchLoggingOptions),
  };
}

/**
 * A configuration after an update: members that the update does not give keep their values.
 *
 * @throws InvalidArgumentException
 */
export function changeS3(old: S3Configuration, update: S3Request, name: string): S3Configuration {
  return readS3Request(merge(old.request, update), name);
}

/** Members that the update does not give keep their values. */
export function merge<T extends object>(old: T, update: Partial<T>): T {
  const given = Object.entries(update).filter(([, value]) => value !== undefined && value !== null);
  return { ...old, ...Object.fromEntries(given) };
}

/** As an `S3DestinationDescription`. */
export function describeS3(configuration: S3Configuration) {
  const { request, hints } = configuration;
  return {
    RoleARN: configuration.roleArn,
    BucketARN: configuration.bucketArn,
    Prefix: request.Prefix,
    ErrorOutputPrefix: request.ErrorOutputPrefix,
    BufferingHints: { SizeInMBs: hints.sizeInMBs, IntervalInSeconds: hints.intervalInSeconds },
    CompressionFormat: configuration.compression,
    EncryptionConfiguration: request.EncryptionConfiguration ?? { NoEncryptionConfig: 'NoEncryption' as const },
    CloudWatchLoggingOptions: request.CloudWatchLoggingOptions ?? { Enabled: false },
  };
}
