import type { ProcessingConfiguration } from '@aws-sdk/client-firehose';
import { describe, expect, test } from 'vitest';
import { DEFAULT_OPTIONS } from '../../options.ts';
import type { Processing } from '../../processing/index.ts';
import { makeRun, type PartitionKeys } from '../../runs.ts';
import { type Answer, answeringAws, awsError, ROLE_ARN, S3, START } from '../../testing.ts';
import { Violations } from '../../violations.ts';
import type { Destination } from '../destination.ts';
import type { DestinationParts } from '../kind.ts';
import { changeS3, extendedS3Kind, readS3Request, type S3Request, s3Kind } from './index.ts';
import { partitioned } from './partitioning.ts';
import { parsePrefix } from './prefix.ts';
import { batchOf, testAttempt } from './testing.ts';

const MEMBER = 'ExtendedS3DestinationConfiguration';
const UPDATE = 'ExtendedS3DestinationUpdate';
const ERRORS = 'failed/!{firehose:error-output-type}/';
const BACKUP = { RoleARN: ROLE_ARN, BucketARN: 'arn:aws:s3:::backup' };
const KEY_ARN = 'arn:aws:kms:us-east-1:000000000000:key/11111111-2222-3333-4444-555555555555';

function parts(answer: Answer = () => undefined): DestinationParts {
  return { aws: answeringAws(answer), options: DEFAULT_OPTIONS, region: 'us-east-1' };
}

function make(request: S3Request = {}, answer?: Answer): Destination {
  return extendedS3Kind.make({ ...S3, ...request }, MEMBER, parts(answer));
}

function change(old: Destination, update: S3Request): Destination {
  return extendedS3Kind.change(old, update, UPDATE, parts());
}

function described(destination: Destination) {
  return destination.describe().ExtendedS3DestinationDescription;
}

function violationsOf(request: S3Request, kind = extendedS3Kind, isUpdate = false): () => void {
  const violations = new Violations();
  kind.check(request, 'extendedS3DestinationConfiguration', violations, isUpdate);
  return () => violations.raise();
}

