import { describe, expect, test } from 'vitest';
import type { AwsAccess, InternalRequest } from '../../../../edge/emulator.ts';
import { DEFAULT_OPTIONS } from '../../options.ts';
import { Violations } from '../../violations.ts';
import type { OpenSearchRequest } from './configuration.ts';
import { sendBulk } from './endpoint.ts';
import { elasticsearchKind, openSearchKind } from './index.ts';
import { DOMAIN_ARN, MEMBER, REQUEST, ROLE_ARN } from './testing.ts';

const PARTS = { aws: {} as AwsAccess, options: DEFAULT_OPTIONS, region: 'us-east-1' };
const make = (changes: OpenSearchRequest = {}) => openSearchKind.make({ ...REQUEST, ...changes }, MEMBER, PARTS);
const change = (old: ReturnType<typeof make>, update: OpenSearchRequest) =>
  openSearchKind.change(old, update, 'AmazonopensearchserviceDestinationUpdate', PARTS);
const shown = (destination: ReturnType<typeof make>) =>
  destination.describe().AmazonopensearchserviceDestinationDescription;

function violationsOf(request: OpenSearchRequest, isUpdate = false): string {
  const violations = new Violations();
  openSearchKind.check(request, 'd', violations, isUpdate);
  try {
    violations.raise();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the model’s constraints', () => {
  test('let the least pass, and an empty update', () => {
    expect(violationsOf(REQUEST)).toBe('');
    expect(violationsOf({}, true)).toBe('');
  });

  test('want a role, an index’s name and a bucket', () => {
    expect(violationsOf({})).toBe(
      "3 validation errors detected: Value null at 'd.roleARN' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'd.indexName' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'd.s3Configuration' failed to satisfy constraint: Member must not be null",
    );
  });

  test.each<[OpenSearchRequest, string]>([
    [
      { DomainARN: 'arn:aws:es:us-east-1:1:domain/x' },
      "Value 'arn:aws:es:us-east-1:1:domain/x' at 'd.domainARN' failed to satisfy constraint: Member must satisfy " +
        'regular expression pattern: arn:.*:es:[a-zA-Z0-9\\-]+:\\d{12}:domain/[a-z][-0-9a-z]{2,27}',
    ],
    [
      { ClusterEndpoint: 'http://x' },
      "Value 'http://x' at 'd.clusterEndpoint' failed to satisfy constraint: Member must satisfy regular expression " +
        'pattern: https:.*',
    ],
    [
      { IndexName: 'i'.repeat(81) },
      `Value '${'i'.repeat(81)}' at 'd.indexName' failed to satisfy constraint: Member must have length less than or equal to 80`,
    ],
    [
      { IndexName: '' },
      "Value '' at 'd.indexName' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      { IndexRotationPeriod: 'OneYear' as 'OneDay' },
      "Value 'OneYear' at 'd.indexRotationPeriod' failed to satisfy constraint: Member must satisfy enum value set: " +
        '[NoRotation, OneHour, OneDay, OneWeek, OneMonth]',
    ],
    [
      { BufferingHints: { SizeInMBs: 101, IntervalInSeconds: 60 } },
      "Value '101' at 'd.bufferingHints.sizeInMBs' failed to satisfy constraint: Member must have value less than or equal to 100",
    ],
    [
      { BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 901 } },
      "Value '901' at 'd.bufferingHints.intervalInSeconds' failed to satisfy constraint: Member must have value less than or equal to 900",
    ],
    [
      { RetryOptions: { DurationInSeconds: 7201 } },
      "Value '7201' at 'd.retryOptions.durationInSeconds' failed to satisfy constraint: Member must have value less than or equal to 7200",
    ],
    [
      { S3BackupMode: 'Enabled' as 'AllDocuments' },
      "Value 'Enabled' at 'd.s3BackupMode' failed to satisfy constraint: Member must satisfy enum value set: " +
        '[FailedDocumentsOnly, AllDocuments]',
    ],
    [
      { DocumentIdOptions: { DefaultDocumentIdFormat: undefined } },
      "Value null at 'd.documentIdOptions.defaultDocumentIdFormat' failed to satisfy constraint: Member must not be null",
    ],
    [
      { S3Configuration: { RoleARN: ROLE_ARN, BucketARN: undefined } },
      "Value null at 'd.s3Configuration.bucketARN' failed to satisfy constraint: Member must not be null",
    ],
  ])('%j', (changes, violation) => {
    expect(violationsOf({ ...REQUEST, ...changes })).toBe(`1 validation error detected: ${violation}`);
  });

  test('are those of an update for what it gives of the bucket', () => {
    expect(violationsOf({ S3Update: { Prefix: 'a'.repeat(1025) } }, true)).toContain("at 'd.s3Update.prefix'");
  });
});

