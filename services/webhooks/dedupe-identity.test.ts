import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventsOf, SENDERS } from '../../fixtures/senders/index.ts';
import { canonicalJson, eventIdentity } from './dedupe-identity.ts';

const CALL = { call_id: '20220127144825001', end_dt: '20220127145010', result: 'ANSWERED' };
const MESSAGE = {
  appsflyer_id: '1702380351991-1046012330971770617',
  event_name: 'af_purchase',
  event_time: '2022-01-27 05:48:25.123',
  event_value: '{"af_price":1200}',
  city: 'Seoul',
};
const POSTBACK = {
  a_key: '1530859076437:902a3631',
  event_name: 'first_open',
  event_datetime: '2022-01-27 05:48:25',
  param_json: '{"item":1}',
};

function of(sender: string, event: unknown): string {
  return eventIdentity({ sender, event });
}

describe('two records tell of one event', () => {
  test.each<[string, string, unknown, unknown]>([
    ['a call with one call_id, whatever else is said of it', '050', CALL, { ...CALL, result: 'BUSY' }],
    ['a message of one user, name, time and value', 'appsflyer', MESSAGE, { ...MESSAGE, city: 'Busan' }],
    [
      'a message without a value, be it left out or null',
      'appsflyer',
      { ...MESSAGE, event_value: undefined },
      { ...MESSAGE, event_value: null },
    ],
    ['a postback of one click, name, time and value', 'adbrix', POSTBACK, { ...POSTBACK, a_country: 'kr' }],
    ['an event with one event_id', 'my-shop', { event_id: 'e-1', attempt: 1 }, { event_id: 'e-1', attempt: 2 }],
    ['an event_id as a number and as text', 'my-shop', { event_id: 17 }, { event_id: '17' }],
    [
      'an event without an id, in another order',
      'my-shop',
      { a: 1, b: { c: [2], d: 3 } },
      { b: { d: 3, c: [2] }, a: 1 },
    ],
    ['a call without an id that is the same in all', '050', { vn: '050700000000' }, { vn: '050700000000' }],
  ])('%s', (_what, sender, one, other) => {
    expect(of(sender, one)).toBe(of(sender, other));
  });
});

describe('two records tell of two events', () => {
  test.each<[string, [string, unknown], [string, unknown]]>([
    ['two calls', ['050', CALL], ['050', { ...CALL, call_id: '20220127144825002' }]],
    ...(['appsflyer_id', 'event_name', 'event_time', 'event_value'] as const).map(
      (name): [string, [string, unknown], [string, unknown]] => [
        `two messages with another ${name}`,
        ['appsflyer', MESSAGE],
        ['appsflyer', { ...MESSAGE, [name]: 'another' }],
      ],
    ),
    ...(['a_key', 'event_name', 'event_datetime', 'param_json'] as const).map(
      (name): [string, [string, unknown], [string, unknown]] => [
        `two postbacks with another ${name}`,
        ['adbrix', POSTBACK],
        ['adbrix', { ...POSTBACK, [name]: 'another' }],
      ],
    ),
    ['of two senders', ['shop-a', { event_id: '1' }], ['shop-b', { event_id: '1' }]],
    ['of two senders, without an id', ['shop-a', { a: 1 }], ['shop-b', { a: 1 }]],
    ...(
      [
        ['appsflyer', { ...MESSAGE, event_value: { price: 1 } }, { ...MESSAGE, event_value: { price: 2 } }],
        ['adbrix', { ...POSTBACK, param_json: { item: 1 } }, { ...POSTBACK, param_json: { item: 2 } }],
      ] as const
    ).map(([sender, one, other]): [string, [string, unknown], [string, unknown]] => [
      `of ${sender} with values that are objects`,
      [sender, one],
      [sender, other],
    ]),
    [
      'with a number that JavaScript cannot tell from others as an id, and another content',
      ['my-shop', { event_id: Number('12345678901234567890'), a: 1 }],
      ['my-shop', { event_id: Number('12345678901234567890'), a: 2 }],
    ],
    ['with a blank id and another content', ['050', { call_id: '  ', vn: '1' }], ['050', { call_id: '  ', vn: '2' }]],
    ['with an empty id and another content', ['050', { call_id: '', vn: '1' }], ['050', { call_id: '', vn: '2' }]],
    ['with an id that came twice', ['050', { call_id: ['1', '2'] }], ['050', { call_id: ['1', '3'] }]],
    ['with a list in another order', ['my-shop', { a: [1, 2] }], ['my-shop', { a: [2, 1] }]],
    ['with a number and its digits, without an id', ['my-shop', { a: 1 }], ['my-shop', { a: '1' }]],
    [
      'with an event_id that is another sender’s way',
      ['050', { event_id: '1', a: 1 }],
      ['050', { event_id: '1', a: 2 }],
    ],
    [
      'with parts that are put together the same',
      ['appsflyer', { ...MESSAGE, appsflyer_id: 'a b', event_name: 'c' }],
      ['appsflyer', { ...MESSAGE, appsflyer_id: 'a', event_name: 'b c' }],
    ],
    ['of senders named as what every object has', ['constructor', { a: 1 }], ['constructor', { a: 2 }]],
  ])('%s', (_what, one, other) => {
    expect(of(...one)).not.toBe(of(...other));
  });
});

test.each(SENDERS)('of what %s posts, two events are told apart if and only if they are two', (sender) => {
  const series = { seed: 'identity', count: 1000, from: Date.parse('2022-01-27T05:48:25Z'), rate: 5 };
  const events = [...eventsOf(sender, series), ...eventsOf(sender, series)];
  const identities = new Map(events.map(({ id, event }) => [id, eventIdentity({ sender, event })]));
  expect(identities.size).toBe(1000);
  expect(new Set(identities.values()).size).toBe(1000);
  expect(events.every(({ id, event }) => identities.get(id) === eventIdentity({ sender, event }))).toBe(true);
});

test('an identity is short, however long the sender’s id', () => {
  expect(of('my-shop', { event_id: 'x'.repeat(1_000_000) })).toMatch(/^[\w-]{43}$/);
  expect(of('my-shop', {})).toMatch(/^[\w-]{43}$/);
});

describe('canonicalJson', () => {
  test('is JSON of the same value, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(canonicalJson(plain))).toEqual(plain);
      }),
    );
  });

  test('sorts names, also those that are numbers, and keeps one that is __proto__', () => {
    expect(canonicalJson(JSON.parse('{"b":[],"10":{},"9":[{}],"__proto__":{"x":null}}'))).toBe(
      '{"10":{},"9":[{}],"__proto__":{"x":null},"b":[]}',
    );
  });

  test('takes what is nested 100,000 levels deep', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(canonicalJson(JSON.parse(deep))).toBe(deep);
  });
});
