import type { LogGroup } from './catalog.ts';
import type { Position, StoredEvent } from './event-store.ts';
import { EVENT_OVERHEAD_BYTES, type LogService } from './service.ts';

/** Limits of one page: API_GetLogEvents.html */
const MAX_PAGE_EVENTS = 10_000;
const MAX_PAGE_BYTES = 1_048_576;

export interface PageRequest {
  readonly stream?: number;
  /** Inclusive, ms since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly after: Position | undefined;
  readonly descending: boolean;
  readonly limit: number | undefined;
  readonly accepts?: (event: StoredEvent) => boolean;
}

/** Reads a page of a group's events in the direction asked for. `more` says whether others would follow. */
export function readPage(
  service: LogService,
  group: LogGroup,
  request: PageRequest,
): { readonly events: StoredEvent[]; readonly more: boolean } {
  const { from, limit = MAX_PAGE_EVENTS, accepts = () => true } = request;
  const events: StoredEvent[] = [];
  let bytes = 0;
  const reading = { ...request, group: group.id, from: Math.max(from, service.retainedFrom(group)) };
  for (const event of service.events.read(reading)) {
    if (!accepts(event)) continue;
    bytes += Buffer.byteLength(event.message) + EVENT_OVERHEAD_BYTES;
    if (events.length === limit || (bytes > MAX_PAGE_BYTES && events.length > 0)) return { events, more: true };
    events.push(event);
  }
  return { events, more: false };
}
