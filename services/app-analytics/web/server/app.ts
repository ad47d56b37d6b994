import express, { type ErrorRequestHandler, type Express, type Request } from 'express';
import type { Log } from '../../src/log.ts';
import { failureOf } from '../../src/opensearch.ts';
import type { Failure } from '../shared/api.ts';
import type { Analytics } from './analytics.ts';
import { readRange } from './range.ts';
import { Refusal } from './refusal.ts';

export interface AppOptions {
  readonly analytics: Analytics;
  /** The folder with the built page. */
  readonly pageFolder: string;
  readonly log: Log;
}

/** How many events a list has, by default and at most. */
const SIZE = 50;
const MAX_SIZE = 500;

/** Only what comes with the page runs in it, and it speaks to nobody else. */
const SECURITY_HEADERS = {
  'content-security-policy': [
    "default-src 'self'",
    "img-src 'self' data:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The page, and the questions it asks. */
export function createApp({ analytics, pageFolder, log }: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use((_request, response, next) => {
    response.set(SECURITY_HEADERS);
    next();
  });
  app.get('/health', (_request, response) => void response.json({ status: 'ok' }));

  const api = express.Router();
  api.use((_request, response, next) => {
    response.set('cache-control', 'no-store');
    next();
  });
  api.get('/indices', async (_request, response) => void response.json(await analytics.indices(Date.now())));
  api.get('/events', async ({ query }, response) => {
    const now = Date.now();
    response.json(await analytics.events(readRange(query, now), now, sizeOf(query), textOf(query, 'type')));
  });
  api.get('/counts', async ({ query }, response) => {
    const now = Date.now();
    response.json(await analytics.counts(readRange(query, now), now));
  });
  api.get('/event', async ({ query }, response) => {
    const [index, id] = [textOf(query, 'index'), textOf(query, 'id')];
    if (!index || !id) throw new Refusal(400, 'bad-request', 'Give index and id.');
    response.json(await analytics.event(index, id));
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
  app.use(errorHandler(log));
  return app;
}

function textOf(query: Request['query'], name: string): string | undefined {
  const value = query[name];
  if (value === undefined || (typeof value === 'string' && value.length <= 512)) return value;
  throw new Refusal(400, 'bad-request', `${name} must be one text.`);
}

function sizeOf({ size }: Request['query']): number {
  if (size === undefined) return SIZE;
  const count = Number(size);
  if (Number.isInteger(count) && count >= 0 && count <= MAX_SIZE) return count;
  throw new Refusal(400, 'bad-request', `size must be a number from 0 to ${MAX_SIZE}.`);
}

function errorHandler(log: Log): ErrorRequestHandler {
  return (error, { method, originalUrl }, response, _next) => {
    const refusal = refusalOf(error);
    const { status, code, message } = refusal;
    const cause = refusal.cause instanceof Error ? `${refusal.cause.name}: ${refusal.cause.message}` : undefined;
    const line = { method, path: originalUrl.slice(0, 200), status, message, cause };
    log(status < 500 ? 'warn' : 'error', 'A request was refused', line);
    if (response.headersSent) return void response.destroy();
    if (status === 503) response.set('retry-after', '5');
    response.status(status).json({ error: { code, message } } satisfies Failure);
  };
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const failure = failureOf(error);
  if (failure !== undefined) return ofOpenSearch(failure.status, failure.reason, { cause: error });
  // What Express and its file server say.
  const { status } = error as { readonly status?: unknown };
  if (status === 404) return new Refusal(404, 'not-found', 'There is no such file.');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Refusal(status, 'bad-request', `The request cannot be read: ${(error as Error).message}.`);
  }
  return new Refusal(500, 'internal', 'Something is wrong with this server; its log says what.', { cause: error });
}

function ofOpenSearch(status: number | undefined, reason: string, cause: ErrorOptions): Refusal {
  if (status === undefined) return new Refusal(503, 'search-away', 'OpenSearch does not answer.', cause);
  if (status === 401 || status === 403) {
    const message = `OpenSearch refuses this server (${reason}); its access policy must allow es:ESHttpGet and es:ESHttpPost.`;
    return new Refusal(503, 'search-refuses', message, cause);
  }
  if (status === 429 || status >= 500) {
    return new Refusal(503, 'search-away', `OpenSearch answers with ${status}: it cannot work now.`, cause);
  }
  return new Refusal(500, 'internal', `OpenSearch refuses a question: ${reason}`, cause);
}