describe('an S3 destination', () => {
  test('puts a batch as one object, the records one after the other', async () => {
    const puts: Record<string, unknown>[] = [];
    const destination = make({ CompressionFormat: 'UNCOMPRESSED', FileExtension: '.jsonl' }, (_, input) => {
      puts.push(input);
      return { ETag: '"etag"' };
    });
    const batch = batchOf(['{"n":1}', '{"n":2}']);
    const key = '2022/01/27/05/brook-1-2022-01-27-05-48-25-5abf82da-aa53-4e6b-8f0c-1f4f6f0f9f3a.jsonl';
    expect(await destination.deliver(batch, testAttempt())).toEqual({
      stored: [{ runs: batch.runs, into: [`object/lake/${key}`], detail: { bytes: 14, etag: 'etag' } }],
      failed: [],
    });
    expect(puts).toMatchObject([{ Bucket: 'lake', Key: key, ContentType: 'application/octet-stream' }]);
    expect(String(puts[0]?.Body)).toBe('{"n":1}{"n":2}');
    expect(puts[0]?.ContentEncoding).toBeUndefined();
    expect(puts[0]?.ServerSideEncryption).toBeUndefined();
  });

  test('says how an object is compressed and with which key it is to be encrypted', async () => {
    const puts: Record<string, unknown>[] = [];
    const EncryptionConfiguration = { KMSEncryptionConfig: { AWSKMSKeyARN: KEY_ARN } };
    const destination = make({ CompressionFormat: 'Snappy', EncryptionConfiguration }, (_, input) => puts.push(input));
    await destination.deliver(batchOf(['{"n":1}']), testAttempt());
    expect(puts).toMatchObject([
      { ContentEncoding: 'snappy-java', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KEY_ARN },
    ]);
    expect(described(destination)?.EncryptionConfiguration).toEqual(EncryptionConfiguration);
  });

  test.each([
    [
      awsError('NoSuchBucket'),
      'S3.NoSuchBucket: The specified bucket does not exist. Create the bucket or use a different bucket that does exist.',
    ],
    [
      awsError('AccessDenied'),
      'S3.AccessDenied: Access was denied. Ensure that the trust policy for the provided IAM role allows Firehose to assume the role, and the access policy allows access to the S3 bucket.',
    ],
    [
      awsError('KMS.NotFoundException'),
      'S3.KMS.NotFoundException: The provided AWS KMS key was not found. If you are using what you believe to be a valid AWS KMS key with the correct role, check if there is a problem with the account to which the AWS KMS key is attached.',
    ],
    [
      awsError('SlowDown'),
      'InternalError: An internal error occurred while attempting to deliver data. Delivery will be retried; if the error persists, then it will be reported to AWS for resolution.',
    ],
    [
      'reset',
      'InternalError: An internal error occurred while attempting to deliver data. Delivery will be retried; if the error persists, then it will be reported to AWS for resolution.',
    ],
  ])('tells of %s in its error log, and rejects so that it is tried again', async (error, line) => {
    const attempt = testAttempt();
    const delivery = make({}, () => Promise.reject(error)).deliver(batchOf(['a']), attempt);
    await expect(delivery).rejects.toBe(error);
    expect(attempt.reported).toEqual([line]);
  });

  test('is silent about an attempt that ends because the stream is stopped', async () => {
    const attempt = testAttempt(AbortSignal.abort());
    await expect(
      make({}, () => Promise.reject(awsError('AccessDenied'))).deliver(batchOf(['a']), attempt),
    ).rejects.toThrow();
    expect(attempt.reported).toEqual([]);
  });

  test('is described in both forms, whichever it was given in', () => {
    const plain = s3Kind.make(S3, 'S3DestinationConfiguration', parts()).describe();
    expect(plain).toEqual(make().describe());
    expect(plain.ExtendedS3DestinationDescription).toMatchObject({
      ...S3,
      BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
      CompressionFormat: 'UNCOMPRESSED',
      EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
      CloudWatchLoggingOptions: { Enabled: false },
      S3BackupMode: 'Disabled',
    });
  });
});

describe('a source backup', () => {
  test('has its own bucket, prefix and hints', () => {
    const S3BackupConfiguration = { ...BACKUP, BufferingHints: { SizeInMBs: 3, IntervalInSeconds: 60 } };
    const destination = make({ S3BackupMode: 'Enabled', S3BackupConfiguration });
    expect(destination.sourceBackup?.hints).toEqual({ sizeInMBs: 3, intervalInSeconds: 60 });
    expect(described(destination)).toMatchObject({
      S3BackupMode: 'Enabled',
      S3BackupDescription: S3BackupConfiguration,
    });
  });

  test('needs a configuration, and the mode to be switched on', () => {
    expect(() => make({ S3BackupMode: 'Enabled' })).toThrow(
      'S3 backup destination configuration is required when enabling S3 backup.',
    );
    expect(make({ S3BackupConfiguration: BACKUP }).sourceBackup).toBeUndefined();
  });

  test('knows no zero buffering', () => {
    const BufferingHints = { SizeInMBs: 3, IntervalInSeconds: 59 };
    expect(() => make({ S3BackupMode: 'Enabled', S3BackupConfiguration: { ...BACKUP, BufferingHints } })).toThrow(
      'ExtendedS3DestinationConfiguration.S3BackupConfiguration: BufferingHints.IntervalInSeconds must be at least 60',
    );
  });

  test('can be switched on and changed later, but not off', () => {
    const on = change(make(), { S3BackupMode: 'Enabled', S3BackupUpdate: BACKUP });
    expect(described(on)?.S3BackupDescription).toMatchObject(BACKUP);
    const changed = change(on, { S3BackupUpdate: { Prefix: 'raw/' } });
    expect(described(changed)).toMatchObject({
      S3BackupMode: 'Enabled',
      S3BackupDescription: { ...BACKUP, Prefix: 'raw/' },
    });
    expect(() => change(on, { S3BackupMode: 'Disabled' })).toThrow('Disabling S3 backup is not currently supported');
    expect(() => change(make(), { S3BackupUpdate: { Prefix: 'raw/' } })).toThrow(
      'ExtendedS3DestinationUpdate.S3BackupUpdate must have RoleARN and BucketARN while there is no S3 backup',
    );
  });
});

