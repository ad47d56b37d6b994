import { el } from '../../../page-kit/page/dom.ts';
import type { Warnings } from '../shared/api.ts';
import type { Formats } from './format.ts';
import type { Texts } from './texts.ts';

/** The warnings of the range, newest first. */
export function warningList(answer: Warnings | undefined, texts: Texts, formats: Formats): Node[] {
  if (answer === undefined) return [el('div', { class: 'scroll placeholder' })];
  const { total, warnings } = answer;
  if (total === 0) return [el('div', { class: 'scroll empty' }, el('p', {}, texts.noWarnings))];
  const head = el(
    'tr',
    {},
    ...[texts.time, texts.detectorColumn, texts.value].map((name) => el('th', { scope: 'col' }, name)),
  );
  const rows = warnings.map(({ date, groupid, value, sensorid }) =>
    el(
      'tr',
      {},
      el('td', {}, el('time', { datetime: new Date(date).toISOString() }, formats.dateTime(date))),
      el('td', {}, groupid),
      el('td', { class: 'alarm-text', title: sensorid && texts.sensor(sensorid) }, formats.value(value)),
    ),
  );
  const count = texts.warningsCount(formats.count(total));
  return [
    el(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-labelledby': 'warnings-title', 'data-key': 'warnings' },
      el(
        'table',
        {},
        el('caption', {}, total > warnings.length ? `${count} · ${texts.newestOf(warnings.length)}` : count),
        el('thead', {}, head),
        el('tbody', {}, ...rows),
      ),
    ),
  ];
}
