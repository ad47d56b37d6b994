import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { machine } from '../../../clock/index.ts';
import { ClientGone, readAll } from '../../../edge/body.ts';

/** The real OpenSearch, by its `http(s)://[user:password@]host[:port]` address. */
export interface OpenSearchServer {
  readonly url: string;
}

export interface ServerRequest {
  readonly method: string;
  /** Path and query, encoded. */
  readonly target: string;
  /** Names and values in turn, without those of one connection and without a length. */
  readonly rawHeaders?: readonly string[];
  readonly body?: Buffer;
  /** Breaks the request off. */
  readonly signal?: AbortSignal;
}

/** The server cannot be reached: nothing was done. */
export class Away extends Error {
  override readonly name = 'Away';
}

/** The server went away before it answered: what was asked may have been done. */
export class LostAnswer extends Error {
  override readonly name = 'LostAnswer';
}

/** Shorter than any server's own, so that a request never meets a connection that is just being closed. */
const IDLE_CONNECTION_MS = 20_000;
/** What is asked on our own account is little. Many indices at once take some seconds to go on a slow disk. */
const ASK_WITHIN_MS = 30_000;
const AGENT = { keepAlive: true, maxFreeSockets: 64, timeout: IDLE_CONNECTION_MS };

/** The way to the real server, over connections that are kept. */
export class ServerConnection {
  readonly #server: () => OpenSearchServer | undefined;
  readonly #agents = { 'http:': new http.Agent(AGENT), 'https:': new https.Agent(AGENT) };

  constructor(server: () => OpenSearchServer | undefined) {
    this.#server = server;
  }

  get isThere(): boolean {
    return this.#server() !== undefined;
  }

  /** Rejects with Away, LostAnswer or ClientGone. */
  send({ method, target, rawHeaders = [], body, signal }: ServerRequest): Promise<IncomingMessage> {
    const server = this.#server();
    if (server === undefined) return Promise.reject(new Away('OpenSearch is not running.'));
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const url = new URL(server.url);
    const isTls = url.protocol === 'https:';
    const { username, password } = url;
    const headers = withoutHeaders(rawHeaders, username === '' ? ['host'] : ['host', 'authorization']);
    headers.push('Host', url.host);
    if (username !== '') headers.push('Authorization', `Basic ${btoa(`${decode(username)}:${decode(password)}`)}`);
    if (body !== undefined) headers.push('Content-Length', String(body.length));
    const request = (isTls ? https : http).request({
      agent: this.#agents[isTls ? 'https:' : 'http:'],
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || (isTls ? '443' : '80'),
      method,
      path: target,
      headers,
      setHost: false,
    });
    const abort = () => request.destroy(new ClientGone());
    signal?.addEventListener('abort', abort, { once: true });
    request.once('close', () => signal?.removeEventListener('abort', abort));
    request.once('response', resolve);
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (error instanceof ClientGone) reject(error);
      else if (error.code === 'ECONNREFUSED') reject(new Away(error.message, { cause: error }));
      else reject(new LostAnswer(error.message, { cause: error }));
    });
    request.end(body);
    return promise;
  }

  /** Asks something of our own. Rejects with Away, also when the server takes too long. */
  async ask(method: string, target: string): Promise<{ status: number; body: Buffer }> {
    const patience = new AbortController();
    const timer = machine.setTimer(ASK_WITHIN_MS, () => patience.abort());
    try {
      const answer = await this.send({ method, target, signal: patience.signal });
      return { status: answer.statusCode ?? 0, body: await wholeAnswer(answer) };
    } catch (error) {
      const reason = patience.signal.aborted ? `no answer within ${ASK_WITHIN_MS / 1000} s` : (error as Error).message;
      throw new Away(`OpenSearch did not answer ${method} ${target}: ${reason}`, { cause: error });
    } finally {
      timer.cancel();
    }
  }

  close(): void {
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }
}

export async function wholeAnswer(answer: IncomingMessage): Promise<Buffer> {
  try {
    return await readAll(answer);
  } catch (error) {
    throw new LostAnswer('OpenSearch closed the connection in the middle of its answer.', { cause: error });
  }
}

function withoutHeaders(rawHeaders: readonly string[], names: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (!names.includes((rawHeaders[at] as string).toLowerCase())) {
      kept.push(rawHeaders[at] as string, rawHeaders[at + 1] as string);
    }
  }
  return kept;
}

function decode(text: string): string {
  return decodeURIComponent(text);
}
