import { el } from '../../../page-kit/page/dom.ts';
import type { Index, Indices } from '../shared/api.ts';
import type { Formats } from './format.ts';
import type { Texts } from './texts.ts';

/** The workshop's template, as it is typed into Dev Tools. */
const TEMPLATE = `POST _template/default_template
{"index_patterns":["pinpoint*"],"order":1,"mappings":{"properties":{"arrival_timestamp":{"type":"date","format":"epoch_millis"}}}}`;

/** The indices with their sizes, and what each makes of `arrival_timestamp`. */
export function indexPanel(answer: Indices | undefined, texts: Texts, formats: Formats): (Node | undefined)[] {
  if (answer === undefined) return [el('div', { class: 'placeholder rows' })];
  const { indices, now, next } = answer;
  // The next midnight UTC, as the reader's clock shows it.
  const turn = formats.minute(Math.ceil((now + 1) / 86_400_000) * 86_400_000);
  const names = [texts.index, texts.documents, texts.size, texts.fieldType];
  const head = el('tr', {}, ...names.map((name) => el('th', { scope: 'col' }, name)));
  const table = el(
    'table',
    { class: 'indices' },
    el('thead', {}, head),
    el('tbody', {}, ...indices.map((index) => row(index, texts, formats))),
  );
  const isGood = next.type === 'date';
  return [
    indices.length === 0
      ? el('p', { class: 'empty' }, texts.noIndices)
      : el(
          'div',
          { class: 'scroll', tabindex: 0, role: 'region', 'aria-labelledby': 'indices-title', 'data-key': 'indices' },
          table,
        ),
    el('h3', {}, texts.next),
    el(
      'p',
      { class: `next ${isGood ? 'good' : 'bad'}` },
      el('code', {}, next.name),
      el('span', {}, isGood ? texts.nextGood(next.template ?? '', next.type ?? '') : texts.nextBad),
    ),
    isGood ? undefined : el('pre', {}, TEMPLATE),
    el('p', { class: 'fine' }, texts.utcDays(turn)),
  ];
}

function row({ name, aliases, documents, bytes, type, isUsable }: Index, texts: Texts, formats: Formats): HTMLElement {
  const kind = type === undefined ? 'none' : type === 'date' ? 'good' : 'bad';
  return el(
    'tr',
    {},
    el(
      'td',
      {},
      el('code', {}, name),
      ...aliases.map((alias) => el('span', { class: 'alias' }, texts.aliasOf(alias))),
      isUsable ? undefined : el('span', { class: 'alias bad' }, texts.unusable),
    ),
    el('td', {}, formats.count(documents)),
    el('td', {}, formats.bytes(bytes)),
    el('td', {}, el('span', { class: `badge ${kind}` }, type ?? texts.noField)),
  );
}

/** What goes wrong where the field is no date, in OpenSearch's own words, and the way out. */
export function problemPanel(answer: Indices | undefined, texts: Texts, formats: Formats): Node[] {
  if (answer?.probe === undefined) return [];
  const { query, status, error, failed, shards } = answer.probe;
  const wrong = answer.indices.filter(({ type }) => type !== undefined && type !== 'date');
  const [first] = wrong;
  const command = `naetmul analytics reindex${wrong.length === 1 && first ? ` ${first.name}` : ''}`;
  return [
    el('h2', { id: 'problem-title' }, texts.problem),
    el('h3', {}, texts.asked),
    el('pre', {}, `POST ${answer.pattern}/_search\n${query}`),
    el('h3', {}, texts.answered(status)),
    el('pre', { class: 'bad' }, error),
    status === 200
      ? el('p', { class: 'fine' }, texts.shards(formats.count(failed), formats.count(shards)))
      : el('span'),
    el('h3', {}, texts.wayOut),
    el('p', {}, texts.wayOutText),
    el('pre', {}, command),
  ];
}
