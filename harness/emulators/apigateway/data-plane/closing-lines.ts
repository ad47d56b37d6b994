import type { GatewayResponseType } from '../store/model.ts';
import type { Exchange, GatewayAnswer } from './exchange.ts';
import { type ExecutionLog, javaMap } from './execution-log.ts';
import type { GatewayFailure } from './gateway-failure.ts';
import type { RenderedGatewayResponse } from './gateway-response.ts';

/** Of a request that is not let in for now, AWS says no more than why. */
const UNTOLD: ReadonlySet<GatewayResponseType> = new Set(['THROTTLED', 'QUOTA_EXCEEDED', 'INVALID_API_KEY']);
/** Of a request that may not come in, not even how it ended. */
const UNFINISHED: ReadonlySet<GatewayResponseType> = new Set(['UNAUTHORIZED', 'ACCESS_DENIED']);

/**
 * What is logged of a request that API Gateway answers itself. How it does is told only where the API has a gateway
 * response of its own for it: logs that people have published have nothing of AWS's.
 */
export function logFailure(log: ExecutionLog, failure: GatewayFailure, rendered: RenderedGatewayResponse): void {
  if (failure.logged) log.error(`Execution failed due to ${failure.logged}`);
  if (rendered.setBy === undefined || UNTOLD.has(failure.type)) return;
  log.error(`Gateway response type: ${rendered.setBy} with status code: ${rendered.status}`);
  log.error(`Gateway response body: ${rendered.body}`);
  log.error(`Gateway response headers: ${javaMap(Object.entries(rendered.headers))}`);
}

/** The last lines. At the level ERROR they are there where something went wrong. */
export function logEnd({ log, failure, context }: Exchange, { status }: GatewayAnswer): void {
  if (!log || (failure && UNFINISHED.has(failure.type))) return;
  if (!log.showsInfo && !failure && status < 500) return;
  log.error(`Method completed with status: ${status}`);
  const { awsEndpointRequestId } = context;
  if (awsEndpointRequestId) log.error(`AWS Integration Endpoint RequestId : ${awsEndpointRequestId}`);
}
