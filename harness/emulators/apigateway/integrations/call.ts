import type { Clock } from '../../../clock/index.ts';
import type { Exchange } from '../data-plane/exchange.ts';
import { type ExecutionLog, javaMap } from '../data-plane/execution-log.ts';
import { integrationTimeout } from '../data-plane/gateway-failure.ts';
import { Deadlines } from './deadlines.ts';
import { type Backend, type BackendRequest, type BackendResponse, textOf } from './integration.ts';

/** Asks a backend within the integration's time-out, and writes down what was said. */
export type Caller = <Target>(
  backend: Backend<Target>,
  request: BackendRequest<Target>,
  exchange: Exchange,
  timeoutMs: number,
) => Promise<BackendResponse>;

export function createCaller(clock: Clock): Caller {
  const deadlines = new Deadlines();
  return async (backend, request, exchange, timeoutMs) => {
    const { log } = exchange;
    if (log?.dataTrace) logRequest(log, backend.uriOf(request), request);
    const abandoned = new AbortController();
    const sentAt = clock.now();
    try {
      const sent = backend.send(request, exchange, abandoned.signal);
      const response = await deadlines.limit(timeoutMs, sent, () => {
        abandoned.abort();
        return integrationTimeout();
      });
      exchange.integrationLatencyMs = clock.now() - sentAt;
      exchange.integrationStatus = response.status;
      exchange.context.awsEndpointRequestId = response.headers['x-amzn-requestid'] ?? '';
      if (log?.dataTrace) logResponse(log, response, exchange.integrationLatencyMs);
      return response;
    } catch (error) {
      exchange.integrationLatencyMs = clock.now() - sentAt;
      throw error;
    }
  };
}

function logRequest(log: ExecutionLog, uri: string, { headers, body }: BackendRequest<unknown>): void {
  log.info(`Endpoint request URI: ${uri}`);
  log.info(`Endpoint request headers: ${javaMap(Object.entries(headers))}`);
  log.trace(() => `Endpoint request body after transformations: ${shown(body)}`);
  log.info(`Sending request to ${uri}`);
}

function logResponse(log: ExecutionLog, response: BackendResponse, latencyMs: number): void {
  log.info(`Received response. Status: ${response.status}, Integration latency: ${latencyMs} ms`);
  log.info(`Endpoint response headers: ${javaMap(Object.entries(response.headers))}`);
  log.trace(() => `Endpoint response body before transformations: ${textOf(response)}`);
}

/** A body that is not text is only named. */
export const shown = (body: Buffer | string): string => (typeof body === 'string' ? body : '[Binary Data]');