describe('what a destination is made from', () => {
  test.each<[OpenSearchRequest, string]>([
    [{ DomainARN: undefined }, `${MEMBER}: specify either DomainARN or ClusterEndpoint`],
    [{ ClusterEndpoint: 'https://x' }, `${MEMBER}: specify either DomainARN or ClusterEndpoint`],
    [{ DomainARN: undefined, ClusterEndpoint: 'https:' }, `${MEMBER}.ClusterEndpoint https: is not a valid URL`],
    [
      { DomainARN: undefined, ClusterEndpoint: 'https://search.example.com' },
      `${MEMBER}.ClusterEndpoint https://search.example.com, which is not the endpoint of a domain of Amazon OpenSearch ` +
        'Service, is not supported by naetmul.',
    ],
    [{ TypeName: 'event' }, `${MEMBER}.TypeName must be empty for OpenSearch and for Elasticsearch 7.x and later`],
    [
      { VpcConfiguration: { SubnetIds: ['s'], SecurityGroupIds: ['g'], RoleARN: ROLE_ARN } },
      `${MEMBER}.VpcConfiguration is not supported by naetmul.`,
    ],
    [
      { BufferingHints: { SizeInMBs: 5 } },
      'BufferingHints: SizeInMBs and IntervalInSeconds must be specified together',
    ],
  ])('is refused: %j', (changes, message) => {
    expect(() => make(changes)).toThrow(expect.objectContaining({ code: 'InvalidArgumentException', message }));
  });

  test('is described with its defaults', () => {
    expect(make({ TypeName: '' }).describe()).toEqual({
      AmazonopensearchserviceDestinationDescription: {
        RoleARN: ROLE_ARN,
        DomainARN: DOMAIN_ARN,
        ClusterEndpoint: undefined,
        IndexName: 'pinpoint',
        TypeName: '',
        IndexRotationPeriod: 'OneDay',
        BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
        RetryOptions: { DurationInSeconds: 300 },
        S3BackupMode: 'FailedDocumentsOnly',
        S3DestinationDescription: {
          RoleARN: ROLE_ARN,
          BucketARN: 'arn:aws:s3:::lake',
          Prefix: 'failed_',
          ErrorOutputPrefix: undefined,
          BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
          CompressionFormat: 'UNCOMPRESSED',
          EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
          CloudWatchLoggingOptions: { Enabled: false },
        },
        ProcessingConfiguration: { Enabled: false, Processors: [] },
        CloudWatchLoggingOptions: { Enabled: false },
        DocumentIdOptions: { DefaultDocumentIdFormat: 'FIREHOSE_DEFAULT' },
      },
    });
  });

  test('is described under the service’s old name where it was given so', () => {
    const old = elasticsearchKind.make(REQUEST, 'ElasticsearchDestinationConfiguration', PARTS).describe();
    expect(Object.keys(old)).toEqual(['ElasticsearchDestinationDescription']);
  });

  test('keeps a copy of all records only where told so', () => {
    expect(make().sourceBackup).toBeUndefined();
    expect(make({ S3BackupMode: 'AllDocuments' }).sourceBackup).toBeDefined();
  });

  test('is known in error logs by the domain', () => {
    const endpoint = 'https://127.0.0.1:4566/_aws/es/ap-northeast-2/gas';
    expect(make().arn).toBe(DOMAIN_ARN);
    expect(make({ DomainARN: undefined, ClusterEndpoint: endpoint }).arn).toBe(endpoint);
  });
});

