import { Agent, request as httpRequest } from 'node:http';

/** How many connections a story sends on. */
const CONNECTIONS = 64;

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface SendOptions {
  readonly body?: string | Buffer;
  /** `application/json` where there is a body; null sends none. */
  readonly contentType?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: a story looks into whatever came back.
  readonly json: any;
}

/** Sends requests on connections that are kept, as a program does. */
export interface Sender {
  /** Rejects when no whole answer comes back. */
  send(method: Method, url: string, options?: SendOptions): Promise<Answer>;
  close(): void;
}

export function createSender(): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  return {
    send: (method, url, options = {}) => send(agent, method, url, options),
    close: () => agent.destroy(),
  };
}

function send(agent: Agent, method: string, url: string, options: SendOptions): Promise<Answer> {
  const { body, contentType = body === undefined ? null : 'application/json', headers = {} } = options;
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      url,
      {
        method,
        agent,
        headers: {
          ...(contentType === null ? {} : { 'content-type': contentType }),
          ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parse(text) });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
