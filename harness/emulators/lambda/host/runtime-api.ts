import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Happenings, PostedError } from './happenings.ts';
import { MAX_PAYLOAD_BYTES } from './limits.ts';

/** What `GET /runtime/invocation/next` answers with. */
export interface RuntimeEvent {
  readonly requestId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Buffer;
}

/** The runtime's states, and their names in AWS's runtime interface emulator. */
type State = 'Started' | 'InitError' | 'Ready' | 'Running' | 'ResponseSent';

const BASE = '/2018-06-01/runtime';
const INVOCATION = new RegExp(`^${BASE}/invocation/([^/]+)/(response|error)$`);
const ERROR_TYPE_HEADER = 'lambda-runtime-function-error-type';

/**
 * The Runtime API of one environment (AWS docs, runtimes-api). It has a port of its own, because runtime clients take
 * AWS_LAMBDA_RUNTIME_API for a host and a port without a path. Statuses and texts are those of AWS's runtime interface
 * emulator. What the runtime does becomes a happening.
 */
export class RuntimeApi {
  readonly #happenings: Happenings;
  readonly #server: Server;
  #state: State = 'Started';
  #event: RuntimeEvent | undefined;
  /** The poll that waits for an event. */
  #poll: ServerResponse | undefined;
  #requestId: string | undefined;

  private constructor(happenings: Happenings) {
    this.#happenings = happenings;
    // A runtime may be frozen for hours between two requests.
    this.#server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, noDelay: true });
    this.#server.on('request', (request, response) => {
      response.sendDate = false;
      void this.#route(request, response);
    });
  }

  static async listen(happenings: Happenings): Promise<RuntimeApi> {
    const api = new RuntimeApi(happenings);
    await new Promise<void>((resolve, reject) => {
      api.#server.once('error', reject);
      api.#server.listen(0, '127.0.0.1', resolve);
    });
    return api;
  }

  /** `127.0.0.1:40123` */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Hands the runtime, which must be ready, its next invocation. */
  deliver(event: RuntimeEvent): void {
    this.#event = event;
    this.#answerPoll();
  }

  /** Forgets the runtime that has ended; a new one may come. */
  reset(): void {
    this.#server.closeAllConnections();
    this.#state = 'Started';
    this.#event = undefined;
    this.#poll = undefined;
    this.#requestId = undefined;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?', 1)[0] ?? '';
    const [, requestId, what] = INVOCATION.exec(path) ?? [];
    const method = path === `${BASE}/invocation/next` ? 'GET' : 'POST';
    const known = method === 'GET' || what !== undefined || path === `${BASE}/init/error`;
    if (!known) return answer(response, 404, '404 page not found\n', 'text/plain; charset=utf-8');
    if (request.method !== method) return answer(response, 405, '');
    if (method === 'GET') return this.#next(response);
    if (what === undefined) return this.#initError(request, response);
    return this.#answered(request, response, requestId ?? '', what === 'error');
  }

  #next(response: ServerResponse): void {
    if (this.#state === 'Running' || this.#state === 'InitError') {
      this.#forbid(response, 'Ready');
      return;
    }
    const wasReady = this.#state === 'Ready';
    this.#state = 'Ready';
    this.#poll = response;
    response.once('close', () => {
      if (this.#poll === response) this.#poll = undefined;
    });
    if (!wasReady) this.#happenings.push({ kind: 'ready' });
    this.#answerPoll();
  }

  #answerPoll(): void {
    if (this.#event === undefined || this.#poll === undefined) return;
    const { headers, payload, requestId } = this.#event;
    this.#state = 'Running';
    this.#requestId = requestId;
    this.#poll.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': String(payload.length),
      ...headers,
    });
    this.#poll.end(payload);
    this.#event = undefined;
    this.#poll = undefined;
  }

  async #answered(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    isError: boolean,
  ): Promise<void> {
    const payload = await bodyOf(request);
    if (payload === 'cut') return;
    if (requestId !== this.#requestId) return refuse(response, 400, 'InvalidRequestID', 'Invalid request ID');
    if (this.#state !== 'Running') {
      return this.#forbid(response, isError ? 'InvocationErrorResponse' : 'InvocationResponse');
    }
    this.#state = 'ResponseSent';
    if (payload === 'too large') {
      this.#happenings.push({ kind: 'response-too-large' });
      const message = `Exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`;
      return refuse(response, 413, 'RequestEntityTooLarge', message);
    }
    this.#happenings.push(
      isError ? { kind: 'error', error: postedError(request, payload) } : { kind: 'response', payload },
    );
    accept(response);
  }

  async #initError(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const payload = await bodyOf(request);
    if (payload === 'cut') return;
    if (this.#state !== 'Started') return this.#forbid(response, 'InitError');
    this.#state = 'InitError';
    const kept = payload === 'too large' ? Buffer.alloc(0) : payload;
    this.#happenings.push({ kind: 'init-error', error: postedError(request, kept) });
    accept(response);
  }

  #forbid(response: ServerResponse, to: string): void {
    const from = this.#state === 'ResponseSent' ? 'RuntimeResponseSentState' : this.#state;
    const message = `State transition from ${from} to ${to} failed for runtime. Error: State transition is not allowed`;
    refuse(response, 403, 'InvalidStateTransition', message);
  }
}

/** An error's type is the header's when that looks like one of AWS's (`fatalerror.go`), else `Runtime.Unknown`. */
function postedError(request: IncomingMessage, payload: Buffer): PostedError {
  const header = String(request.headers[ERROR_TYPE_HEADER] ?? '');
  if (/(Runtime|Function)\.[A-Z][a-zA-Z]+/.test(header)) return { errorType: header, payload };
  return { errorType: header.startsWith('Function.') ? 'Function.Unknown' : 'Runtime.Unknown', payload };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | 'too large' | 'cut'> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length <= MAX_PAYLOAD_BYTES) chunks.push(chunk);
    }
  } catch {
    // The runtime has gone away in the middle of it; that it ended is told by its process.
    return 'cut';
  }
  return length > MAX_PAYLOAD_BYTES ? 'too large' : Buffer.concat(chunks, length);
}

function accept(response: ServerResponse): void {
  answer(response, 202, '{"status":"OK"}\n');
}

function refuse(response: ServerResponse, status: number, errorType: string, errorMessage: string): void {
  answer(response, status, JSON.stringify({ errorMessage, errorType }));
}

function answer(response: ServerResponse, status: number, body: string, contentType = 'application/json'): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': String(Buffer.byteLength(body)) });
  response.end(body);
}
