import type {
  AmazonopensearchserviceDestinationConfiguration,
  AmazonopensearchserviceDestinationUpdate,
  AmazonopensearchserviceIndexRotationPeriod,
} from '@aws-sdk/client-firehose';
import { errors } from '../../errors.ts';
import { checkProcessing } from '../../processing/index.ts';
import type { Violations } from '../../violations.ts';
import { checkRoleArn } from '../arns.ts';
import type { BufferingHints, ErrorLogPlace } from '../destination.ts';
import { checkLogging, readLogging } from '../error-log.ts';
import { checkHints, readHints } from '../hints.ts';
import { changeS3, checkS3Request, describeS3, readS3Request, type S3Configuration } from '../s3/index.ts';
import { type DomainEndpoint, endpointOfArn, endpointOfUrl } from './endpoint.ts';
import {
  CLUSTER_ENDPOINT_PATTERN,
  DOMAIN_ARN_PATTERN,
  HINTS,
  INDEX_NAME_LENGTH,
  MAX_CLUSTER_ENDPOINT_LENGTH,
  MAX_DOMAIN_ARN_LENGTH,
  MAX_TYPE_NAME_LENGTH,
  RETRY_SECONDS,
} from './limits.ts';
import { DEFAULT_ROTATION_PERIOD, ROTATION_PERIODS } from './rotation.ts';

/** The members that a request may give, when created and when updated. Those for Elasticsearch have the same names. */
export type OpenSearchRequest = Partial<
  AmazonopensearchserviceDestinationConfiguration & AmazonopensearchserviceDestinationUpdate
>;

/** A checked configuration. */
export interface OpenSearchConfiguration {
  /** As given, to be merged with an update and described. */
  readonly request: OpenSearchRequest;
  readonly endpoint: DomainEndpoint;
  readonly indexName: string;
  readonly rotation: AmazonopensearchserviceIndexRotationPeriod;
  readonly hints: BufferingHints;
  /** From the first attempt on, which is made in any case. */
  readonly retryMs: number;
  /** False where the domain is to name the documents. */
  readonly namesDocuments: boolean;
  readonly backsUpAll: boolean;
  readonly s3: S3Configuration;
  readonly errorLog: ErrorLogPlace | undefined;
}

const BACKUP_MODES = ['FailedDocumentsOnly', 'AllDocuments'] as const;
const ID_FORMATS = ['FIREHOSE_DEFAULT', 'NO_DOCUMENT_ID'] as const;

/** The constraints of the API model. `path` is that of the configuration in the request. */
export function checkOpenSearchRequest(
  request: OpenSearchRequest,
  path: string,
  violations: Violations,
  isUpdate: boolean,
): void {
  const at = (member: string) => `${path}.${member}`;
  checkRoleArn(at('roleARN'), request.RoleARN, violations, isUpdate);
  violations.text(at('domainARN'), request.DomainARN, 1, MAX_DOMAIN_ARN_LENGTH, DOMAIN_ARN_PATTERN);
  const endpoint = request.ClusterEndpoint;
  violations.text(at('clusterEndpoint'), endpoint, 1, MAX_CLUSTER_ENDPOINT_LENGTH, CLUSTER_ENDPOINT_PATTERN);
  if (isUpdate || violations.required(at('indexName'), request.IndexName)) {
    violations.text(at('indexName'), request.IndexName, INDEX_NAME_LENGTH.min, INDEX_NAME_LENGTH.max);
  }
  violations.text(at('typeName'), request.TypeName, 0, MAX_TYPE_NAME_LENGTH);
  violations.oneOf(at('indexRotationPeriod'), request.IndexRotationPeriod, ROTATION_PERIODS);
  checkHints(at('bufferingHints'), request.BufferingHints, HINTS, violations);
  const retry = request.RetryOptions?.DurationInSeconds;
  violations.range(at('retryOptions.durationInSeconds'), retry, RETRY_SECONDS.min, RETRY_SECONDS.max);
  violations.oneOf(at('s3BackupMode'), request.S3BackupMode, BACKUP_MODES);
  if (isUpdate) {
    if (request.S3Update) checkS3Request(request.S3Update, at('s3Update'), violations, true);
  } else if (violations.required(at('s3Configuration'), request.S3Configuration)) {
    checkS3Request(request.S3Configuration, at('s3Configuration'), violations, false);
  }
  checkProcessing(request.ProcessingConfiguration, at('processingConfiguration'), violations);
  checkLogging(at('cloudWatchLoggingOptions'), request.CloudWatchLoggingOptions, violations);
  const ids = request.DocumentIdOptions;
  const idPath = at('documentIdOptions.defaultDocumentIdFormat');
  if (ids && violations.required(idPath, ids.DefaultDocumentIdFormat)) {
    violations.oneOf(idPath, ids.DefaultDocumentIdFormat, ID_FORMATS);
  }
}

