import { el } from '../../../page-kit/page/dom.ts';
import type { Event, Events, WholeEvent } from '../shared/api.ts';
import type { Formats } from './format.ts';
import type { Texts } from './texts.ts';

export interface EventListOptions {
  readonly events: Events | undefined;
  readonly texts: Texts;
  readonly formats: Formats;
  /** The event that is open, by `keyOf`; and all of it, once it has come, or null when it is gone. */
  readonly open: string | undefined;
  readonly whole: WholeEvent | null | undefined;
  /** How many a list can have. */
  readonly most: number;
  colorOf(type: string | undefined): string;
  onOpen(event: Event): void;
  onMore(): void;
}

export function keyOf({ index, id }: Pick<Event, 'index' | 'id'>): string {
  return `${index}/${id}`;
}

/** The newest events of the range, each of which can be opened. */
export function eventList(options: EventListOptions): Node[] {
  const { events, texts } = options;
  if (events === undefined) return [el('div', { class: 'placeholder rows' })];
  if (events.events.length === 0) return [el('p', { class: 'empty' }, texts.noneInRange)];
  const list = el('ol', { class: 'events' }, ...events.events.map((event) => row(event, events.now, options)));
  return [list, ...more(events, options)];
}

function row(event: Event, now: number, options: EventListOptions): HTMLElement {
  const { texts, formats, open, colorOf, onOpen } = options;
  const key = keyOf(event);
  const isOpen = open === key;
  const { arrival, happened, type, client, facts } = event;
  const button = el(
    'button',
    { type: 'button', class: 'event', 'aria-expanded': String(isOpen), 'data-key': key },
    el(
      'time',
      { datetime: new Date(arrival).toISOString(), title: happened && texts.happened(formats.dateTime(happened)) },
      formats.near(arrival, now),
    ),
    el(
      'span',
      { class: 'type' },
      el('span', { class: 'dot', 'data-line': colorOf(type).slice(2) }),
      type ?? texts.noType,
    ),
    el('span', { class: 'client' }, client ?? ''),
    el('span', { class: 'facts' }, ...facts.map(([name, value]) => fact(name, value))),
  );
  button.addEventListener('click', () => onOpen(event));
  return el('li', {}, button, isOpen ? whole(event, options) : undefined);
}

function fact(name: string, value: string): HTMLElement {
  return el('span', { class: 'fact' }, el('span', { class: 'name' }, name), ' ', value);
}

function whole({ index, id }: Event, { whole: found, texts }: EventListOptions): HTMLElement {
  if (found === undefined) return el('p', { class: 'fine whole' }, texts.loadingEvent);
  if (found === null) return el('p', { class: 'fine whole' }, texts.eventGone);
  const label = texts.whole(id);
  const text = JSON.stringify(found.source, null, 2);
  return el(
    'div',
    { class: 'whole' },
    el('p', { class: 'fine' }, `${index} / ${id}`),
    el('pre', { tabindex: 0, role: 'region', 'aria-label': label, 'data-key': `whole-${index}-${id}` }, text),
  );
}

function more({ events, total }: Events, { texts, formats, most, onMore }: EventListOptions): Node[] {
  if (events.length >= total) return [];
  const shown = formats.count(events.length);
  if (events.length >= most) return [el('p', { class: 'fine' }, texts.mostShown(shown))];
  const button = el(
    'button',
    { type: 'button', class: 'switch more', 'data-key': 'more' },
    texts.more(shown, formats.count(total)),
  );
  button.addEventListener('click', onMore);
  return [button];
}
