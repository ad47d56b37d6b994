import { connect, type Socket } from 'node:net';

/** One HTTP/1.1 request, ready to be written to a socket again and again. */
export interface PreparedRequest {
  readonly host: string;
  readonly port: number;
  readonly bytes: Buffer;
}

export interface RequestDescription {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  /** The head and the body as they came, for telling why an answer is not a good one. */
  readonly text: string;
}

export function prepare({ method, url, headers = {}, body = '' }: RequestDescription): PreparedRequest {
  const { hostname, port, pathname, search } = new URL(url);
  const lines = Object.entries({
    Host: `${hostname}:${port}`,
    ...headers,
    'Content-Length': Buffer.byteLength(body).toString(),
  }).map(([name, value]) => `${name}: ${value}`);
  const head = `${method} ${pathname}${search} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
  // Names such as <api>.execute-api.localhost are all this machine, whether or not a resolver knows them.
  const host = hostname.endsWith('localhost') ? '127.0.0.1' : hostname;
  return { host, port: Number(port), bytes: Buffer.from(head + body) };
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/**
 * A keep-alive connection that does as little as a client can: it writes prepared bytes and looks for the end of the
 * answer. Two cores are shared by the client and what it measures, so every cycle it takes is taken from the result.
 */
export class Connection {
  #socket: Socket | undefined;
  #received: Buffer = Buffer.alloc(0);
  #pending: PromiseWithResolvers<Answer> | undefined;

  /** Resolves with the whole answer. Rejects when the connection breaks; the next call opens a new one. */
  send(request: PreparedRequest): Promise<Answer> {
    this.#pending = Promise.withResolvers();
    this.#socket ??= this.#open(request);
    this.#socket.write(request.bytes);
    return this.#pending.promise;
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #open({ host, port }: PreparedRequest): Socket {
    const socket = connect({ host, port, noDelay: true });
    this.#received = Buffer.alloc(0);
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', (error) => this.#broken(socket, error));
    socket.on('close', () => this.#broken(socket, new Error('The server closed the connection.')));
    return socket;
  }

  #broken(socket: Socket, error: Error): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.#pending?.reject(error);
    this.#pending = undefined;
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const head = this.#received.indexOf(HEAD_END);
    if (head < 0 || !isWhole(this.#received, head)) return;
    const text = this.#received.toString('latin1');
    this.#received = Buffer.alloc(0);
    // A server that says it will close is not to be written to again.
    if (/\r\nconnection: *close/i.test(text.slice(0, head))) this.close();
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.resolve({ status: Number(text.slice(9, 12)), text });
  }
}

/** True when all of the body behind the head is there, whichever of the two ways tells its length. */
function isWhole(received: Buffer, headEnd: number): boolean {
  const head = received.toString('latin1', 0, headEnd);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return received.length >= headEnd + HEAD_END.length + Number(length);
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return received.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
  return true;
}
