import http, { type IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { Clock } from '../clock/index.ts';
import { AwsError } from './aws-error.ts';
import { ClientGone, readAll } from './body.ts';
import type { Log } from './emulator.ts';
import type { EdgeRequest, EdgeResponse } from './http.ts';
import type { PassedCall, PassedOutcome, PassThroughObserver } from './observers/observer.ts';
import { endToEnd, nameBucketAsLocalStackDoes } from './raw-headers.ts';
import { splitTarget } from './route.ts';

export interface PassThroughOptions {
  /** LocalStack's base URL, or undefined while it is away. */
  readonly upstream: () => string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** Shorter than any server's own, so that a request never meets a connection that is just being closed. */
const IDLE_CONNECTION_MS = 20_000;

/** Methods that have a body, so that without one a length of zero must be said. */
const BODY_METHODS = new Set(['POST', 'PUT', 'PATCH']);

/**
 * LocalStack's IAM fails when two of its calls meet: one looks through the roles while the other adds one. Stacks make
 * theirs side by side.
 */
const NOT_CONCURRENT: ReadonlySet<string> = new Set(['iam']);

/** The way to LocalStack: requests and answers stream through unchanged. */
export class PassThrough {
  readonly observers: PassThroughObserver[] = [];
  readonly #options: PassThroughOptions;
  readonly #agent = new http.Agent({ keepAlive: true, maxFreeSockets: 256, timeout: IDLE_CONNECTION_MS });
  readonly #oneAtATime = new http.Agent({ keepAlive: true, maxSockets: 1, timeout: IDLE_CONNECTION_MS });

  #base: { readonly url: string; readonly host: string; readonly port: string } | undefined;

  constructor(options: PassThroughOptions) {
    this.#options = options;
  }

  close(): void {
    this.#agent.destroy();
    this.#oneAtATime.destroy();
  }

  async forward(call: PassedCall): Promise<EdgeResponse> {
    const { clock } = this.#options;
    const observers = this.observers.filter((observer) => observer.matches(call));
    const copy = copyOf(call.request, Math.max(0, ...observers.map((observer) => observer.requestBytes)));
    const tell = (outcome: (observer: PassThroughObserver) => PassedOutcome) => {
      for (const observer of observers) this.#tell(observer, call, outcome(observer));
    };

    let answer: IncomingMessage;
    try {
      answer = await this.#send(call, copy, observers.length > 0);
    } catch (error) {
      if (error instanceof LostAnswer) {
        clock.noteMachineStamp();
        tell((observer) => ({ kind: 'unknown', reason: error.message, requestBody: copy.upTo(observer.requestBytes) }));
        throw new AwsError('BadGateway', error.message, 502);
      }
      throw error;
    }

    clock.noteMachineStamp();
    const rawHeaders = endToEnd(answer.rawHeaders);
    const date = rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'date');
    if (date >= 0) rawHeaders[date + 1] = new Date(clock.now()).toUTCString();
    const response = { status: answer.statusCode ?? 502, headers: {}, rawHeaders };
    if (observers.length === 0) return { ...response, body: answer };

    const wanted = Math.max(...observers.map((observer) => observer.responseBytes));
    const small = Number(answer.headers['content-length'] ?? 0) <= wanted;
    const responseBody = small && wanted > 0 ? await this.#readAnswer(answer, tell, copy) : undefined;
    tell((observer) => ({
      kind: 'answered',
      status: response.status,
      headers: answer.headers,
      requestBody: copy.upTo(observer.requestBytes),
      responseBody: responseBody && responseBody.length <= observer.responseBytes ? responseBody : undefined,
    }));
    return { ...response, body: responseBody ?? answer };
  }

  async #readAnswer(
    answer: IncomingMessage,
    tell: (outcome: (observer: PassThroughObserver) => PassedOutcome) => void,
    copy: BodyCopy,
  ): Promise<Buffer> {
    try {
      return await readAll(answer);
    } catch {
      const reason = 'LocalStack closed the connection in the middle of its answer.';
      tell((observer) => ({ kind: 'unknown', reason, requestBody: copy.upTo(observer.requestBytes) }));
      throw new AwsError('BadGateway', reason, 502);
    }
  }

  /** @param observed whether somebody wants to know the outcome even if the client does not any more */
  #send({ request, service }: PassedCall, copy: BodyCopy, observed: boolean): Promise<IncomingMessage> {
    const base = this.#options.upstream();
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    if (base === undefined) throw notRunning(service);
    if (request.signal.aborted) throw new ClientGone();

    if (base !== this.#base?.url) this.#base = { url: base, ...addressOf(base) };
    const { host, port } = this.#base;
    const { path, query } = splitTarget(request.target);
    const { inMemory } = request.body;
    const streamed = inMemory === undefined && hasBody(request);
    const headers = endToEnd(request.rawHeaders);
    if (service === 's3') nameBucketAsLocalStackDoes(headers);
    if (!('content-length' in request.headers)) {
      if (streamed) headers.push('Transfer-Encoding', 'chunked');
      else if (BODY_METHODS.has(request.method)) headers.push('Content-Length', String(inMemory?.length ?? 0));
    }
    const upstream = http.request({
      agent: service !== undefined && NOT_CONCURRENT.has(service) ? this.#oneAtATime : this.#agent,
      host,
      port,
      method: request.method,
      path: query === '' ? path : `${path}?${query}`,
      headers,
      setHost: false,
    });

    let source: Readable | undefined;
    const abort = () => {
      // LocalStack carries out what it has received whole; then the ledger had better know how it ended.
      const sentWhole = !streamed || source?.readableEnded;
      if (!(observed && sentWhole)) upstream.destroy(new ClientGone());
    };
    request.signal.addEventListener('abort', abort, { once: true });
    upstream.once('close', () => request.signal.removeEventListener('abort', abort));
    upstream.once('response', resolve);
    upstream.on('error', (error: NodeJS.ErrnoException) => {
      source?.unpipe(upstream);
      // What the client still sends must be read for it to listen to the answer.
      source?.resume();
      if (error instanceof ClientGone) reject(error);
      else if (error.code === 'ECONNREFUSED') reject(notRunning(service));
      else reject(new LostAnswer(error));
    });

    if (streamed) {
      source = request.body.stream();
      copy.follow(source);
      source.once('error', abort).once('close', () => {
        if (source && !source.readableEnded) abort();
      });
      source.pipe(upstream);
    } else {
      upstream.end(inMemory);
    }
    return promise;
  }

  #tell(observer: PassThroughObserver, call: PassedCall, outcome: PassedOutcome): void {
    try {
      observer.observe(call, outcome);
    } catch (error) {
      this.#options.log.error(`What passed could not be noted: ${call.request.method} ${call.request.target}`, error);
    }
  }
}

