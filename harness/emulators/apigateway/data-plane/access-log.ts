import type { LogSink } from '../../../edge/sinks.ts';
import type { AccessLogDelivery } from './access-log-delivery.ts';
import { contextText } from './context-variables.ts';
import type { Exchange, GatewayAnswer } from './exchange.ts';
import { compileFormat } from './variables-format.ts';

/** A request that is over. */
export interface Finished {
  readonly exchange: Exchange;
  readonly answer: GatewayAnswer;
  readonly latencyMs: number;
}

/** Formats are few and used for every request. */
const formats = new Map<string, ReturnType<typeof compileFormat>>();
const MAX_FORMATS = 100;

/** A line in a stage's format. Unlike in templates, a variable without a value shows as `-`. */
export function accessLogLine(format: string, finished: Finished): string {
  let compiled = formats.get(format);
  if (!compiled) {
    if (formats.size >= MAX_FORMATS) formats.clear();
    compiled = compileFormat(format);
    formats.set(format, compiled);
  }
  return compiled((name) => variable(name, finished) || '-');
}

export interface AccessLogOutlets {
  readonly logs: LogSink;
  readonly delivery: AccessLogDelivery;
}

/** @param stream of CloudWatch Logs; a delivery stream has none */
export function writeAccessLog(outlets: AccessLogOutlets, arn: string, stream: string, message: string, now: number) {
  if (isDeliveryStream(arn)) outlets.delivery.add(arn, message);
  else outlets.logs.put(groupOf(arn), stream, [{ timestamp: now, message }]);
}

const isDeliveryStream = (arn: string): boolean => arn.split(':', 3)[2] === 'firehose';

/** `arn:aws:logs:ap-northeast-2:000000000000:log-group:api-access` → `api-access`. */
function groupOf(arn: string): string {
  return arn.slice(arn.indexOf(':log-group:') + ':log-group:'.length);
}

type Value = string | number | undefined;

/** What only access logs know of a request (developer guide, "Variables for access logging for API Gateway"). */
const ONLY_HERE: Readonly<Record<string, (finished: Finished) => Value>> = {
  status: ({ answer }) => answer.status,
  responseLatency: ({ latencyMs }) => latencyMs,
  responseLength: ({ answer }) => Buffer.byteLength(answer.body),
  endpointType: ({ exchange }) => exchange.api.endpointType,
  xrayTraceId: ({ exchange }) => `Root=${exchange.traceRoot}`,
  'customDomain.basePathMatched': ({ exchange }) => {
    const { customDomain } = exchange.context;
    return customDomain && (customDomain.basePathMatched || '(none)');
  },
  integrationLatency: ({ exchange }) => exchange.integrationLatencyMs,
  'integration.latency': ({ exchange }) => exchange.integrationLatencyMs,
  integrationStatus: ({ exchange }) => exchange.integrationStatus,
  'integration.integrationStatus': ({ exchange }) => exchange.integrationStatus,
  'integration.status': integrationStatus,
  'integration.requestId': ({ exchange }) => exchange.context.awsEndpointRequestId,
  integrationErrorMessage: integrationError,
  'integration.error': integrationError,
  'authorize.status': ({ exchange }) => exchange.phases.authorize?.status,
  'authorize.latency': ({ exchange }) => exchange.phases.authorize?.latencyMs,
  'authorize.error': ({ exchange }) => exchange.phases.authorize?.error,
  'authorizer.status': ({ exchange }) => exchange.phases.authorizer?.status,
  'authorizer.latency': ({ exchange }) => exchange.phases.authorizer?.latencyMs,
  'authorizer.error': ({ exchange }) => exchange.phases.authorizer?.error,
  'authorizer.integrationStatus': ({ exchange }) => exchange.phases.authorizer?.integrationStatus,
  'authorizer.integrationLatency': ({ exchange }) => exchange.phases.authorizer?.integrationLatencyMs,
  'authorizer.requestId': ({ exchange }) => exchange.phases.authorizer?.requestId,
  'error.message': ({ exchange }) => exchange.failure?.told ?? undefined,
  'error.messageString': ({ exchange: { failure } }) => (failure?.told ? JSON.stringify(failure.told) : undefined),
  'error.responseType': ({ exchange }) => exchange.failure?.type,
  'error.validationErrorString': ({ exchange }) => exchange.failure?.validationError,
};

/** Of a proxied function, what it answered; what is mocked has none. */
function integrationStatus({ exchange, answer }: Finished): Value {
  if (exchange.integrationType === 'MOCK') return undefined;
  if (exchange.integrationType !== 'AWS_PROXY') return exchange.integrationStatus;
  return exchange.failure ? undefined : answer.status;
}

function integrationError({ exchange: { failure, integrationType } }: Finished): Value {
  if (!failure?.logged || integrationType === undefined) return undefined;
  return `Execution failed due to ${failure.logged}`;
}

function variable(name: string, finished: Finished): string | undefined {
  if (!name.startsWith('context.')) return undefined;
  const path = name.slice('context.'.length);
  if (!Object.hasOwn(ONLY_HERE, path)) return contextText(finished.exchange.context, path);
  const value = ONLY_HERE[path]?.(finished);
  return value === undefined ? undefined : String(value);
}
