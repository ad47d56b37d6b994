import express, { type Express, type Request } from 'express';
import { createPageApp } from '../../../page-kit/server/app.ts';
import type { Log } from '../../../page-kit/server/log.ts';
import { Refusal } from '../../../page-kit/server/refusal.ts';
import { failureOf } from '../../src/opensearch.ts';
import type { Analytics } from './analytics.ts';
import { readRange } from './range.ts';

export interface AppOptions {
  readonly analytics: Analytics;
  /** The folder with the built page. */
  readonly pageFolder: string;
  readonly log: Log;
}

/** How many events a list has, by default and at most. */
const SIZE = 50;
const MAX_SIZE = 500;

/** The page, and the questions it asks. */
export function createApp({ analytics, pageFolder, log }: AppOptions): Express {
  const api = express.Router();
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
  return createPageApp({ api, pageFolder, refusalOf, log });
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

function refusalOf(error: unknown): Refusal | undefined {
  const failure = failureOf(error);
  return failure === undefined ? undefined : ofOpenSearch(failure.status, failure.reason, { cause: error });
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
