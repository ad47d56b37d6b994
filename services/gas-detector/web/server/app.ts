import express, { type ErrorRequestHandler, type Express, type Request } from 'express';
import type { Failure, Live } from '../shared/api.ts';
import type { Log } from './log.ts';
import { readRange } from './range.ts';
import type { Readings } from './readings.ts';
import { Refusal } from './refusal.ts';

export interface AppOptions {
  readonly readings: Readings;
  /** Errors: `Refusal`. */
  live(): Promise<Live>;
  /** The folder with the built page. */
  readonly pageFolder: string;
  readonly log: Log;
}

/** Only what comes with the page runs in it; live messages come by WebSocket from wherever the broker is. */
const SECURITY_HEADERS = {
  'content-security-policy': [
    "default-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self' ws: wss:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The page, and the questions it asks. */
export function createApp({ readings, live, pageFolder, log }: AppOptions): Express {
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
  api.get('/latest', async (_request, response) => void response.json(await readings.latest(Date.now())));
  api.get('/series', async ({ query }, response) => {
    const now = Date.now();
    response.json(await readings.series(readRange(query, now), now, detectorOf(query)));
  });
  api.get('/warnings', async ({ query }, response) => {
    const now = Date.now();
    response.json(await readings.warnings(readRange(query, now), now, detectorOf(query)));
  });
  api.get('/live', async (_request, response) => void response.json(await live()));
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

function detectorOf(query: Request['query']): string | undefined {
  const { detector } = query;
  if (detector === undefined || (typeof detector === 'string' && detector.length <= 256)) return detector;
  throw new Refusal(400, 'bad-request', 'detector must be the groupid of one detector.');
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
  // What Express and its file server say.
  const { status } = error as { readonly status?: unknown };
  if (status === 404) return new Refusal(404, 'not-found', 'There is no such file.');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Refusal(status, 'bad-request', `The request cannot be read: ${(error as Error).message}.`);
  }
  return new Refusal(500, 'internal', 'Something is wrong with this server; its log says what.', { cause: error });
}