/**
 * The rules beyond the model. `member` names the configuration in the request, for messages.
 *
 * @throws InvalidArgumentException
 */
export function readOpenSearchRequest(request: OpenSearchRequest, member: string): OpenSearchConfiguration {
  return read(request, readS3Request(request.S3Configuration ?? {}, `${member}.S3Configuration`), member);
}

/**
 * A configuration after an update: members that the update does not give keep their values, and the backup's mode stays
 * what it is.
 *
 * @throws InvalidArgumentException
 */
export function changeOpenSearch(
  old: OpenSearchConfiguration,
  { S3Update, S3BackupMode: _, ...update }: OpenSearchRequest,
  member: string,
): OpenSearchConfiguration {
  const given = Object.fromEntries(Object.entries(update).filter(([, value]) => value !== undefined));
  const { DomainARN, ClusterEndpoint, ...others } = old.request;
  const place = update.DomainARN || update.ClusterEndpoint ? {} : { DomainARN, ClusterEndpoint };
  return read({ ...others, ...place, ...given }, changeS3(old.s3, S3Update ?? {}, `${member}.S3Update`), member);
}

function read(request: OpenSearchRequest, s3: S3Configuration, member: string): OpenSearchConfiguration {
  if (request.VpcConfiguration !== undefined) throw errors.unsupported(`${member}.VpcConfiguration`);
  if (request.TypeName) {
    throw errors.invalid(`${member}.TypeName must be empty for OpenSearch and for Elasticsearch 7.x and later`);
  }
  return {
    request,
    endpoint: readEndpoint(request, member),
    indexName: request.IndexName ?? '',
    rotation: request.IndexRotationPeriod ?? DEFAULT_ROTATION_PERIOD,
    hints: readHints(request.BufferingHints, HINTS),
    retryMs: (request.RetryOptions?.DurationInSeconds ?? RETRY_SECONDS.default) * 1000,
    namesDocuments: request.DocumentIdOptions?.DefaultDocumentIdFormat !== 'NO_DOCUMENT_ID',
    backsUpAll: request.S3BackupMode === 'AllDocuments',
    s3,
    errorLog: readLogging(request.CloudWatchLoggingOptions),
  };
}

function readEndpoint({ DomainARN, ClusterEndpoint }: OpenSearchRequest, member: string): DomainEndpoint {
  if ((DomainARN === undefined) === (ClusterEndpoint === undefined)) {
    throw errors.invalid(`${member}: specify either DomainARN or ClusterEndpoint`);
  }
  return DomainARN === undefined ? endpointOfUrl(ClusterEndpoint ?? '', member) : endpointOfArn(DomainARN);
}

/** As an `AmazonopensearchserviceDestinationDescription`, which is also that for Elasticsearch. */
export function describeOpenSearch(configuration: OpenSearchConfiguration) {
  const { request, hints, namesDocuments, backsUpAll } = configuration;
  return {
    RoleARN: request.RoleARN,
    DomainARN: request.DomainARN,
    ClusterEndpoint: request.ClusterEndpoint,
    IndexName: configuration.indexName,
    TypeName: request.TypeName,
    IndexRotationPeriod: configuration.rotation,
    BufferingHints: { SizeInMBs: hints.sizeInMBs, IntervalInSeconds: hints.intervalInSeconds },
    RetryOptions: { DurationInSeconds: configuration.retryMs / 1000 },
    S3BackupMode: backsUpAll ? ('AllDocuments' as const) : ('FailedDocumentsOnly' as const),
    S3DestinationDescription: describeS3(configuration.s3),
    ProcessingConfiguration: request.ProcessingConfiguration ?? { Enabled: false, Processors: [] },
    CloudWatchLoggingOptions: request.CloudWatchLoggingOptions ?? { Enabled: false },
    DocumentIdOptions: {
      DefaultDocumentIdFormat: namesDocuments ? ('FIREHOSE_DEFAULT' as const) : ('NO_DOCUMENT_ID' as const),
    },
  };
}