describe('an update of an S3 destination', () => {
  test('leaves what it does not give as it was', () => {
    const old = make({ Prefix: 'a/', CompressionFormat: 'GZIP', CustomTimeZone: 'Asia/Seoul', FileExtension: '.x' });
    const changed = described(change(old, { Prefix: 'b/', CompressionFormat: undefined }));
    expect(changed).toMatchObject({
      Prefix: 'b/',
      CompressionFormat: 'GZIP',
      CustomTimeZone: 'Asia/Seoul',
      FileExtension: '.x',
    });
    const plain = s3Kind.change(old, { BucketARN: 'arn:aws:s3:::other' }, 'S3DestinationUpdate', parts());
    expect(plain.arn).toBe('arn:aws:s3:::other');
    expect(described(plain)?.CustomTimeZone).toBe('Asia/Seoul');
  });

  test('takes an HTTP endpoint’s place only when it is complete', () => {
    const http = { ...make(), describe: () => ({ HttpEndpointDestinationDescription: {} }) } as Destination;
    expect(change(http, S3).arn).toBe(S3.BucketARN);
    expect(() => change(http, { RoleARN: ROLE_ARN })).toThrow(
      "1 validation error detected: Value null at 'extendedS3DestinationUpdate.bucketARN' failed to satisfy constraint: Member must not be null",
    );
  });

  test('does not take the place of OpenSearch', () => {
    const search = {
      ...make(),
      describe: () => ({ AmazonopensearchserviceDestinationDescription: {} }),
    } as Destination;
    expect(() => change(search, S3)).toThrow(
      'Switching between Amazon OpenSearch Service and other services is not supported. Create another delivery stream.',
    );
  });

  test('merges what another destination keeps in S3, too', () => {
    const old = readS3Request({ ...S3, Prefix: 'a/', CompressionFormat: 'ZIP' }, 'S3Configuration');
    expect(changeS3(old, { Prefix: 'b/' }, 'S3Update')).toMatchObject({ bucket: 'lake', extension: '.zip' });
  });
});

