import { pipeline } from 'node:stream/promises';
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { DatabaseUnavailable } from '../database.ts';
import {
  type CollectedEvent,
  type EventMessage,
  eventDatetimeOf,
  eventSchema,
  type FoundEvent,
  searchSchema,
} from '../event.ts';
import type { Log } from '../log.ts';
import { SendError } from './batcher.ts';
import { checked, jsonBody, MAX_BODY_BYTES, readBody } from './json-body.ts';
import type { Description } from './openapi.ts';
import { queueMessage } from './queue-message.ts';
import { Refusal } from './refusal.ts';

export interface AppOptions {
  /** Puts a message into the queue. Errors: `SendError`. */
  send(message: string): Promise<void>;
  /** The events of a user, in pages; the first page may be empty. Errors: `DatabaseUnavailable`. */
  find(userId: string): AsyncIterable<readonly FoundEvent[]>;
  readonly log: Log;
  readonly description: Description;
}

/** The API: two ways to collect an event, three to search. */
export function createApp({ send, find, log, description }: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');

  const collect = async (request: Request, response: Response): Promise<void> => {
    const event = jsonBody(request, eventSchema);
    await sendMessage(send, messageOf(event));
    response.json({ is_success: 'true' });
  };
  const search = (userId: string, response: Response): Promise<void> => answerPages(response, find(userId));

  app.post(['/api/collect', '/api/event'], readBody, collect);
  app.post('/api/search', readBody, (request, response) => search(jsonBody(request, searchSchema).user_id, response));
  app.get('/api/event', ({ query }, response) => search(checked(searchSchema, query, 'the query').user_id, response));
  app.get('/api/event/:user_id', ({ params }, response) =>
    search(checked(searchSchema, params, 'the path').user_id, response),
  );
  app.get('/health', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/openapi.json', (_request, response) => void response.json(description.value));
  app.get('/openapi.yaml', (_request, response) => void response.type('application/yaml').send(description.source));

  const methods: [path: string, allow: string][] = [
    ['/api/collect', 'POST'],
    ['/api/search', 'POST'],
    ['/api/event', 'GET, HEAD, POST'],
    ['/api/event/:user_id', 'GET, HEAD'],
    ['/health', 'GET, HEAD'],
    ['/openapi.json', 'GET, HEAD'],
    ['/openapi.yaml', 'GET, HEAD'],
  ];
  for (const [path, allow] of methods) {
    app.all(path, ({ method }) => {
      throw new Refusal(405, `${method} is not possible here, only ${allow}.`, { headers: { allow } });
    });
  }
  app.use(({ method, path }) => {
    throw new Refusal(404, `There is nothing at ${method} ${path}; /openapi.json says what there is.`);
  });
  app.use(errorHandler(log));
  return app;
}

function messageOf(event: CollectedEvent): EventMessage {
  return { ...event, event_datetime: eventDatetimeOf(new Date()) };
}

async function sendMessage(send: AppOptions['send'], message: EventMessage): Promise<void> {
  const text = queueMessage(message);
  if (Buffer.byteLength(text) > MAX_BODY_BYTES) throw tooLarge();
  await send(text);
}

/** Writes pages as one JSON array, no faster than the caller reads. */
async function answerPages(response: Response, pages: AsyncIterable<readonly FoundEvent[]>): Promise<void> {
  const iterator = pages[Symbol.asyncIterator]();
  // Nothing is written before the first page is there: until then an error can still be answered as one.
  const first = await iterator.next();
  response.type('json');
  try {
    await pipeline(jsonArray(first, iterator), response);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
    // The caller has gone away.
  }
}

type Page = readonly FoundEvent[];

async function* jsonArray(first: IteratorResult<Page>, rest: AsyncIterator<Page>): AsyncGenerator<string> {
  let before = '[';
  try {
    for (let next = first; next.done !== true; next = await rest.next()) {
      if (next.value.length === 0) continue;
      yield before + next.value.map((event) => JSON.stringify(event)).join(',');
      before = ',';
    }
    yield before === '[' ? '[]' : ']';
  } finally {
    await rest.return?.();
  }
}

function errorHandler(log: Log): ErrorRequestHandler {
  return (error, request, response, _next) => {
    const { status, message, headers } = refusalOf(error);
    const { method, originalUrl } = request;
    const line = { method, path: originalUrl.slice(0, 200), status, reason: message, cause: causeOf(error) };
    log(status < 500 ? 'warn' : 'error', 'A request was refused', line);
    // An answer that is half written can only be cut off.
    if (response.headersSent) response.destroy();
    else response.status(status).set(headers).json({ is_success: 'false', reason: message });
  };
}

/** What the log has of an error that is not the caller's own, with what led to it. */
function causeOf(error: unknown): string | undefined {
  if (error instanceof Refusal) return undefined;
  const { stack = String(error), cause } = error as Partial<Error>;
  return cause === undefined ? stack : `${stack}\n  because of ${cause}`;
}

/** What the caller is told; details of what is behind the API are for the log. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof SendError) return new Refusal(error.kind === 'refused' ? 500 : 503, SEND_REASONS[error.kind]);
  if (error instanceof DatabaseUnavailable) {
    return new Refusal(503, 'The database cannot be reached. Try again later.', { headers: { 'retry-after': '5' } });
  }
  // What Express and its body reader say: 400 for an address or a body that is cut off, 413, 415 for an encoding.
  const { status } = error as { readonly status?: unknown };
  if (status === 413) return tooLarge();
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Refusal(status, `The request cannot be read: ${(error as Error).message}.`);
  }
  return new Refusal(500, 'Something is wrong with this server; its log says what.');
}

const SEND_REASONS: Readonly<Record<SendError['kind'], string>> = {
  busy: 'The queue cannot take the event now. It was not accepted; send it again.',
  refused: 'The queue refused the event. It was not accepted.',
  unknown:
    'The queue cannot be reached. Whether it has the event is not known; send it again, with the same event_id it is stored once.',
};

function tooLarge(): Refusal {
  return new Refusal(413, `An event may have at most ${MAX_BODY_BYTES} bytes (256 KiB).`);
}
