import { anotherBench, createRandom, describe, expect, scenario } from '../harness/kit/index.ts';
import { readKstDay, readUtcDate } from '../services/ingest/read-kst-day.ts';

/** A record as an app sends it: it knows its own time. */
function record(id: string, createdtime: string): string {
  return JSON.stringify({ id, createdtime });
}

/** Around the boundaries of the KST day of 27 January 2022 (time.md's list), in UTC. */
const MOMENTS = [
  ['before-day', '2022-01-26T14:59:59.999Z'],
  ['first-of-day', '2022-01-26T15:00:00.000Z'],
  ['before-utc-midnight', '2022-01-26T23:59:59.999Z'],
  ['after-utc-midnight', '2022-01-27T00:00:00.000Z'],
  ['last-of-day', '2022-01-27T14:59:59.999Z'],
  ['after-day', '2022-01-27T15:00:00.000Z'],
] as const;
