import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import http2, { type Http2ServerRequest, type Http2ServerResponse, type ServerHttp2Session } from 'node:http2';
import net, { type Socket } from 'node:net';
import { type Duplex, pipeline, Readable } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { machine } from '../clock/index.ts';
import { ClientGone, streamBody } from './body.ts';
import { INTERNAL_HEADER_PREFIX } from './headers.ts';
import type { EdgeRequest, EdgeResponse, TlsConnection } from './http.ts';
import { listenError } from './listen-error.ts';

/** AWS takes 16 KiB of headers; S3 metadata, signatures and cookies of a local page may come on top. */
const MAX_HEADER_BYTES = 64 * 1024;
/** Longer than the clients' own, so that they are the ones who close idle connections. */
const KEEP_ALIVE_MS = 75_000;
/** How long requests may take to finish once the server is closing. */
const DRAIN_MS = 5_000;

/** Answers one request; rejects with `ConnectionReset` (or anything else) to have the connection destroyed. */
export type Handler = (request: EdgeRequest) => Promise<EdgeResponse>;

/**
 * Takes a connection over after a request for WebSocket: answers the request, and ends the connection.
 *
 * @param head the first bytes of what follows the request
 */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface HttpServer {
  listen(host: string, port: number): Promise<number>;
  /** Answers what comes over a connection whose TLS somebody else speaks. HTTP/1.1 only. */
  accept(socket: TLSSocket, tls: TlsConnection): void;
  /** Takes no more requests, lets those under way finish for some seconds, then destroys what is left. */
  close(): Promise<void>;
}

export interface HttpServerOptions {
  readonly handle: Handler;
  /** Who takes over the connection of a request for WebSocket; without anybody it is answered as any other request. */
  readonly upgradeOf: (request: IncomingMessage) => UpgradeHandler | undefined;
  /** Told when an answer has been sent, or cannot be any more. */
  readonly finished: (request: EdgeRequest) => void;
  /** Told of an answer that is no valid HTTP, such as one with a line break in a header. */
  readonly unwritable: (request: EdgeRequest, error: unknown) => void;
  /** The `Date` header's instant, ms since the epoch. */
  readonly now: () => number;
  readonly describePortOwner: ((port: number) => Promise<string | undefined>) | undefined;
}

type AnyRequest = IncomingMessage | Http2ServerRequest;
type AnyResponse = ServerResponse | Http2ServerResponse;

interface Connection {
  isHttp2: boolean;
  /** Requests of HTTP/1.1 that are being answered; a session of HTTP/2 counts its own. */
  requests: number;
  readonly tls?: TlsConnection;
}

