import type {
  BufferingHints as BufferingHintsInput,
  CloudWatchLoggingOptions,
  CompressionFormat,
  EncryptionConfiguration,
  ExtendedS3DestinationConfiguration,
  ExtendedS3DestinationUpdate,
} from '@aws-sdk/client-firehose';
import { createRandom } from '../../../../clock/index.ts';
import { errors } from '../../errors.ts';
import type { Violations } from '../../violations.ts';
import type { BufferingHints } from '../destination.ts';
import { type PrefixTemplate, parseErrorOutputPrefix, parsePrefix } from './prefix.ts';
import { dateFields, isTimeZone } from './timestamp.ts';

// The API model (2015-08-04) and https://docs.aws.amazon.com/firehose/latest/dev/buffering-hints.html.
const SIZE_MIB = { min: 1, max: 128, default: 5 } as const;
const INTERVAL_SECONDS = { min: 0, max: 900, default: 300 } as const;
const MAX_ROLE_ARN_LENGTH = 512;
const MAX_BUCKET_ARN_LENGTH = 2048;
const MAX_PREFIX_LENGTH = 1024;
/** Of a prefix once evaluated (https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html). */
const MAX_EVALUATED_PREFIX_LENGTH = 512;
const MAX_FILE_EXTENSION_LENGTH = 128;
const MAX_TIME_ZONE_LENGTH = 50;
const ROLE_ARN_PATTERN = 'arn:.*:iam::\\d{12}:role/[a-zA-Z_0-9+=,.@\\-_/]+';
const BUCKET_ARN_PATTERN = 'arn:.*:s3:::[\\w\\.\\-]{1,255}';
const FILE_EXTENSION_PATTERN = "^$|\\.[0-9a-z!\\-_.*'()]+";
const TIME_ZONE_PATTERN = '^$|[a-zA-Z/_]+';
const COMPRESSION_FORMATS = ['UNCOMPRESSED', 'GZIP', 'ZIP', 'Snappy', 'HADOOP_SNAPPY'] as const;

/** What AWS appends to the names of objects when no FileExtension is given. */
const EXTENSIONS: Readonly<Record<SupportedCompression, string>> = { UNCOMPRESSED: '', GZIP: '.gz' };

export type SupportedCompression = 'UNCOMPRESSED' | 'GZIP';

/** The S3 members that a request may give, of both the plain and the extended form. */
export type S3Request = Partial<ExtendedS3DestinationConfiguration & ExtendedS3DestinationUpdate>;

/** A checked S3 destination. */
export interface S3Configuration {
  /** As given, to be merged with an update and described. */
  readonly request: S3Request;
  readonly roleArn: string;
  readonly bucketArn: string;
  readonly bucket: string;
  readonly prefix: PrefixTemplate;
  readonly hints: BufferingHints;
  readonly compression: SupportedCompression;
  readonly extension: string;
  /** An IANA name. */
  readonly timeZone: string;
}

/** The constraints of the API model. `path` is that of the configuration in the request. */
export function checkS3Request(request: S3Request, path: string, violations: Violations, isUpdate: boolean): void {
  const at = (member: string) => `${path}.${member}`;
  if (isUpdate || violations.required(at('roleARN'), request.RoleARN)) {
    violations.text(at('roleARN'), request.RoleARN, 1, MAX_ROLE_ARN_LENGTH, ROLE_ARN_PATTERN);
  }
  if (isUpdate || violations.required(at('bucketARN'), request.BucketARN)) {
    violations.text(at('bucketARN'), request.BucketARN, 1, MAX_BUCKET_ARN_LENGTH, BUCKET_ARN_PATTERN);
  }
  violations.text(at('prefix'), request.Prefix, 0, MAX_PREFIX_LENGTH);
  violations.text(at('errorOutputPrefix'), request.ErrorOutputPrefix, 0, MAX_PREFIX_LENGTH);
  const hints = request.BufferingHints ?? {};
  violations.range(at('bufferingHints.sizeInMBs'), hints.SizeInMBs, SIZE_MIB.min, SIZE_MIB.max);
  violations.range(
    at('bufferingHints.intervalInSeconds'),
    hints.IntervalInSeconds,
    INTERVAL_SECONDS.min,
    INTERVAL_SECONDS.max,
  );
  violations.oneOf(at('compressionFormat'), request.CompressionFormat, COMPRESSION_FORMATS);
  violations.text(at('fileExtension'), request.FileExtension, 0, MAX_FILE_EXTENSION_LENGTH, FILE_EXTENSION_PATTERN);
  violations.text(at('customTimeZone'), request.CustomTimeZone, 0, MAX_TIME_ZONE_LENGTH, TIME_ZONE_PATTERN);
}

