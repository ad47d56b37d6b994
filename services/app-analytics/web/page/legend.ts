import { el } from '../../../page-kit/page/dom.ts';
import type { Counts } from '../shared/api.ts';
import type { Formats } from './format.ts';
import type { Texts } from './texts.ts';

export interface LegendOptions {
  readonly counts: Counts | undefined;
  /** The type that the list is narrowed to. */
  readonly selected: string | undefined;
  readonly texts: Texts;
  readonly formats: Formats;
  colorOf(type: string | undefined): string;
  onSelect(type: string | undefined): void;
}

/** The types with their colours and counts; one of them narrows the list. */
export function legend({ counts, selected, texts, formats, colorOf, onSelect }: LegendOptions): Node[] {
  if (counts === undefined) return [];
  const { types, others, total } = counts;
  // The chosen one stays, also where the range has none of it.
  const isMissing = selected !== undefined && !types.some(({ type }) => type === selected);
  const shown = isMissing ? [...types, { type: selected, count: 0 }] : types;
  if (shown.length === 0) return [];
  const chip = (type: string | undefined, name: string, count: number) => {
    const dot = type === undefined ? undefined : el('span', { class: 'dot', 'data-line': colorOf(type).slice(2) });
    const isChosen = selected === type;
    const attributes = { class: 'chip', 'aria-pressed': String(isChosen), 'data-key': `type-${type ?? ''}` };
    const number = el('span', { class: 'number' }, formats.count(count));
    const button = el('button', { type: 'button', ...attributes }, dot, name, number);
    button.addEventListener('click', () => onSelect(isChosen ? undefined : type));
    return button;
  };
  const rest =
    others &&
    el(
      'span',
      { class: 'chip quiet' },
      el('span', { class: 'dot', 'data-line': colorOf(undefined).slice(2) }),
      texts.others,
      el('span', { class: 'number' }, formats.count(others.count)),
    );
  return [
    chip(undefined, texts.allTypes, total),
    ...shown.map(({ type, count }) => chip(type, type, count)),
    ...(rest ? [rest] : []),
  ];
}

/** The chart in numbers, for whoever does not see it. */
export function countsTable(counts: Counts | undefined, texts: Texts, formats: Formats): Node[] {
  const { types = [], others, total = 0 } = counts ?? {};
  const rows = [...types, ...(others ? [{ ...others, type: texts.others }] : [])].map(({ type, count }) =>
    el('tr', {}, el('td', {}, type), el('td', {}, formats.count(count)), el('td', {}, formats.share(count, total))),
  );
  const head = [texts.type, texts.count, texts.share].map((name) => el('th', { scope: 'col' }, name));
  return [
    el('summary', { 'data-key': 'table' }, texts.table),
    rows.length === 0
      ? el('p', { class: 'fine' }, texts.noneInRange)
      : el('table', { class: 'counts' }, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...rows)),
  ];
}
