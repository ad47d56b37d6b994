import type { EmulatorContext } from '../../../edge/emulator.ts';
import { INTERNAL_HEADERS } from '../../../edge/headers.ts';
import type { Exchange } from '../data-plane/exchange.ts';
import { throwIfUnreachable } from './failures.ts';
import type { BackendRequest, BackendResponse, Integration } from './integration.ts';
import { KinesisPuts } from './kinesis-put.ts';
import { checkPermission, functionAnswer, functionArnOf } from './lambda.ts';

/**
 * Services that are spoken to in JSON: API Gateway adds their `X-Amz-Target`. Every other action is a query. Prefixes
 * from the services' API models.
 */
const TARGET_PREFIXES: Readonly<Record<string, string>> = {
  kinesis: 'Kinesis_20131202',
  firehose: 'Firehose_20150804',
  dynamodb: 'DynamoDB_20120810',
  events: 'AWSEvents',
  states: 'AWSStepFunctions',
  logs: 'Logs_20140328',
};

const NO_BODY_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Integrations of type AWS: any service behind the edge. */
export function createAwsIntegration(context: EmulatorContext): Integration {
  const puts = new KinesisPuts(context);

  return {
    uriOf({ target, query }) {
      const host = `${target.subdomain ? `${target.subdomain}.` : ''}${target.service}.${target.region}.amazonaws.com`;
      const parameters = target.kind === 'action' ? [['Action', target.rest] as const, ...query] : query;
      const path = target.kind === 'path' ? `/${target.rest}` : '/';
      return `https://${host}${path}${queryString(parameters, path.includes('?'))}`;
    },

    async send(request: BackendRequest, exchange: Exchange): Promise<BackendResponse> {
      const { target, method, headers } = request;
      const functionArn = functionArnOf(target);
      if (functionArn !== undefined && !request.hasCredentials) {
        await checkPermission(context, functionArn, target.region, exchange);
      }
      const prefix = target.kind === 'action' ? TARGET_PREFIXES[target.service] : undefined;
      const body = NO_BODY_METHODS.has(method) ? '' : request.body;
      if (target.service === 'kinesis' && target.rest === 'PutRecord' && prefix !== undefined && method === 'POST') {
        return await puts.put(target.region, body, headers, exchange.received, exchange.context.requestId);
      }
      const named =
        prefix === undefined || hasHeader(headers, 'x-amz-target')
          ? {}
          : { 'X-Amz-Target': `${prefix}.${target.rest}` };
      const response = await throwIfUnreachable(
        context.aws.send({
          service: target.service,
          region: target.region,
          method,
          target: targetOf(request, prefix !== undefined),
          headers: { ...headers, ...named, [INTERNAL_HEADERS.cause]: String(exchange.received) },
          body,
        }),
      );
      return functionArn === undefined ? response : functionAnswer(response, exchange);
    },
  };
}

function targetOf({ target, query }: BackendRequest, isJson: boolean): string {
  if (target.kind === 'path') return `/${target.rest}${queryString(query, target.rest.includes('?'))}`;
  if (isJson) return `/${queryString(query, false)}`;
  return `/${queryString([['Action', target.rest], ...query], false)}`;
}

function queryString(parameters: readonly (readonly [string, string])[], begun: boolean): string {
  if (parameters.length === 0) return '';
  const text = parameters.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  return `${begun ? '&' : '?'}${text}`;
}

function hasHeader(headers: Readonly<Record<string, string>>, lower: string): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === lower);
}