/** HTTP/1.1 and cleartext HTTP/2 with prior knowledge on one port, told apart by their first bytes. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const connections = new Map<Socket, Connection>();
  const sessions = new Set<ServerHttp2Session>();
  let closing = false;

  const onRequest = (incoming: AnyRequest, outgoing: AnyResponse) => {
    const { socket } = incoming;
    const connection = connections.get(socket);
    if (connection) {
      connection.requests++;
      outgoing.once('close', () => {
        connection.requests--;
        if (closing && connection.requests === 0) socket.destroySoon();
      });
    }
    void answer(incoming, outgoing, options, connection?.tls);
  };

  const http1 = http.createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: KEEP_ALIVE_MS,
      requestTimeout: 0,
      headersTimeout: 0,
      // Clients that would rather speak HTTP/2 ask for an upgrade, too, and take an answer of HTTP/1.1.
      shouldUpgradeCallback: (request) => upgradeOf(request, options) !== undefined,
    },
    onRequest,
  );
  http1.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgradeOf(request, options)?.(request, socket, head);
  });
  const http2Server = http2.createServer({ settings: { maxHeaderListSize: MAX_HEADER_BYTES } }, onRequest);
  for (const server of [http1, http2Server]) server.on('checkContinue', onRequest);
  http2Server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.on('error', () => session.destroy());
  });

  const track = (socket: Socket, connection: Connection) => {
    connections.set(socket, connection);
    socket.once('close', () => connections.delete(socket));
    socket.on('error', () => socket.destroy());
  };

  const listener = net.createServer({ noDelay: true }, (socket) => {
    const connection: Connection = { isHttp2: false, requests: 0 };
    track(socket, connection);
    sniff(socket, (isHttp2) => {
      connection.isHttp2 = isHttp2;
      (isHttp2 ? http2Server : http1).emit('connection', socket);
    });
  });

  return {
    async listen(host, port) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      listener.once('error', reject).listen(port, host, resolve);
      try {
        await promise;
      } catch (error) {
        throw await listenError(error as NodeJS.ErrnoException, host, port, options.describePortOwner);
      }
      // A connection that cannot be accepted later (too many open files) is its client's to try again.
      listener.on('error', () => undefined);
      return (listener.address() as net.AddressInfo).port;
    },
    accept(socket, tls) {
      if (closing) {
        socket.destroy();
        return;
      }
      track(socket, { isHttp2: false, requests: 0, tls });
      http1.emit('connection', socket);
    },
    async close() {
      if (closing) return;
      closing = true;
      const gone = [...connections.keys()].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      const closed = new Promise((resolve) => listener.close(resolve));
      for (const session of sessions) session.close();
      for (const [socket, { isHttp2, requests }] of connections) if (!isHttp2 && requests === 0) socket.destroy();
      const force = machine.setTimer(DRAIN_MS, () => {
        for (const session of sessions) session.destroy();
        for (const socket of connections.keys()) socket.destroy();
      });
      await Promise.all([closed, ...gone]);
      force.cancel();
    },
  };
}

function upgradeOf(request: IncomingMessage, options: HttpServerOptions): UpgradeHandler | undefined {
  return request.headers.upgrade?.toLowerCase() === 'websocket' ? options.upgradeOf(request) : undefined;
}

const HTTP2_PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** `PRI` is the start of no method's name. */
const TELLTALE_BYTES = 3;

function sniff(socket: Socket, decide: (isHttp2: boolean) => void): void {
  let seen: Buffer = Buffer.alloc(0);
  const onData = (chunk: Buffer) => {
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
    const length = Math.min(seen.length, TELLTALE_BYTES);
    const mayBeHttp2 = seen.subarray(0, length).equals(HTTP2_PREFACE.subarray(0, length));
    if (mayBeHttp2 && length < TELLTALE_BYTES) return;
    socket.off('data', onData);
    socket.pause();
    socket.unshift(seen);
    decide(mayBeHttp2);
    process.nextTick(() => socket.resume());
  };
  socket.on('data', onData);
}

async function answer(
  incoming: AnyRequest,
  outgoing: AnyResponse,
  options: HttpServerOptions,
  tls: TlsConnection | undefined,
): Promise<void> {
  const request = toEdgeRequest(incoming, outgoing, tls);
  try {
    const response = await options.handle(request);
    try {
      await write(incoming, outgoing, response, options.now());
    } catch (error) {
      // Once the answer has begun, what breaks it off is that its source ended early or its reader went away.
      if (!outgoing.headersSent) options.unwritable(request, error);
      throw error;
    }
  } catch {
    // The handler has said what there is to say of its errors: all that is left is that no answer comes.
    reset(outgoing);
  } finally {
    options.finished(request);
  }
}

