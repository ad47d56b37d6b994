import { AwsError } from '../../../edge/aws-error.ts';
import { badRequest, validationError } from '../errors.ts';
import { parseIntegrationUri } from '../integrations/aws-uri.ts';
import { MAX_TEMPLATE_BYTES, MAX_TIMEOUT_MS, MIN_TIMEOUT_MS } from '../limits.ts';
import type { ContentHandling, IntegrationType, PassthroughBehavior } from '../store/model.ts';
import { HTTP_METHODS, invalidExpression } from './method-parameters.ts';

const TARGET = /^integration\.request\.(?:header|querystring|path)\.[^\s]+$/;
const SOURCE =
  /^(?:'.*'|method\.request\.(?:header|querystring|path|multivaluequerystring|multivalueheader)\.[^\s]+|method\.request\.body(?:[.[].*)?|context\.[^\s]+|stageVariables\.[^\s]+)$/s;
const CONTENT_TYPE = /^(?:\$default|[\w.+*-]+\/[\w.+*-]+(?:\s*;.*)?)$/;
/** A stage variable may stand for any part but the scheme. */
const HTTP_URI = /^https?:\/\/[^/?#\s]+/;
const LAMBDA_PATH = /^path\/2015-03-31\/functions\//;
const PASSTHROUGH = ['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'];

/** Values that are no text are told of before anything else. */
export function checkTexts(...maps: (Readonly<Record<string, unknown>> | null | undefined)[]): void {
  for (const value of maps.flatMap((map) => Object.values(map ?? {}))) {
    const type = JAVA_TYPES[typeof value];
    if (type !== undefined) {
      throw new AwsError('SerializationException', `class ${type} can not be converted to an String`, 400);
    }
  }
}

const JAVA_TYPES: Readonly<Record<string, string>> = {
  boolean: 'java.lang.Boolean',
  number: 'com.amazon.coral.value.json.numbers.TruncatingBigNumber',
};

export function checkMappings(parameters: Readonly<Record<string, string>> | undefined): void {
  for (const [target, source] of Object.entries(parameters ?? {})) {
    if (!TARGET.test(target)) throw invalidExpression(target, 'parameter ');
    if (!SOURCE.test(source)) throw invalidExpression(source);
  }
}

export function checkTemplates(templates: Readonly<Record<string, string | null>> | undefined): void {
  for (const [contentType, template] of Object.entries(templates ?? {})) {
    if (!CONTENT_TYPE.test(contentType)) {
      throw badRequest(`Validation Result: warnings : [], errors : [Invalid content type specified: ${contentType}]`);
    }
    if (Buffer.byteLength(template ?? '') > MAX_TEMPLATE_BYTES) {
      throw badRequest(`Template size exceeds the maximum of ${MAX_TEMPLATE_BYTES} bytes`);
    }
  }
}

export function checkPassthrough(behavior: string | undefined): PassthroughBehavior {
  if (behavior === undefined || behavior === '') return 'WHEN_NO_MATCH';
  if (!PASSTHROUGH.includes(behavior)) {
    throw badRequest(`Invalid passthrough behavior specified. Valid options are ${PASSTHROUGH.join(',')}`);
  }
  return behavior as PassthroughBehavior;
}

export function checkTimeout(timeoutMs: number | undefined): number {
  if (timeoutMs === undefined || timeoutMs === null) return MAX_TIMEOUT_MS;
  if (!Number.isInteger(timeoutMs) || timeoutMs < MIN_TIMEOUT_MS || timeoutMs > MAX_TIMEOUT_MS) {
    throw badRequest(`Timeout should be between ${MIN_TIMEOUT_MS} ms and ${MAX_TIMEOUT_MS} ms`);
  }
  return timeoutMs;
}

/** What an integration needs besides its type. */
export function checkTarget(
  type: IntegrationType,
  uri: string | undefined,
  httpMethod: string | undefined,
  credentials: string | undefined,
): void {
  if (type === 'MOCK') return;
  if (!httpMethod) throw badRequest('Enumeration value for HttpMethod must be non-empty');
  if (!HTTP_METHODS.includes(httpMethod)) {
    throw badRequest(`Invalid HttpMethod specified. Valid options are ${HTTP_METHODS.join(',')}`);
  }
  if (type === 'HTTP' || type === 'HTTP_PROXY') {
    if (!HTTP_URI.test(uri ?? '')) throw badRequest('Invalid HTTP endpoint specified for URI');
    return;
  }
  if (!uri?.startsWith('arn:')) throw badRequest('Invalid ARN specified in the request');
  const target = parseIntegrationUri(uri);
  if (!target) throw badRequest('AWS ARN for integration must contain path or action');
  if (type === 'AWS_PROXY' && !(target.service === 'lambda' && LAMBDA_PATH.test(`${target.kind}/${target.rest}`))) {
    throw badRequest(
      "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
    );
  }
  if (!credentials && target.service !== 'lambda') throw badRequest('Role ARN must be specified for AWS integrations');
}

export function checkContentHandling(handling: string | undefined, member: string): ContentHandling | undefined {
  if (handling === undefined || handling === null || handling === '') return undefined;
  if (handling === 'CONVERT_TO_TEXT' || handling === 'CONVERT_TO_BINARY') return handling;
  throw validationError([
    `Value '${handling}' at '${member}' failed to satisfy constraint: ` +
      'Member must satisfy enum value set: [CONVERT_TO_BINARY, CONVERT_TO_TEXT]',
  ]);
}

/** Templates as the store keeps them: one set to null is an empty one, which passes an empty body. */
export function keepTemplates(
  templates: Readonly<Record<string, string | null>> | undefined,
): Record<string, string> | undefined {
  return templates && Object.fromEntries(Object.entries(templates).map(([type, text]) => [type, text ?? '']));
}
