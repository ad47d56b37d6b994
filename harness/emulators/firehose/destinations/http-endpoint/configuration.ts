import type { HttpEndpointDestinationConfiguration, HttpEndpointDestinationUpdate } from '@aws-sdk/client-firehose';
import { errors } from '../../errors.ts';
import { checkProcessing } from '../../processing/index.ts';
import type { Violations } from '../../violations.ts';
import { checkRoleArn } from '../arns.ts';
import type { BufferingHints, ErrorLogPlace } from '../destination.ts';
import { checkLogging, readLogging } from '../error-log.ts';
import { checkHints, type HintsLimits, readHints } from '../hints.ts';
import { checkS3Request, readS3Request, type S3Configuration } from '../s3/index.ts';
import { isLoopback, readUrl } from './url.ts';

// The API model (2015-08-04) and https://docs.aws.amazon.com/firehose/latest/dev/create-configure-backup.html.
const HINTS: HintsLimits = {
  sizeInMBs: { min: 1, max: 64, default: 5 },
  intervalInSeconds: { min: 0, max: 900, default: 60 },
};
const MAX_URL_LENGTH = 1000;
const MAX_NAME_LENGTH = 256;
const MAX_ACCESS_KEY_LENGTH = 4096;
const MAX_ATTRIBUTES = 50;
const MAX_ATTRIBUTE_NAME_LENGTH = 256;
const MAX_ATTRIBUTE_VALUE_LENGTH = 1024;
const MAX_RETRY_SECONDS = 7200;
const DEFAULT_RETRY_SECONDS = 300;
const URL_PATTERN = 'https://.*';
const NOT_BLANK = '^(?!\\s*$).+';
const CONTENT_ENCODINGS = ['NONE', 'GZIP'] as const;
const BACKUP_MODES = ['FailedDataOnly', 'AllData'] as const;

/** What requests may give: a configuration, or an update whose `S3Update` stands for `S3Configuration`. */
export type HttpEndpointRequest = Partial<HttpEndpointDestinationConfiguration & HttpEndpointDestinationUpdate>;

/** A checked HTTP endpoint destination. */
export interface HttpEndpoint {
  /** As given, to be merged with an update and described. */
  readonly request: HttpEndpointRequest;
  readonly url: URL;
  readonly accessKey: string;
  readonly commonAttributes: Readonly<Record<string, string>>;
  readonly gzip: boolean;
  readonly hints: BufferingHints;
  readonly retryMs: number;
  readonly backupMode: (typeof BACKUP_MODES)[number];
  readonly s3: S3Configuration;
  readonly errorLog: ErrorLogPlace | undefined;
}

/** The constraints of the API model. `path` is that of the configuration in the request. */
export function checkHttpEndpoint(
  request: HttpEndpointRequest,
  path: string,
  violations: Violations,
  isUpdate: boolean,
): void {
  const at = (member: string) => `${path}.${member}`;
  const { EndpointConfiguration: endpoint, S3Configuration, S3Update, SecretsManagerConfiguration } = request;
  if (endpoint !== undefined || !isUpdate) checkEndpoint(endpoint, at('endpointConfiguration'), violations);
  checkHints(at('bufferingHints'), request.BufferingHints, HINTS, violations);
  checkLogging(at('cloudWatchLoggingOptions'), request.CloudWatchLoggingOptions, violations);
  const { ContentEncoding, CommonAttributes = [] } = request.RequestConfiguration ?? {};
  violations.oneOf(at('requestConfiguration.contentEncoding'), ContentEncoding, CONTENT_ENCODINGS);
  checkAttributes(CommonAttributes, at('requestConfiguration.commonAttributes'), violations);
  checkProcessing(request.ProcessingConfiguration, at('processingConfiguration'), violations);
  checkRoleArn(at('roleARN'), request.RoleARN, violations, true);
  violations.range(at('retryOptions.durationInSeconds'), request.RetryOptions?.DurationInSeconds, 0, MAX_RETRY_SECONDS);
  violations.oneOf(at('s3BackupMode'), request.S3BackupMode, BACKUP_MODES);
  if (isUpdate) {
    if (S3Update) checkS3Request(S3Update, at('s3Update'), violations, true);
  } else if (violations.required(at('s3Configuration'), S3Configuration)) {
    checkS3Request(S3Configuration, at('s3Configuration'), violations, false);
  }
  if (SecretsManagerConfiguration) {
    violations.required(at('secretsManagerConfiguration.enabled'), SecretsManagerConfiguration.Enabled);
  }
}

/**
 * The rules beyond the model. `member` names the configuration in the request, for messages.
 *
 * @throws InvalidArgumentException
 */
export function readHttpEndpoint(request: HttpEndpointRequest, member: string): HttpEndpoint {
  if (request.SecretsManagerConfiguration?.Enabled) {
    throw errors.unsupported(`${member}.SecretsManagerConfiguration with Enabled: true`);
  }
  const accessKey = request.EndpointConfiguration?.AccessKey ?? '';
  if (/[^\t\P{Cc}]/u.test(accessKey)) {
    throw errors.invalid('EndpointConfiguration: AccessKey has control characters, which no HTTP header can carry');
  }
  const attributes = request.RequestConfiguration?.CommonAttributes ?? [];
  const commonAttributes = attributes.map(({ AttributeName, AttributeValue }) => [AttributeName, AttributeValue]);
  return {
    request,
    url: readUrl(request.EndpointConfiguration?.Url ?? ''),
    accessKey,
    commonAttributes: Object.fromEntries(commonAttributes),
    gzip: request.RequestConfiguration?.ContentEncoding === 'GZIP',
    hints: readHints(request.BufferingHints, HINTS),
    retryMs: (request.RetryOptions?.DurationInSeconds ?? DEFAULT_RETRY_SECONDS) * 1000,
    backupMode: request.S3BackupMode ?? 'FailedDataOnly',
    s3: readS3Request(request.S3Configuration ?? {}, `${member}.S3Configuration`),
    errorLog: readLogging(request.CloudWatchLoggingOptions),
  };
}

function checkEndpoint(
  endpoint: HttpEndpointRequest['EndpointConfiguration'],
  path: string,
  violations: Violations,
): void {
  if (!violations.required(path, endpoint)) return;
  if (violations.required(`${path}.url`, endpoint.Url)) {
    const pattern = isLoopback(endpoint.Url) ? undefined : URL_PATTERN;
    violations.secret(`${path}.url`, endpoint.Url, 1, MAX_URL_LENGTH, pattern);
  }
  violations.text(`${path}.name`, endpoint.Name, 1, MAX_NAME_LENGTH, NOT_BLANK);
  violations.secret(`${path}.accessKey`, endpoint.AccessKey, 0, MAX_ACCESS_KEY_LENGTH);
}

function checkAttributes(
  attributes: readonly { AttributeName: string | undefined; AttributeValue: string | undefined }[],
  path: string,
  violations: Violations,
): void {
  violations.list(path, attributes, 0, MAX_ATTRIBUTES);
  attributes.forEach((attribute, index) => {
    // Members of lists are numbered from 1 in AWS's messages.
    const at = `${path}.${index + 1}.member`;
    const { AttributeName: name, AttributeValue: value } = attribute ?? {};
    if (violations.required(`${at}.attributeName`, name)) {
      violations.secret(`${at}.attributeName`, name, 1, MAX_ATTRIBUTE_NAME_LENGTH, NOT_BLANK);
    }
    if (violations.required(`${at}.attributeValue`, value)) {
      violations.secret(`${at}.attributeValue`, value, 0, MAX_ATTRIBUTE_VALUE_LENGTH);
    }
  });
}
