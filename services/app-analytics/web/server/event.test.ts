import { expect, test } from 'vitest';
import { campaignAt } from '../../testing/events.ts';
import { readEvent } from './event.ts';

const hit = (source: object) => ({
  _index: 'pinpoint-2020-05-18',
  _id: '1',
  _source: source,
  sort: [1_589_790_125_123],
});

test('a mail is told by its subject and reader, then by its attributes', () => {
  const open = campaignAt(1_589_790_000_000, 50).find(({ event_type: type }) => type === '_email.open');
  const { happened, type, client, facts } = readEvent(hit(open ?? {}));
  expect([type, happened, client]).toEqual([
    '_email.open',
    open?.event_timestamp,
    expect.stringMatching(/^endpoint-1-000\d\d$/),
  ]);
  expect(facts.slice(0, 3)).toEqual([
    ['subject', '봄 신상품이 도착했습니다'],
    ['to', expect.stringMatching(/^reader-\d+@example\.com$/)],
    ['feedback', 'opened'],
  ]);
});

test('what others put into the index is told as far as it goes', () => {
  const plain = { index: 'pinpoint-2020-05-18', id: '1', arrival: 1_589_790_125_123 };
  const none = { happened: undefined, type: undefined, client: undefined, facts: [] };
  for (const source of [{}, { client: null, attributes: null, metrics: 'x', event_type: 7, event_timestamp: 'soon' }]) {
    expect(readEvent(hit(source))).toEqual({ ...plain, ...none });
  }
  const { facts } = readEvent(hit({ attributes: { deep: { a: 1 }, long: 'x'.repeat(500), nothing: null } }));
  expect(facts).toEqual([
    ['deep', '{"a":1}'],
    ['long', `${'x'.repeat(120)}…`],
  ]);
});
