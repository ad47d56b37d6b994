import { badRequest, notSupported } from '../../errors.ts';
import { parseIntegrationUri } from '../../integrations/aws-uri.ts';
import { functionArnOf } from '../../integrations/lambda.ts';
import type { Authorizer } from '../../store/model.ts';
import { isSource, sourcesOf } from '../identity.ts';

const TYPES = ['TOKEN', 'REQUEST', 'COGNITO_USER_POOLS'];
/** API reference, CreateAuthorizer. */
const MAX_TTL_SECONDS = 3600;
export const DEFAULT_TTL_SECONDS = 300;

export function checkType(type: string | undefined): Authorizer['type'] {
  if (!TYPES.includes(type ?? '')) throw badRequest('Invalid authorizer type specified');
  if (type === 'COGNITO_USER_POOLS') throw notSupported('authorizers of Cognito user pools (type COGNITO_USER_POOLS)');
  return type as Authorizer['type'];
}

export function readTtl(seconds: number | undefined): number {
  if (seconds === undefined) return DEFAULT_TTL_SECONDS;
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > MAX_TTL_SECONDS) {
    throw badRequest(`Authorizer result TTL must be between 0 and ${MAX_TTL_SECONDS} seconds`);
  }
  return seconds;
}

/** What an authorizer must be as a whole. */
export function checkAuthorizer(authorizer: Authorizer): void {
  const { type, authorizerUri, authorizerResultTtlInSeconds: ttl, identityValidationExpression } = authorizer;
  if (!authorizer.name) throw badRequest('Authorizer name cannot be empty');
  const target = parseIntegrationUri(authorizerUri.replace(/\$\{stageVariables\.[A-Za-z0-9_]+\}/g, 'variable'));
  if (!target || functionArnOf(target) === undefined) {
    throw badRequest(
      `Invalid Authorizer URI: ${authorizerUri}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.`,
    );
  }
  const sources = sourcesOf(authorizer);
  const wrong = sources.find((source) => !isSource(source));
  if (wrong !== undefined) throw badRequest(`Invalid mapping expression specified: ${wrong}`);
  if (type === 'TOKEN' && (sources.length !== 1 || !sources[0]?.startsWith('method.request.header.'))) {
    throw badRequest('A TOKEN authorizer needs one header as its identity source: method.request.header.{name}');
  }
  if (type === 'REQUEST' && sources.length === 0 && ttl > 0) {
    throw badRequest('A REQUEST authorizer whose answers are kept needs an identity source');
  }
  if (identityValidationExpression) checkExpression(identityValidationExpression);
}

function checkExpression(expression: string): void {
  try {
    new RegExp(expression, 'u');
  } catch {
    throw badRequest(`Invalid identity validation expression specified: ${expression}`);
  }
}
