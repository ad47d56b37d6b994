import { badRequest, refuse } from '../errors.ts';
import { parseIntegrationUri } from '../integrations/aws-uri.ts';
import { MAX_TEMPLATE_BYTES, MAX_TIMEOUT_MS, MIN_TIMEOUT_MS } from '../limits.ts';
import type { PassthroughBehavior } from '../store/model.ts';
import { invalidExpression } from './method-parameters.ts';

const TARGET = /^integration\.request\.(?:header|querystring|path)\.[^\s]+$/;
const SOURCE =
  /^(?:'.*'|method\.request\.(?:header|querystring|path|multivaluequerystring|multivalueheader)\.[^\s]+|method\.request\.body(?:[.[].*)?|context\.[^\s]+|stageVariables\.[^\s]+)$/s;
const CONTENT_TYPE = /^(?:\$default|[\w.+*-]+\/[\w.+*-]+(?:\s*;.*)?)$/;
const PASSTHROUGH = ['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'];

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

/** What an AWS integration needs besides its type. */
export function checkAwsTarget(uri: string | undefined, httpMethod: string | undefined, credentials?: string): void {
  if (!httpMethod) throw badRequest('Enumeration value for HttpMethod must be non-empty');
  if (!uri?.startsWith('arn:')) throw badRequest('Invalid ARN specified in the request');
  const target = parseIntegrationUri(uri);
  if (!target) throw badRequest('AWS ARN for integration must contain path or action');
  if (!credentials && target.service !== 'lambda') throw badRequest('Role ARN must be specified for AWS integrations');
}

export function checkContentHandling(handling: string | undefined): 'CONVERT_TO_TEXT' | undefined {
  refuse(handling === 'CONVERT_TO_BINARY', 'binary payloads (contentHandling CONVERT_TO_BINARY)');
  return handling === 'CONVERT_TO_TEXT' ? handling : undefined;
}

/** Templates as the store keeps them: one set to null is an empty one, which passes an empty body. */
export function keepTemplates(
  templates: Readonly<Record<string, string | null>> | undefined,
): Record<string, string> | undefined {
  return templates && Object.fromEntries(Object.entries(templates).map(([type, text]) => [type, text ?? '']));
}
