import express, { type Express, type Request } from 'express';
import { createPageApp } from '../../../page-kit/server/app.ts';
import type { Log } from '../../../page-kit/server/log.ts';
import type { Live } from '../shared/api.ts';
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

/** The page, and the questions it asks. */
export function createApp({ readings, live, pageFolder, log }: AppOptions): Express {
  const api = express.Router();
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
  // Live messages come by WebSocket from wherever the broker is.
  return createPageApp({ api, pageFolder, connectsTo: ['ws:', 'wss:'], log });
}

function detectorOf(query: Request['query']): string | undefined {
  const { detector } = query;
  if (detector === undefined || (typeof detector === 'string' && detector.length <= 256)) return detector;
  throw new Refusal(400, 'bad-request', 'detector must be the groupid of one detector.');
}
