import type { Clock } from '../../../clock/index.ts';
import type { MethodSettings } from '../store/model.ts';
import type { Exchange } from './exchange.ts';
import { ExecutionLog, javaMap } from './execution-log.ts';
import type { MethodRuntime } from './runtime.ts';

/** Opens the execution log of a request with what is known before its integration is called; undefined when it is off. */
export function openExecutionLog(
  clock: Clock,
  exchange: Exchange,
  { resource }: MethodRuntime,
  { loggingLevel, dataTraceEnabled }: MethodSettings,
): ExecutionLog | undefined {
  if (loggingLevel === undefined || loggingLevel === 'OFF') return undefined;
  const { api, stage, context, httpMethod, bodyText } = exchange;
  const { requestId } = context;
  const apiStage = `${api.id}/${stage.stageName}`;
  const log = new ExecutionLog(clock, requestId, loggingLevel, dataTraceEnabled);
  if (loggingLevel !== 'INFO') return log;
  log.info(`Extended Request Id: ${context.extendedRequestId}`);
  log.info(`Verifying Usage Plan for request: ${requestId}. API Key:  API Stage: ${apiStage}`);
  log.info(
    `API Key  authorized because method '${httpMethod} ${resource.path}' does not require API Key. ` +
      'Request will not contribute to throttle or quota limits',
  );
  log.info(`Usage Plan check succeeded for API Key  and API Stage ${apiStage}`);
  log.info(`Starting execution for request: ${requestId}`);
  log.info(`HTTP Method: ${httpMethod}, Resource Path: ${resource.path}`);
  log.info(`Method request path: ${javaMap(Object.entries(exchange.pathParameters))}`);
  log.info(`Method request query string: ${javaMap(exchange.query.lasts())}`);
  log.info(`Method request headers: ${javaMap(exchange.headers.lasts())}`);
  log.trace(() => `Method request body before transformations: ${bodyText}`);
  return log;
}
