import type { Event } from '../shared/api.ts';
import type { Hit } from './analytics.ts';

/** A record of Pinpoint's event stream, as far as the list shows it; what others put into the index may be anything. */
export interface StoredEvent {
  readonly event_type?: unknown;
  readonly event_timestamp?: unknown;
  readonly client?: { readonly client_id?: unknown } | null;
  readonly attributes?: unknown;
  readonly metrics?: unknown;
  readonly facets?: { readonly email_channel?: { readonly mail_event?: { readonly mail?: Mail } } };
}

interface Mail {
  readonly destination?: unknown;
  readonly common_headers?: { readonly subject?: unknown };
}

const MAX_FACTS = 8;
const MAX_LENGTH = 120;

export function readEvent({ _index: index, _id: id, _source: source, sort }: Hit): Event {
  const happened = Number(source.event_timestamp ?? Number.NaN);
  const { event_type: type, client } = source;
  return {
    index,
    id,
    arrival: Number(sort[0]),
    happened: Number.isFinite(happened) ? happened : undefined,
    type: typeof type === 'string' ? type : undefined,
    client: typeof client?.client_id === 'string' ? client.client_id : undefined,
    facts: factsOf(source),
  };
}

function factsOf({ attributes, metrics, facets }: StoredEvent): Event['facts'] {
  const mail = facets?.email_channel?.mail_event?.mail;
  return [
    ...members({ subject: mail?.common_headers?.subject, to: [mail?.destination].flat().join(', ') }),
    ...members(attributes),
    ...members(metrics),
  ].slice(0, MAX_FACTS);
}

function members(value: unknown): (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, fact]) => {
    const text = typeof fact === 'object' ? JSON.stringify(fact) : String(fact ?? '');
    if (text === '' || text === 'null') return [];
    return [[name, text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text] as const];
  });
}