/** The rules beyond the model. `name` is the configuration's member in the request, for messages. */
export function readS3Request(request: S3Request, name: string): S3Configuration {
  refuseUnsupported(request, name);
  const prefix = parsePrefix(request.Prefix ?? '');
  const errorPrefix =
    request.ErrorOutputPrefix === undefined ? undefined : parseErrorOutputPrefix(request.ErrorOutputPrefix);
  if (prefix.hasExpressions && errorPrefix === undefined) {
    throw errors.invalid("ErrorOutputPrefix can't be null when Prefix contains expressions");
  }
  const timeZone = request.CustomTimeZone || 'UTC';
  if (!isTimeZone(timeZone)) throw errors.invalid(`CustomTimeZone ${timeZone} is not a supported time zone`);
  checkEvaluatedLength('Prefix', prefix, timeZone);
  if (errorPrefix) checkEvaluatedLength('ErrorOutputPrefix', errorPrefix, timeZone);
  const compression = (request.CompressionFormat ?? 'UNCOMPRESSED') as SupportedCompression;
  const bucketArn = request.BucketARN ?? '';
  return {
    request,
    roleArn: request.RoleARN ?? '',
    bucketArn,
    bucket: bucketArn.slice(bucketArn.lastIndexOf(':') + 1),
    prefix,
    hints: readHints(request.BufferingHints),
    compression,
    extension: request.FileExtension || EXTENSIONS[compression],
    timeZone,
  };
}

function readHints(hints: BufferingHintsInput | undefined): BufferingHints {
  const { SizeInMBs: size, IntervalInSeconds: interval } = hints ?? {};
  if ((size === undefined) !== (interval === undefined)) {
    throw errors.invalid('BufferingHints: SizeInMBs and IntervalInSeconds must be specified together');
  }
  return { sizeInMBs: size ?? SIZE_MIB.default, intervalInSeconds: interval ?? INTERVAL_SECONDS.default };
}

function refuseUnsupported(request: S3Request, name: string): void {
  const refuse = (what: string) => errors.unsupported(`${name}.${what}`);
  const isOn = (part: { Enabled?: boolean | undefined } | undefined) => part !== undefined && part.Enabled !== false;
  if (isOn(request.ProcessingConfiguration)) throw refuse('ProcessingConfiguration');
  if (isOn(request.DynamicPartitioningConfiguration)) throw refuse('DynamicPartitioningConfiguration');
  if (isOn(request.DataFormatConversionConfiguration)) throw refuse('DataFormatConversionConfiguration');
  if (isOn(request.CloudWatchLoggingOptions)) throw refuse('CloudWatchLoggingOptions with Enabled: true');
  if (request.S3BackupMode === 'Enabled') throw refuse('S3BackupMode Enabled');
  if (request.S3BackupConfiguration !== undefined) throw refuse('S3BackupConfiguration');
  if (request.S3BackupUpdate !== undefined) throw refuse('S3BackupUpdate');
  if (request.EncryptionConfiguration?.KMSEncryptionConfig !== undefined) {
    throw refuse('EncryptionConfiguration.KMSEncryptionConfig');
  }
  const compression: CompressionFormat | undefined = request.CompressionFormat;
  if (compression !== undefined && !Object.hasOwn(EXTENSIONS, compression)) {
    throw refuse(`CompressionFormat ${compression}`);
  }
}

function checkEvaluatedLength(name: string, template: PrefixTemplate, timeZone: string): void {
  const sample = { time: dateFields(0, timeZone), random: createRandom(name), errorOutputType: 'processing-failed' };
  if (template.evaluate(sample).length > MAX_EVALUATED_PREFIX_LENGTH) {
    throw errors.invalid(`${name} is longer than ${MAX_EVALUATED_PREFIX_LENGTH} characters when evaluated`);
  }
}

const NO_ENCRYPTION: EncryptionConfiguration = { NoEncryptionConfig: 'NoEncryption' };
const NO_LOGGING: CloudWatchLoggingOptions = { Enabled: false };

/** The members that plain and extended descriptions share. */
export function describeS3(configuration: S3Configuration) {
  const { request, hints } = configuration;
  return {
    RoleARN: configuration.roleArn,
    BucketARN: configuration.bucketArn,
    Prefix: request.Prefix,
    ErrorOutputPrefix: request.ErrorOutputPrefix,
    BufferingHints: { SizeInMBs: hints.sizeInMBs, IntervalInSeconds: hints.intervalInSeconds },
    CompressionFormat: configuration.compression,
    EncryptionConfiguration: NO_ENCRYPTION,
    CloudWatchLoggingOptions: request.CloudWatchLoggingOptions ?? NO_LOGGING,
  };
}
