import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventDatetimeOf, eventSchema, fromSqlDatetime, messageSchema, toSqlDatetime } from './event.ts';
import { validate } from './validate.ts';

const FIXTURES = new URL('../../fixtures/collector/', import.meta.url);
const GOOD = {
  event_id: 'e-1',
  event: 'purchase',
  user_id: 'u-1',
  parameters: { order_id: 'o-1', currency: 'KRW', price: 12_900.5 },
};
const { event_id: _, ...WITHOUT_ID } = GOOD;
const { price: __, ...WITHOUT_PRICE } = GOOD.parameters;

function reason(value: unknown): string | undefined {
  const result = validate(eventSchema, value, 'the body');
  return result.ok ? undefined : result.reason;
}

describe('an event', () => {
  test.each(
    [
      readFileSync(new URL('workshop.json', FIXTURES), 'utf8'),
      ...readFileSync(new URL('everyday.jsonl', FIXTURES), 'utf8').split('\n'),
    ].filter((line) => line !== ''),
  )('is what senders send: %s', (line) => {
    const body = JSON.parse(line);
    expect(validate(eventSchema, body, 'the body')).toEqual({ ok: true, value: { parameters: null, ...body } });
  });

  test.each([
    ['a name of one character', { ...GOOD, event: '가' }],
    ['255 emoji, each two units of UTF-16', { ...GOOD, event_id: '💧'.repeat(255) }],
    ['white space inside', { ...GOOD, user_id: '김 하늘' }],
    ['text of parameters that is empty', { ...GOOD, parameters: { order_id: '', currency: '', price: 0 } }],
    ['a long order_id', { ...GOOD, parameters: { ...GOOD.parameters, order_id: 'x'.repeat(100_000) } }],
  ])('may have %s', (_what, value) => {
    expect(reason(value)).toBeUndefined();
  });

  test.each([
    ['null', null, 'the body must be a JSON object, not null'],
    ['an array', [GOOD], 'the body must be a JSON object, not an array'],
    ['text', 'x', 'the body must be a JSON object, not a string'],
    ['nothing in it', {}, 'event_id is missing; event is missing; user_id is missing'],
    ['no event_id', WITHOUT_ID, 'event_id is missing'],
    ['an unknown field', { ...GOOD, colour: 'red' }, 'colour is not a known field'],
    ['two unknown fields', { ...GOOD, a: 1, b: 2 }, 'a is not a known field; b is not a known field'],
    [
      '__proto__',
      JSON.parse('{"__proto__":1,"event_id":"e","event":"x","user_id":"u"}'),
      '__proto__ is not a known field',
    ],
    ['its own time', { ...GOOD, event_datetime: 'now' }, 'event_datetime is not a known field'],
    ['a number as user_id', { ...GOOD, user_id: 7 }, 'user_id must be a string, not a number'],
    ['null as event', { ...GOOD, event: null }, 'event must be a string, not null'],
    ['an empty event_id', { ...GOOD, event_id: '' }, 'event_id must not be empty'],
    ['a long event', { ...GOOD, event: 'x'.repeat(256) }, 'event must have at most 255 characters'],
    ['a space at its end', { ...GOOD, event_id: 'e ' }, 'event_id must not begin or end with white space'],
    [
      'half an emoji',
      { ...GOOD, user_id: 'u\ud83d' },
      'user_id must be well-formed Unicode: it has half of a surrogate pair',
    ],
    ['parameters that are text', { ...GOOD, parameters: '{}' }, 'parameters must be a JSON object, not a string'],
    ['parameters without price', { ...GOOD, parameters: WITHOUT_PRICE }, 'parameters.price is missing'],
    [
      'a price that is text',
      { ...GOOD, parameters: { ...GOOD.parameters, price: '9' } },
      'parameters.price must be a number, not a string',
    ],
    [
      'a price beyond all numbers',
      { ...GOOD, parameters: { ...GOOD.parameters, price: JSON.parse('1e999') } },
      'parameters.price must be a number, not one that is too large',
    ],
    [
      'something unknown in parameters',
      { ...GOOD, parameters: { ...GOOD.parameters, tax: 1 } },
      'parameters.tax is not a known field',
    ],
    [
      'more that is wrong than anybody reads',
      { ...GOOD, a: 1, b: 1, c: 1, d: 1, e: 1, ['f'.repeat(99)]: 1 },
      'a is not a known field; b is not a known field; c is not a known field; d is not a known field; e is not a known field; and 1 more',
    ],
    ['a field with an endless name', { ...GOOD, ['f'.repeat(9_999)]: 1 }, `${'f'.repeat(60)}… is not a known field`],
  ])('with %s is refused by name', (_what, value, expected) => {
    expect(reason(value)).toBe(expected);
  });
});

describe('a message', () => {
  const message = { ...GOOD, event_datetime: '2022-01-27T05:48:25.123456Z' };

  test.each([
    '2022-01-27T05:48:25.123456Z',
    '2022-01-27T05:48:25Z',
    '2024-02-29T23:59:59.9Z',
  ])('may have the time %s', (event_datetime) => {
    expect(validate(messageSchema, { ...message, event_datetime }, 'the message').ok).toBe(true);
  });

  test.each([
    ['2022-01-27 05:48:25', 'event_datetime must look like 2022-01-27T05:48:25.123456Z'],
    ['2022-01-27T05:48:25.1234567Z', 'event_datetime must look like 2022-01-27T05:48:25.123456Z'],
    ['2022-01-27T14:48:25+09:00', 'event_datetime must look like 2022-01-27T05:48:25.123456Z'],
    ['2022-02-30T05:48:25Z', 'event_datetime must be a time that exists'],
    ['2022-01-27T24:00:00Z', 'event_datetime must be a time that exists'],
    ['0022-01-27T05:48:25Z', 'event_datetime must be a time that exists'],
  ])('may not have the time %s', (event_datetime, expected) => {
    const result = validate(messageSchema, { ...message, event_datetime }, 'the message');
    expect(result).toEqual({ ok: false, reason: expect.stringContaining(expected) });
  });
});

test('a time goes into the database and comes back as it was, to the microsecond', () => {
  const instant = fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(instant, fc.integer({ min: 0, max: 999 }), (date, micros) => {
      const text = date.toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`);
      expect(fromSqlDatetime(toSqlDatetime(text))).toBe(text);
    }),
  );
  expect(fromSqlDatetime('2022-01-27 05:48:25')).toBe('2022-01-27T05:48:25.000000Z');
  expect(eventDatetimeOf(new Date(1_643_262_505_123))).toBe('2022-01-27T05:48:25.123000Z');
});