describe('what an S3 configuration may not be', () => {
  test.each<[string, S3Request, string]>([
    [
      'of a time zone that Firehose does not know',
      { CustomTimeZone: 'Asia/Kolkata' },
      'Provided custom time zone is not supported. Custom time zones are limited to UTC and non-3-letter IANA time zones.',
    ],
    [
      'encrypted and not encrypted',
      {
        EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption', KMSEncryptionConfig: { AWSKMSKeyARN: KEY_ARN } },
      },
      'Exactly one of NoEncryptionConfig or KMSEncryptionConfig must be specified',
    ],
    [
      'neither encrypted nor not encrypted',
      { EncryptionConfiguration: {} },
      'Exactly one of NoEncryptionConfig or KMSEncryptionConfig must be specified',
    ],
    [
      'converted',
      { DataFormatConversionConfiguration: {} },
      'ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration is not supported by naetmul: its schema would come from the AWS Glue Data Catalog, which naetmul does not have.',
    ],
    [
      'named by partition keys without dynamic partitioning',
      { Prefix: '!{partitionKeyFromQuery:a}/', ErrorOutputPrefix: ERRORS },
      'Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled.',
    ],
  ])('%s', (_, request, message) => {
    expect(() => make(request)).toThrow(message);
  });

  test('conversion that is off is kept and described', () => {
    const DataFormatConversionConfiguration = { Enabled: false };
    expect(described(make({ DataFormatConversionConfiguration }))).toMatchObject({ DataFormatConversionConfiguration });
  });

  test.each<[S3Request, string]>([
    [
      { S3BackupMode: 'On' as never },
      "Value 'On' at 'extendedS3DestinationConfiguration.s3BackupMode' failed to satisfy constraint: Member must satisfy enum value set: [Disabled, Enabled]",
    ],
    [
      { S3BackupConfiguration: { RoleARN: ROLE_ARN, BucketARN: undefined } },
      "Value null at 'extendedS3DestinationConfiguration.s3BackupConfiguration.bucketARN' failed to satisfy constraint: Member must not be null",
    ],
    [
      { DynamicPartitioningConfiguration: { RetryOptions: { DurationInSeconds: 7201 } } },
      "Value '7201' at 'extendedS3DestinationConfiguration.dynamicPartitioningConfiguration.retryOptions.durationInSeconds' failed to satisfy constraint: Member must have value less than or equal to 7200",
    ],
    [
      { FileExtension: 'gz' },
      "Value 'gz' at 'extendedS3DestinationConfiguration.fileExtension' failed to satisfy constraint: Member must satisfy regular expression pattern: ^$|\\.[0-9a-z!\\-_.*'()]+",
    ],
    [
      { EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: undefined } } },
      "Value null at 'extendedS3DestinationConfiguration.encryptionConfiguration.kMSEncryptionConfig.aWSKMSKeyARN' failed to satisfy constraint: Member must not be null",
    ],
  ])('the model refuses %j', (request, message) => {
    expect(violationsOf({ ...S3, ...request })).toThrow(`1 validation error detected: ${message}`);
  });

  test('an update needs no member', () => {
    expect(violationsOf({}, extendedS3Kind, true)).not.toThrow();
    expect(violationsOf({}, s3Kind, true)).not.toThrow();
  });
});

