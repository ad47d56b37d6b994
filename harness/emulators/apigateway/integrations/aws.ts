import type { EmulatorContext } from '../../../edge/emulator.ts';
import { INTERNAL_HEADERS } from '../../../edge/headers.ts';
import { configurationError } from '../data-plane/gateway-failure.ts';
import { type AwsTarget, parseIntegrationUri } from './aws-uri.ts';
import { throwIfUnreachable } from './failures.ts';
import type { Backend, BackendRequest } from './integration.ts';
import { KinesisPuts } from './kinesis-put.ts';
import { checkPermission, functionAnswer, functionArnOf } from './lambda.ts';
import { hasNoBody } from './request-headers.ts';
import { fillVariables, queryString } from './uri-variables.ts';

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

/** Any service behind the edge. */
export function createAwsBackend(context: EmulatorContext): Backend<AwsTarget> {
  const puts = new KinesisPuts(context);

  return {
    targetOf({ target: known, integration }, { stageVariables }, path) {
      if (known) return known;
      const uri = fillVariables(integration.uri ?? '', stageVariables, path);
      const target = parseIntegrationUri(uri);
      if (!target) throw configurationError(`Invalid endpoint address: ${uri}`);
      return target;
    },

    uriOf({ target, query }) {
      const host = `${target.subdomain ? `${target.subdomain}.` : ''}${target.service}.${target.region}.amazonaws.com`;
      const parameters = target.kind === 'action' ? [['Action', target.rest] as const, ...query] : query;
      const path = target.kind === 'path' ? `/${target.rest}` : '/';
      return `https://${host}${path}${queryString(parameters, path.includes('?'))}`;
    },

    async send(request, exchange) {
      const { target, method, headers } = request;
      const functionArn = functionArnOf(target);
      if (functionArn !== undefined && !request.hasCredentials) {
        await checkPermission(context, functionArn, target.region, exchange);
      }
      const prefix = target.kind === 'action' ? TARGET_PREFIXES[target.service] : undefined;
      const body = hasNoBody(method) ? '' : request.body;
      if (target.service === 'kinesis' && target.rest === 'PutRecord' && prefix !== undefined && method === 'POST') {
        const text = typeof body === 'string' ? body : body.toString('utf8');
        return await puts.put(target.region, text, headers, exchange.received, exchange.context.requestId);
      }
      const named =
        prefix === undefined || hasHeader(headers, 'x-amz-target')
          ? {}
          : { 'X-Amz-Target': `${prefix}.${target.rest}` };
      const sent = prefix === undefined && isQuery(request) ? asForm(headers, body) : { headers, body };
      const response = await throwIfUnreachable(
        context.aws.send({
          service: target.service,
          region: target.region,
          method,
          target: targetOf(request, prefix !== undefined),
          headers: {
            ...sent.headers,
            ...named,
            ...hostOf(target),
            [INTERNAL_HEADERS.cause]: String(exchange.received),
          },
          body: sent.body,
        }),
      );
      return functionArn === undefined ? response : functionAnswer(response, exchange);
    },
  };
}

function targetOf({ target, query }: BackendRequest<AwsTarget>, isJson: boolean): string {
  if (target.kind === 'path') {
    const bucket = isBucket(target) ? `/${target.subdomain}` : '';
    return `${bucket}/${target.rest}${queryString(query, target.rest.includes('?'))}`;
  }
  if (isJson) return `/${queryString(query, false)}`;
  return `/${queryString([['Action', target.rest], ...query], false)}`;
}

const isQuery = ({ target, query, headers }: BackendRequest<AwsTarget>): boolean =>
  !hasHeader(headers, 'x-amz-target') && (target.kind === 'action' || query.some(([name]) => name === 'Action'));

const FORM = 'application/x-www-form-urlencoded';

/**
 * Services of queries take their parameters from the address, too, and then heed neither body nor content type. Their
 * stand-ins go by the content type, so that of the caller is not passed on.
 */
function asForm(headers: Readonly<Record<string, string>>, body: Buffer | string) {
  const name = Object.keys(headers).find((one) => one.toLowerCase() === 'content-type') ?? 'Content-Type';
  return headers[name]?.startsWith(FORM) ? { headers, body } : { headers: { ...headers, [name]: FORM }, body: '' };
}

/** `bucket.s3` in an ARN: the bucket goes into the path, which needs no name of its own. */
const isBucket = ({ service, subdomain }: AwsTarget): boolean => service === 's3' && subdomain !== undefined;

/** A service that is asked under several names has to be told under which. */
function hostOf(target: AwsTarget): Record<string, string> {
  const { service, subdomain, region } = target;
  if (subdomain === undefined || isBucket(target)) return {};
  return { Host: `${subdomain}.${service}.${region}.amazonaws.com` };
}

function hasHeader(headers: Readonly<Record<string, string>>, lower: string): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === lower);
}
