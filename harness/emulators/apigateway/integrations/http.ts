import { Agent, type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps, Agent as SecureAgent } from 'node:https';
import { readAll } from '../../../edge/body.ts';
import { BodyTooLarge } from '../../../edge/http.ts';
import { configurationError, type GatewayFailure } from '../data-plane/gateway-failure.ts';
import { MAX_PAYLOAD_BYTES } from '../limits.ts';
import { networkError } from './failures.ts';
import { checkUri, readAddress } from './http-uri.ts';
import type { Backend, BackendRequest, BackendResponse } from './integration.ts';
import { hasNoBody } from './request-headers.ts';
import { bytesOf, onWire } from './response-headers.ts';
import { fillVariables, queryString } from './uri-variables.ts';

/** How long an idle connection is kept; less than servers do, so that they do not close one just as it is used. */
const IDLE_MS = 4_000;

/** Connections to HTTP backends, kept for the next request. */
export class HttpConnections {
  readonly plain = new Agent({ keepAlive: true, timeout: IDLE_MS });
  readonly secure = new SecureAgent({ keepAlive: true, timeout: IDLE_MS });

  close(): void {
    this.plain.destroy();
    this.secure.destroy();
  }
}

/** Any HTTP server. Redirects are answers like others: they are not followed. */
export function createHttpBackend(connections: HttpConnections): Backend<string> {
  const uriOf = ({ target, query }: Pick<BackendRequest<string>, 'target' | 'query'>) =>
    `${target}${queryString(query, target.includes('?'))}`;

  return {
    targetOf: ({ integration }, { stageVariables }, path) =>
      checkUri(fillVariables(integration.uri ?? '', stageVariables, path)),
    uriOf,
    async send(request, _exchange, abandoned) {
      const { secure, ...address } = readAddress(uriOf(request));
      // As bytes, since Node would write the headers before a text in the text's encoding.
      const body = hasNoBody(request.method) ? undefined : bytesOf(request.body);
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, onWire(value)]));
      if (body !== undefined) headers['Content-Length'] = String(body.length);
      const options = { ...address, method: request.method, headers, signal: abandoned };
      let reached = false;
      try {
        const sent = secure
          ? requestHttps({ ...options, agent: connections.secure })
          : requestHttp({ ...options, agent: connections.plain });
        const response = await answerOf(sent, body, () => {
          reached = true;
        });
        return await read(response, request.method === 'HEAD');
      } catch (error) {
        throw failureOf(error, reached);
      }
    },
  };
}

/** @param connected told when there is a connection, so that the backend may have the request */
function answerOf(sent: ClientRequest, body: Buffer | undefined, connected: () => void): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  sent.once('response', resolve).on('error', reject);
  sent.once('socket', (socket) => {
    const { encrypted } = socket as { encrypted?: boolean };
    if (sent.reusedSocket) connected();
    else socket.once(encrypted ? 'secureConnect' : 'connect', connected);
  });
  sent.end(body);
  return promise;
}

/** @param isHead then the length is that of a body that does not come */
async function read(response: IncomingMessage, isHead: boolean): Promise<BackendResponse> {
  const length = isHead ? 0 : Number(response.headers['content-length'] ?? 0);
  if (length > MAX_PAYLOAD_BYTES) {
    response.destroy();
    throw tooLarge(`of reported length ${length} `);
  }
  let body: Buffer;
  try {
    body = await readAll(response, MAX_PAYLOAD_BYTES);
  } catch (error) {
    response.destroy();
    throw error instanceof BodyTooLarge ? tooLarge('') : error;
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return { status: response.statusCode ?? 500, headers, rawHeaders: response.rawHeaders, body };
}

const tooLarge = (length: string) =>
  configurationError(`Integration response ${length}is larger than allowed maximum of ${MAX_PAYLOAD_BYTES} bytes.`);

const NO_SUCH_HOST = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'ENODATA']);
const UNTRUSTED = /CERT|ISSUER|SELF_SIGNED|UNABLE_TO_/;
const NO_TLS = /^(?:EPROTO|ERR_SSL|ERR_TLS)/;
/** The request could not even be made. */
const UNSENDABLE = /^ERR_(?:HTTP|INVALID|UNESCAPED)/;

/** What Node says of a call that failed, as API Gateway would say it. */
function failureOf(error: unknown, reached: boolean): unknown {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if ((error as GatewayFailure).name === 'GatewayFailure') return error;
  if (NO_SUCH_HOST.has(code)) return configurationError('Invalid endpoint address');
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return configurationError(`Host name does not match the certificate: ${message}`);
  if (UNTRUSTED.test(code)) return configurationError(`PKIX path building failed: ${message}`);
  if (NO_TLS.test(code)) return configurationError(`General SSLEngine problem: ${message}`);
  if (UNSENDABLE.test(code)) return configurationError(`Invalid request: ${message}`);
  return networkError(reached);
}