describe('dynamic partitioning', () => {
  const PARTITIONED = {
    DynamicPartitioningConfiguration: { Enabled: true },
    Prefix: 'c=!{partitionKeyFromQuery:customer}/',
    ErrorOutputPrefix: ERRORS,
  };

  function extraction(query: string): ProcessingConfiguration {
    const Parameters = [
      { ParameterName: 'MetadataExtractionQuery', ParameterValue: query },
      { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' },
    ] as const;
    return { Enabled: true, Processors: [{ Type: 'MetadataExtraction', Parameters: [...Parameters] }] };
  }

  test.each<[string, S3Request, string]>([
    [
      'a prefix without partition keys',
      { Prefix: 'data/plain/' },
      'S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled',
    ],
    [
      'a buffer of less than 64 MiB',
      { BufferingHints: { SizeInMBs: 63, IntervalInSeconds: 60 } },
      'BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled.',
    ],
    [
      'zero buffering',
      { BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 0 } },
      'BufferingHints.IntervalInSeconds must be at least 60 when Dynamic Partitioning is enabled.',
    ],
    [
      'no prefix for errors',
      { ErrorOutputPrefix: undefined },
      'ErrorOutputPrefix cannot be null or empty when Prefix contains expressions',
    ],
    [
      'a query for keys that the prefix does not use',
      { ProcessingConfiguration: extraction('{customer: .c, "year": (.t | strftime("%Y, m: %m"))}') },
      "MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix expression",
    ],
    ['no processing', {}, 'Processing Configuration is not enabled when DataPartitioning is enabled'],
  ])('refuses %s', (_, request, message) => {
    expect(() => make({ ...PARTITIONED, ...request })).toThrow(message);
  });

  test.each([
    '{customer: .c}',
    '{"customer": (.c | ascii_downcase)}',
    '{customer: "a, b: c"}',
    '.key | {customer: .c}',
  ])('takes the query %s', (query) => {
    const destination = make({ ...PARTITIONED, ProcessingConfiguration: extraction(query) });
    expect(destination.hints).toEqual({ sizeInMBs: 128, intervalInSeconds: 300 });
  });

  test('can only be enabled from the beginning', () => {
    expect(() => change(make(), PARTITIONED)).toThrow(
      'Dynamic Partitioning can only be enabled when a delivery stream is created',
    );
    const partitionedFirst = make({ ...PARTITIONED, ProcessingConfiguration: extraction('{customer: .c}') });
    expect(() => change(partitionedFirst, { DynamicPartitioningConfiguration: { Enabled: false } })).toThrow(
      'Dynamic Partitioning cannot be disabled once it is enabled',
    );
    expect(change(make(), { DynamicPartitioningConfiguration: { Enabled: false } }).arn).toBe(S3.BucketARN);
  });

  const prefix = parsePrefix('!{partitionKeyFromLambda:customer}/!{partitionKeyFromQuery:year}/', 'S3');
  const configuration: ProcessingConfiguration = { Enabled: true };

  /** Processing that finds these keys, record by record, and puts `!` behind each record. */
  function finding(...keys: readonly (PartitionKeys | undefined)[]): Processing {
    return {
      configuration,
      hints: undefined,
      run: ({ runs: [run] }) => {
        const { data = [], ids = [] } = run ?? {};
        const runs = keys.map((partitionKeys, n) => {
          const name = (ids as readonly string[])[n] as string;
          const changed = Buffer.from(`${data[n]}!`);
          return makeRun({ arrival: START, data: [changed], ids: [name], cause: 1, partitionKeys });
        });
        return Promise.resolve({ runs, dropped: [], failed: [] });
      },
    };
  }

  test('parts records by what the prefix makes of their keys', async () => {
    const processing = finding(
      { fromLambda: { customer: 'C1', request: '1' }, fromQuery: { year: '2022' } },
      { fromLambda: { customer: 'C1', request: '2' }, fromQuery: { year: '2022' } },
    );
    const { runs, failed } = await partitioned(processing, prefix).run(batchOf(['a', 'b']), testAttempt());
    const used = { fromLambda: { customer: 'C1' }, fromQuery: { year: '2022' } };
    expect(runs.map((run) => [String(run.data[0]), run.partitionKeys])).toEqual([
      ['a!', used],
      ['b!', used],
    ]);
    expect(failed).toEqual([]);
  });

  test('fails, as they came in, records without the keys of the prefix, and tells of it once', async () => {
    const attempt = testAttempt();
    const processing = finding(
      undefined,
      { fromLambda: { customer: '' }, fromQuery: { year: '2022' } },
      { fromLambda: { customer: 'C1' }, fromQuery: {} },
    );
    const { runs, failed } = await partitioned(processing, prefix).run(batchOf(['a', 'b', 'c']), attempt);
    expect(runs).toEqual([]);
    expect(failed.map(({ data, errorCode, errorMessage }) => [String(data), errorCode, errorMessage])).toEqual(
      ['a', 'b', 'c'].map((text) => [
        text,
        'DynamicPartitioning.MetadataExtractionFailed',
        'partitionKeys values must not be null or empty',
      ]),
    );
    expect(attempt.reported).toEqual([
      'DynamicPartitioning.MetadataExtractionFailed: partitionKeys values must not be null or empty',
    ]);
  });

  test('fails records whose keys make the prefix too long', async () => {
    const processing = finding({ fromLambda: { customer: 'C'.repeat(600) }, fromQuery: { year: '2022' } });
    const { failed } = await partitioned(processing, prefix).run(batchOf(['a']), testAttempt());
    expect(failed).toMatchObject([{ errorMessage: 'Length of evaluated prefix cannot be greater than 512' }]);
  });
});
