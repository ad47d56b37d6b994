import type { ExtendedS3DestinationConfiguration, ExtendedS3DestinationUpdate } from '@aws-sdk/client-firehose';
import { createRandom } from '../../../../clock/index.ts';
import { errors } from '../../errors.ts';
import type { Violations } from '../../violations.ts';
import { checkRoleArn } from '../arns.ts';
import type { BufferingHints, ErrorLogPlace } from '../destination.ts';
import { checkLogging, readLogging } from '../error-log.ts';
import { checkHints, readHints } from '../hints.ts';
import { COMPRESSION_FORMATS, type Compression, extensionOf } from './compression.ts';
import { type PrefixTemplate, parseErrorOutputPrefix, parsePrefix } from './prefix.ts';
import { dateFields, isTimeZone } from './timestamp.ts';

// The API model (2015-08-04) and https://docs.aws.amazon.com/firehose/latest/dev/buffering-hints.html.
const HINTS = {
  sizeInMBs: { min: 1, max: 128, default: 5 },
  intervalInSeconds: { min: 0, max: 900, default: 300 },
} as const;
const MAX_BUCKET_ARN_LENGTH = 2048;
const BUCKET_ARN_PATTERN = 'arn:.*:s3:::[\\w\\.\\-]{1,255}';
const MAX_PREFIX_LENGTH = 1024;
/** Of a prefix once evaluated (https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html). */
const MAX_EVALUATED_PREFIX_LENGTH = 512;

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
  readonly compression: Compression;
  /** With its dot; empty for none. */
  readonly extension: string;
  /** An IANA name. */
  readonly timeZone: string;
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
  checkLogging(`${path}.cloudWatchLoggingOptions`, request.CloudWatchLoggingOptions, violations);
}

/**
 * The rules beyond the model. `name` is the configuration's member in the request, for messages.
 *
 * @throws InvalidArgumentException
 */
export function readS3Request(request: S3Request, name: string): S3Configuration {
  if (request.EncryptionConfiguration?.KMSEncryptionConfig !== undefined) {
    throw errors.unsupported(`${name}.EncryptionConfiguration.KMSEncryptionConfig`);
  }
  const prefix = parsePrefix(request.Prefix ?? '');
  if (prefix.hasExpressions && request.ErrorOutputPrefix === undefined) {
    throw errors.invalid("ErrorOutputPrefix can't be null when Prefix contains expressions");
  }
  const errorOutputPrefix = parseErrorOutputPrefix(request.ErrorOutputPrefix, request.Prefix ?? '');
  const timeZone = request.CustomTimeZone || 'UTC';
  if (!isTimeZone(timeZone)) throw errors.invalid(`CustomTimeZone ${timeZone} is not a supported time zone`);
  checkEvaluatedLength('Prefix', prefix, timeZone);
  checkEvaluatedLength('ErrorOutputPrefix', errorOutputPrefix, timeZone);
  const compression = request.CompressionFormat ?? 'UNCOMPRESSED';
  const bucketArn = request.BucketARN ?? '';
  return {
    request,
    roleArn: request.RoleARN ?? '',
    bucketArn,
    bucket: bucketArn.slice(bucketArn.lastIndexOf(':') + 1),
    prefix,
    errorOutputPrefix,
    hints: readHints(request.BufferingHints, HINTS),
    compression,
    extension: request.FileExtension || extensionOf(compression),
    timeZone,
    errorLog: readLogging(request.CloudWatchLoggingOptions),
  };
}

/**
 * A configuration after an update: members that the update does not give keep their values.
 *
 * @throws InvalidArgumentException
 */
export function changeS3(old: S3Configuration, update: S3Request, name: string): S3Configuration {
  return readS3Request({ ...old.request, ...defined(update) }, name);
}

export function defined<T extends object>(members: T): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function checkEvaluatedLength(name: string, template: PrefixTemplate, timeZone: string): void {
  const sample = {
    time: dateFields(0, timeZone),
    random: createRandom(name),
    errorOutputType: 'processing-failed',
  } as const;
  if (template.evaluate(sample).length > MAX_EVALUATED_PREFIX_LENGTH) {
    throw errors.invalid(`${name} is longer than ${MAX_EVALUATED_PREFIX_LENGTH} characters when evaluated`);
  }
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
