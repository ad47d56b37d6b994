import { type IncomingMessage, request } from 'node:http';
import { request as requestTls } from 'node:https';
import { type Machine, machine } from '../../../../clock/index.ts';
import type { DeliveryRequest } from './request.ts';
import { type EndpointError, type EndpointResponse, endpointErrors, MAX_RESPONSE_BYTES } from './response.ts';
import { isLoopback } from './url.ts';

/**
 * How long an endpoint has to respond. It is a real server, so it is given the machine's time; the clock stands still
 * meanwhile (https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html).
 */
export const RESPONSE_TIMEOUT_MS = 180_000;

/** Sends one request: the response, or why there is none. Rejects only when `signal` is aborted. */
export type Post = (delivery: DeliveryRequest, signal: AbortSignal) => Promise<EndpointResponse | EndpointError>;

export function createPost(patience: Pick<Machine, 'setTimer'> = machine): Post {
  return ({ url, headers, body }, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const isTls = url.protocol === 'https:';
      const call = (isTls ? requestTls : request)(url, {
        method: 'POST',
        headers,
        // A connection of its own: one that was kept may be reset by the endpoint just then.
        agent: false,
        // Nobody signs certificates for loopback addresses.
        ...(isTls && isLoopback(url) ? { rejectUnauthorized: false } : {}),
        signal,
      });
      let secured = !isTls;
      let connected = false;
      const end = (outcome: EndpointResponse | EndpointError) => {
        timer.cancel();
        resolve(outcome);
        call.destroy();
      };
      const timer = patience.setTimer(RESPONSE_TIMEOUT_MS, () => end(endpointErrors.timeout));
      call.on('socket', (socket) => {
        socket.on('connect', () => {
          connected = true;
        });
        socket.on('secureConnect', () => {
          secured = true;
        });
      });
      call.on('response', (response) => {
        receive(response).then(end, () => end(endpointErrors.reset));
      });
      call.on('error', () => {
        timer.cancel();
        if (signal.aborted) reject(signal.reason);
        else if (!connected) resolve(endpointErrors.notConnected);
        else resolve(secured ? endpointErrors.reset : endpointErrors.handshake);
      });
      call.end(body);
    });
}

async function receive(response: IncomingMessage): Promise<EndpointResponse | EndpointError> {
  const { statusCode: status = 0, headers, rawHeaders } = response;
  let bytes = rawHeaders.reduce((sum, text) => sum + text.length, 0);
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > MAX_RESPONSE_BYTES) return endpointErrors.tooLarge;
    chunks.push(chunk);
  }
  return { status, headers, body: Buffer.concat(chunks) };
}
