import { timeFromFields } from '../../ingest/record-time.ts';
import type { WebhookRecord } from '../record.ts';

/** When what an event tells of happened, in ms since the epoch; undefined where it tells nothing of it. */
export type EventTime = (record: WebhookRecord) => number | undefined;

const UTC = 'Z';
const KOREA = '+09:00';

/** Where our senders put the time, and which zone they mean where they name none (webhooks.md 1 to 3). */
const TIMES: Readonly<Record<string, (event: unknown) => number | undefined>> = {
  '050': (event) => compactTime((event as Readonly<Record<string, unknown>>).end_dt, KOREA),
  appsflyer: timeFromFields(['event_time'], UTC),
  adbrix: timeFromFields(['event_datetime'], UTC),
};

/** 050: the call's end, `end_dt`. AppsFlyer: `event_time`. adbrix: `event_datetime`. Of other senders we know of none. */
export function eventTime({ sender, event }: WebhookRecord): number | undefined {
  return Object.hasOwn(TIMES, sender) ? TIMES[sender]?.(event) : undefined;
}

const COMPACT = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/;

/** Reads `20220127145010`. */
function compactTime(value: unknown, offset: string): number | undefined {
  const [, year, month, day, hour, minute, second] = (typeof value === 'string' && COMPACT.exec(value)) || [];
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const instant = Date.parse(`${text}Z`);
  // Date.parse takes 30 February for 2 March, and 24:00 for the next day.
  if (Number.isNaN(instant) || new Date(instant).toISOString().slice(0, 19) !== text) return undefined;
  return Date.parse(`${text}${offset}`);
}
