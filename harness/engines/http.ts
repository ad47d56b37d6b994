import { request } from 'node:http';
import { request as requestTls } from 'node:https';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** How long one question to a server that may still be starting can take, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** One HTTP request without a connection pool, so that nothing keeps the process or the server waiting afterwards. */
export function ask(
  url: string | URL,
  options: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly signal?: AbortSignal;
    /** By default 10 s. */
    readonly timeoutMs?: number;
  } = {},
): Promise<Answer> {
  const target = new URL(url);
  const auth =
    target.username === ''
      ? {}
      : { auth: `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}` };
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  return new Promise((resolve, reject) => {
    const call = (target.protocol === 'https:' ? requestTls : request)(
      target,
      {
        method: options.method ?? 'GET',
        headers: { ...options.headers },
        agent: false,
        timeout: timeoutMs,
        ...auth,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          body += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
        response.on('error', reject);
      },
    );
    call.on('timeout', () => call.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    call.on('error', reject);
    call.end(options.body);
  });
}
