import type { Clock } from '../../../clock/index.ts';
import type { MethodSettings } from '../store/model.ts';
import type { Exchange } from './exchange.ts';
import { ExecutionLog, javaMap, mask } from './execution-log.ts';
import type { MethodRuntime } from './runtime.ts';

/** Opens the execution log of a request, before anything is decided about it; undefined when it is off. */
export function openExecutionLog(
  clock: Clock,
  { context }: Exchange,
  { loggingLevel, dataTraceEnabled }: MethodSettings,
): ExecutionLog | undefined {
  if (loggingLevel === undefined || loggingLevel === 'OFF') return undefined;
  const log = new ExecutionLog(clock, context.requestId, loggingLevel, dataTraceEnabled);
  log.info(`Extended Request Id: ${context.extendedRequestId}`);
  return log;
}

/** What is logged of a request once it has been let in. */
export function logRequest({ log, context, httpMethod, bodyText, ...exchange }: Exchange, method: MethodRuntime): void {
  if (!log?.showsInfo) return;
  const { apiKey, apiKeyId } = context.identity;
  log.info(`Starting execution for request: ${context.requestId}`);
  log.info(`HTTP Method: ${httpMethod}, Resource Path: ${exchange.path}`);
  if (apiKey) {
    log.info(`API Key: ${mask(apiKey)}`);
    log.info(`API Key ID: ${apiKeyId}`);
  }
  log.trace(() => `Method request path: ${javaMap(Object.entries(exchange.pathParameters))}`);
  log.trace(() => `Method request query string: ${javaMap(exchange.query.lasts())}`);
  log.trace(() => `Method request headers: ${javaMap(exchange.headers.lasts())}`);
  const isBinary = method.isBinary(exchange.headers.lastOfAnyCase('content-type'));
  log.trace(() => `Method request body before transformations: ${isBinary ? '[Binary Data]' : bodyText}`);
}
