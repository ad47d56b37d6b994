import type { PinpointEvent } from './events.ts';

/** The workshop's index template, as the function puts it. */
export const DEFAULT_TEMPLATE = {
  index_patterns: ['pinpoint*'],
  order: 1,
  mappings: { properties: { arrival_timestamp: { type: 'date', format: 'epoch_millis' } } },
};

/** Asks OpenSearch; errors say what it answered. */
export async function send(url: string, method: string, path: string, body?: object | string) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { 'content-type': typeof body === 'string' ? 'application/x-ndjson' : 'application/json' };
  const answer = await fetch(url + path, { method, ...(body === undefined ? {} : { headers, body: text as string }) });
  const answered = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${answered}`);
  return JSON.parse(answered);
}

/** The index of an event, with daily rotation. */
export function indexOf(arrival: number): string {
  return `pinpoint-${new Date(arrival).toISOString().slice(0, 10)}`;
}

/** Stores events as Firehose does; they can be found when it resolves. */
export async function store(url: string, events: readonly PinpointEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += 2_000) {
    const lines = events.slice(from, from + 2_000).flatMap((event, at) => {
      const action = {
        index: { _index: indexOf(event.arrival_timestamp), _id: `${event.arrival_timestamp}.${from + at}` },
      };
      return [JSON.stringify(action), JSON.stringify(event)];
    });
    const answer = await send(url, 'POST', '/_bulk?refresh=true', `${lines.join('\n')}\n`);
    if (answer.errors) throw new Error(`Not all was stored: ${JSON.stringify(answer).slice(0, 500)}`);
  }
}

/** Removes every index and template of this pipeline. */
export async function clear(url: string): Promise<void> {
  await send(url, 'DELETE', '/pinpoint*');
  const { status } = await fetch(`${url}/_template/default_template`, { method: 'DELETE' });
  if (status !== 200 && status !== 404) throw new Error(`The template stays: ${status}`);
}