describe('the domain is reached', () => {
  test.each([
    [{}, 'us-east-1', '/_aws/es/us-east-1/pinpoint/_bulk', undefined],
    [
      { DomainARN: undefined, ClusterEndpoint: 'https://127.0.0.1:4566/_aws/es/ap-northeast-2/gas/' },
      'ap-northeast-2',
      '/_aws/es/ap-northeast-2/gas/_bulk',
      undefined,
    ],
    [
      {
        DomainARN: undefined,
        ClusterEndpoint: 'https://search-gas-abcdefghijklmnopqrstuvwxyz.eu-west-1.es.amazonaws.com',
      },
      'eu-west-1',
      '/_bulk',
      'search-gas-abcdefghijklmnopqrstuvwxyz.eu-west-1.es.amazonaws.com',
    ],
  ])('by its ARN or any form of its endpoint: %j', async (changes, region, path, host) => {
    const { configuration } = make(changes) as unknown as {
      configuration: { endpoint: Parameters<typeof sendBulk>[1] };
    };
    const requests: InternalRequest[] = [];
    const aws = { send: async (request: InternalRequest) => void requests.push(request) } as unknown as AwsAccess;
    await sendBulk(aws, configuration.endpoint, Buffer.alloc(0), new AbortController().signal);
    expect(requests).toMatchObject([{ service: 'es', region, target: expect.stringMatching(`^${path}\\?`) }]);
    expect(requests[0]?.headers.host).toBe(host);
  });
});

describe('an update', () => {
  test('keeps what it does not give', () => {
    const old = make({
      BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
      IndexRotationPeriod: 'OneHour',
      S3BackupMode: 'AllDocuments',
    });
    const changed = change(old, { IndexName: 'other', S3Update: { Prefix: 'broken_' } });
    expect(shown(changed)).toEqual({
      ...shown(old),
      IndexName: 'other',
      S3DestinationDescription: { ...shown(old)?.S3DestinationDescription, Prefix: 'broken_' },
    });
    expect(shown(change(changed, { RetryOptions: { DurationInSeconds: 0 } }))).toEqual({
      ...shown(changed),
      RetryOptions: { DurationInSeconds: 0 },
    });
  });

  test('never changes the backup’s mode', () => {
    const changed = change(make(), { S3BackupMode: 'AllDocuments' });
    expect(shown(changed)?.S3BackupMode).toBe('FailedDocumentsOnly');
    expect(changed.sourceBackup).toBeUndefined();
  });

  test('may give the domain’s ARN in place of its endpoint, and the other way round', () => {
    const ClusterEndpoint = 'https://127.0.0.1:4566/_aws/es/us-east-1/gas';
    const byEndpoint = change(make(), { ClusterEndpoint });
    expect(shown(byEndpoint)).toMatchObject({ ClusterEndpoint, DomainARN: undefined });
    expect(shown(change(byEndpoint, { DomainARN: DOMAIN_ARN }))).toMatchObject({
      DomainARN: DOMAIN_ARN,
      ClusterEndpoint: undefined,
    });
  });

  test('does not make another type of destination into this one', () => {
    const old = elasticsearchKind.make(REQUEST, 'ElasticsearchDestinationConfiguration', PARTS);
    expect(() => change(old, {})).toThrow(
      'Switching from another type of destination to that of AmazonopensearchserviceDestinationUpdate is not supported',
    );
  });
});
