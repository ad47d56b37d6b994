import express, { type ErrorRequestHandler, type Express, type Router } from 'express';
import type { Failure } from '../shared/failure.ts';
import type { Log } from './log.ts';
import { Refusal } from './refusal.ts';

export interface PageAppOptions {
  /** What the page asks, at `/api`. */
  readonly api: Router;
  /** The folder with the built page. */
  readonly pageFolder: string;
  /** To where the page connects beside this server, as a Content Security Policy names it: `wss:`. */
  readonly connectsTo?: readonly string[];
  /** What an error of a question means; undefined: nothing that is known. */
  refusalOf?(error: unknown): Refusal<string> | undefined;
  readonly log: Log;
}

/** A page, the questions it asks, and `/health`. */
export function createPageApp(options: PageAppOptions): Express {
  const { api, pageFolder, connectsTo = [], log } = options;
  const headers = securityHeaders(connectsTo);
  const app = express();
  app.disable('x-powered-by');
  app.use((_request, response, next) => {
    response.set(headers);
    next();
  });
  app.get('/health', (_request, response) => void response.json({ status: 'ok' }));

  app.use('/api', (_request, response, next) => {
    response.set('cache-control', 'no-store');
    next();
  });
  app.use('/api', api);

  // Names of assets have a hash of their content; the page itself is asked for each time.
  const forever = { immutable: true, maxAge: '1y', fallthrough: false };
  app.use('/assets', express.static(`${pageFolder}/assets`, forever));
  app.use(
    express.static(pageFolder, { cacheControl: false, setHeaders: (r) => r.setHeader('cache-control', 'no-cache') }),
  );
  app.use(({ method, path }) => {
    throw new Refusal(404, 'not-found', `There is nothing at ${method} ${path}.`);
  });
  app.use(errorHandler(log, (error) => options.refusalOf?.(error) ?? refusalOf(error)));
  return app;
}

/** Only what comes with the page runs in it. */
function securityHeaders(connectsTo: readonly string[]): Record<string, string> {
  return {
    'content-security-policy': [
      "default-src 'self'",
      "img-src 'self' data:",
      ...(connectsTo.length === 0 ? [] : [`connect-src 'self' ${connectsTo.join(' ')}`]),
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ].join('; '),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

function errorHandler(log: Log, toRefusal: (error: unknown) => Refusal<string>): ErrorRequestHandler {
  return (error, { method, originalUrl }, response, _next) => {
    const refusal = toRefusal(error);
    const { status, code, message } = refusal;
    const cause = refusal.cause instanceof Error ? `${refusal.cause.name}: ${refusal.cause.message}` : undefined;
    const line = { method, path: originalUrl.slice(0, 200), status, message, cause };
    log(status < 500 ? 'warn' : 'error', 'A request was refused', line);
    if (response.headersSent) return void response.destroy();
    if (status === 503) response.set('retry-after', '5');
    response.status(status).json({ error: { code, message } } satisfies Failure<string>);
  };
}

function refusalOf(error: unknown): Refusal<string> {
  if (error instanceof Refusal) return error;
  // What Express and its file server say.
  const { status } = error as { readonly status?: unknown };
  if (status === 404) return new Refusal(404, 'not-found', 'There is no such file.');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Refusal(status, 'bad-request', `The request cannot be read: ${(error as Error).message}.`);
  }
  return new Refusal(500, 'internal', 'Something is wrong with this server; its log says what.', { cause: error });
}