function addressOf(url: string): { host: string; port: string } {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port || '80' };
}

/** The request may have been carried out, but its answer never came. */
class LostAnswer extends Error {
  constructor(cause: Error) {
    super(`LocalStack closed the connection before it answered (${cause.message}); the request may have been done.`, {
      cause,
    });
  }
}

function notRunning(service: string | undefined): AwsError {
  const what = service === undefined ? 'this request' : `requests to ${service}`;
  return new AwsError('ServiceUnavailable', `LocalStack is not running, so ${what} cannot be answered now.`, 503);
}

function hasBody({ headers }: EdgeRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Keeps what passes of a request's body, as long as it is not longer than wanted. */
interface BodyCopy {
  follow(source: Readable): void;
  /** The whole body, or undefined if it is longer. */
  upTo(limitBytes: number): Buffer | undefined;
}

function copyOf(request: EdgeRequest, limitBytes: number): BodyCopy {
  const { inMemory } = request.body;
  const chunks: Buffer[] = [];
  let length = inMemory?.length ?? 0;
  let whole = inMemory;
  return {
    follow(source) {
      if (limitBytes === 0) return;
      source.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length <= limitBytes) chunks.push(chunk);
        else chunks.length = 0;
      });
    },
    upTo(limit) {
      if (limit === 0 || length > limit) return undefined;
      whole ??= Buffer.concat(chunks);
      return whole;
    },
  };
}
