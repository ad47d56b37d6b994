import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPosition, formatToken, parsePosition, parseToken, seal, unseal } from './positions.ts';

const position = fc.record({
  t: fc.integer({ min: 0, max: Date.UTC(2099, 0) }),
  id: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
});

test('a position survives being written, as 56 digits', () => {
  fc.assert(
    fc.property(position, (one) => {
      expect(formatPosition(one)).toMatch(/^\d{56}$/);
      expect(parsePosition(formatPosition(one))).toEqual(one);
    }),
  );
});

test('written positions have the order of time and ingestion', () => {
  fc.assert(
    fc.property(position, position, (a, b) => {
      const order = a.t - b.t || a.id - b.id;
      const written = formatPosition(a) < formatPosition(b) ? -1 : formatPosition(a) > formatPosition(b) ? 1 : 0;
      expect(written).toBe(Math.sign(order));
    }),
  );
});

test('the time can be read from an id that AWS gave', () => {
  // The event of 1432826855000 in docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
  expect(parsePosition('31953106606966983378809025079804211143289615424298221568')?.t).toBe(1432826855000);
});

test('a token tells its direction', () => {
  const token = formatToken('backward', { t: 5, id: 7 });
  expect(token).toBe(`b/${formatPosition({ t: 5, id: 7 })}/s`);
  expect(parseToken(token)).toEqual({ direction: 'backward', position: { t: 5, id: 7 } });
});

test.each(['', 'f/12/s', `x/${'1'.repeat(56)}/s`, `f/${'1'.repeat(57)}/s`])('%j is no token', (token) => {
  expect(parseToken(token)).toBeUndefined();
});

test.each(['', 'not base64!', seal(['one']), seal([1, 2, 3])])('%j is no sealed pair', (token) => {
  expect(unseal(token, 2)).toBeUndefined();
});
