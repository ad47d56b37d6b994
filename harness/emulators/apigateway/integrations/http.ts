import { Agent, type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps, Agent as SecureAgent } from 'node:https';
import { machine } from '../../../clock/index.ts';
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

  /**
   * Takes note of what servers did to idle connections in the meantime. While this process is busy nothing is read, and
   * a connection that its server has closed looks as good as any other.
   */
  async refresh({ freeSockets }: Agent): Promise<void> {
    if (Object.keys(freeSockets).length === 0) return;
    // The first turn may end before the next reading, the second does not.
    await machine.turn();
    await machine.turn();
    for (const sockets of Object.values(freeSockets)) {
      for (const socket of sockets ?? []) if (!socket.writable) socket.destroy();
    }
  }

  close(): void {
    this.plain.destroy();
    this.secure.destroy();
  }
}

/**
 * Any HTTP server. Redirects are answers like others: they are not followed. No request is made twice, but for one
 * without a body whose connection the backend closes just as it is used again: RFC 9112, 9.3.1 lets a client repeat what
 * changes nothing, and nothing else.
 */
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
      const options = { ...address, method: request.method, headers };
      const agent = secure ? connections.secure : connections.plain;
      await connections.refresh(agent);
      abandoned.throwIfAborted();
      const ask = () => {
        const sent = (secure ? requestHttps : requestHttp)({ ...options, agent });
        abandoned.addEventListener('abort', () => sent.destroy(abandoned.reason), { once: true });
        return answerOf(sent, body);
      };
      let asked: Asked | undefined;
      try {
        asked = ask();
        let response: IncomingMessage;
        try {
          response = await asked.answer;
        } catch (error) {
          if (!asked.closedUnanswered(error) || body !== undefined) throw error;
          for (const idle of agent.freeSockets[agent.getName(options)] ?? []) idle.destroy();
          response = await ask().answer;
        }
        return await read(response, request.method === 'HEAD');
      } catch (error) {
        throw failureOf(error, asked?.reached() ?? false);
      }
    },
  };
}

interface Asked {
  readonly answer: Promise<IncomingMessage>;
  /** True once there was a connection, so that the backend may have the request. */
  reached(): boolean;
  /** True for what comes of a connection that was used before, and that the backend closed without a word. */
  closedUnanswered(error: unknown): boolean;
}

function answerOf(sent: ClientRequest, body: Buffer | undefined): Asked {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  let reached = false;
  let unanswered = () => false;
  sent.once('response', resolve).on('error', reject);
  sent.once('socket', (socket) => {
    const { encrypted } = socket as { encrypted?: boolean };
    if (!sent.reusedSocket) {
      socket.once(encrypted ? 'secureConnect' : 'connect', () => {
        reached = true;
      });
      return;
    }
    reached = true;
    const { bytesRead } = socket;
    unanswered = () => socket.bytesRead === bytesRead;
  });
  sent.end(body);
  return {
    answer: promise,
    reached: () => reached,
    closedUnanswered: (error) => CLOSED.has((error as NodeJS.ErrnoException).code ?? '') && unanswered(),
  };
}

const CLOSED = new Set(['ECONNRESET', 'EPIPE']);

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
