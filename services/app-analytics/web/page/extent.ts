import { el } from '../../../page-kit/page/dom.ts';
import type { Events } from '../shared/api.ts';
import type { Formats } from './format.ts';
import type { Texts } from './texts.ts';

export interface ExtentOptions {
  readonly events: Events | undefined;
  readonly texts: Texts;
  readonly formats: Formats;
  onShowAll(): void;
}

/** How many events there are in the range, and how many not: what lies outside looks as if it were missing. */
export function extent({ events, texts, formats, onShowAll }: ExtentOptions): Node[] {
  if (events === undefined) return [el('strong', {}, texts.loading)];
  const { total, type, before, after, untimed, oldest, newest, from, to, now } = events;
  const count = formats.count(total);
  const inside = type === undefined ? texts.inRange(count) : texts.ofType(count, type);
  const times = `${formats.near(from, now)} – ${formats.near(to, now)}`;
  const outside = before + after + untimed;
  const parts = [
    ...(before > 0 ? [texts.before(formats.count(before))] : []),
    ...(after > 0 ? [texts.after(formats.count(after))] : []),
    ...(untimed > 0 ? [texts.untimed(formats.count(untimed))] : []),
  ];
  const told = outside === 0 ? texts.noneOutside : `${texts.outside(formats.count(outside))} (${parts.join(', ')})`;
  const isWiderThere = oldest !== undefined && newest !== undefined && (oldest < from || newest >= to);
  const button = el('button', { type: 'button', class: 'switch', 'data-key': 'all' }, texts.showAll);
  button.addEventListener('click', onShowAll);
  return [
    el('strong', {}, inside),
    el('span', { class: 'times' }, times),
    el('span', { class: outside > 0 ? 'outside' : 'outside none' }, told),
    ...(isWiderThere ? [button] : []),
  ];
}