function toEdgeRequest(incoming: AnyRequest, outgoing: AnyResponse, tls: TlsConnection | undefined): EdgeRequest {
  const { headers, rawHeaders } = cleanHeaders(incoming);
  let abort: AbortController | undefined;
  let gone = false;
  outgoing.once('close', () => {
    if (outgoing.writableFinished) return;
    gone = true;
    abort?.abort(new Error('The client went away.'));
  });
  const expectsContinue = /^100-continue$/i.test(headers.expect ?? '');
  return {
    method: incoming.method ?? 'GET',
    target: incoming.url ?? '/',
    headers,
    rawHeaders,
    body: streamBody(incoming as Readable, headers, () => {
      if (expectsContinue && !outgoing.headersSent) (outgoing as ServerResponse).writeContinue();
    }),
    remoteAddress: (incoming.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    internal: false,
    tls,
    get signal() {
      abort ??= new AbortController();
      if (gone && !abort.signal.aborted) abort.abort(new Error('The client went away.'));
      return abort.signal;
    },
  };
}

/** Without HTTP/2's pseudo headers, and without what only callers inside may say. */
function cleanHeaders(incoming: AnyRequest): { headers: IncomingHttpHeaders; rawHeaders: readonly string[] } {
  const suspect = incoming.rawHeaders.some(
    (name, index) => index % 2 === 0 && (name.startsWith(':') || name.toLowerCase().startsWith(INTERNAL_HEADER_PREFIX)),
  );
  if (!suspect) return incoming;
  const headers: IncomingHttpHeaders = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (!name.startsWith(':') && !name.startsWith(INTERNAL_HEADER_PREFIX)) headers[name] = value;
  }
  const rawHeaders: string[] = [];
  for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
    const name = incoming.rawHeaders[at] as string;
    if (name.startsWith(':') || name.toLowerCase().startsWith(INTERNAL_HEADER_PREFIX)) continue;
    rawHeaders.push(name, incoming.rawHeaders[at + 1] as string);
  }
  if ('authority' in incoming) {
    headers.host ??= incoming.authority;
    if (!rawHeaders.some((name, at) => at % 2 === 0 && name === 'host')) rawHeaders.unshift('Host', headers.host);
    // HTTP/2 says by its frames that there is a body; HTTP/1.1 says it by a header.
    if (!incoming.stream.endAfterHeaders && headers['content-length'] === undefined) {
      headers['transfer-encoding'] = 'chunked';
    }
  }
  return { headers, rawHeaders };
}

/** Headers that HTTP/2 forbids. */
const HTTP1_ONLY = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

async function write(incoming: AnyRequest, outgoing: AnyResponse, response: EdgeResponse, now: number): Promise<void> {
  const { status, body } = response;
  if (outgoing.destroyed) {
    if (body instanceof Readable) body.destroy();
    return;
  }
  const headers = [...(response.rawHeaders ?? flatten(response.headers))];
  const has = (wanted: string) => headers.some((name, at) => at % 2 === 0 && name.toLowerCase() === wanted);
  if (!has('date')) headers.push('Date', new Date(now).toUTCString());
  const bodiless = status === 204 || status === 304 || status < 200;
  if (!(body instanceof Readable) && !bodiless && !has('content-length')) {
    headers.push('Content-Length', String(Buffer.byteLength(body)));
  }
  outgoing.sendDate = false;
  if (outgoing instanceof http.ServerResponse) {
    outgoing.writeHead(status, headers);
  } else {
    for (let at = 0; at < headers.length; at += 2) {
      const name = (headers[at] as string).toLowerCase();
      if (!HTTP1_ONLY.has(name)) outgoing.appendHeader(name, headers[at + 1] as string);
    }
    outgoing.writeHead(status);
  }
  if (!(body instanceof Readable)) {
    outgoing.end(bodiless || incoming.method === 'HEAD' ? '' : body);
    return;
  }
  // An error on either side destroys the other: a cut answer must not look like a whole one.
  body.once('error', () => reset(outgoing));
  await new Promise<void>((resolve, reject) => {
    pipeline(body, outgoing as ServerResponse, (error) => (error ? reject(error) : resolve()));
    // A pipeline never ends whose source was taken away from it: Node does so with answers of requests it gives up.
    outgoing.once('close', () => {
      if (outgoing.writableFinished) return;
      body.destroy();
      reject(new ClientGone());
    });
  });
}

function flatten(headers: EdgeResponse['headers']): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [name, value] : value.flatMap((one) => [name, one]),
  );
}

function reset(outgoing: AnyResponse): void {
  if (outgoing instanceof http.ServerResponse) outgoing.socket?.resetAndDestroy();
  else outgoing.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
}
