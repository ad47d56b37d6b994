import { expect, test } from 'vitest';
import { formatDuration, formatInstant, parseDuration, parseInstant } from './instant.ts';

test.each([
  ['90s', 90_000],
  ['5m', 300_000],
  ['1h30m', 5_400_000],
  ['2d', 172_800_000],
  ['250ms', 250],
  ['0.5s', 500],
])('the duration %s is %i ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', '5', '5 minutes', 'm', '-1s', '1h 30m'])('"%s" is refused as a duration, with an example', (text) => {
  expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'INVALID_DURATION' }));
});

test('a duration is no longer than a Date can hold', () => {
  expect(parseDuration('100000000d')).toBe(8.64e15);
  for (const text of ['100000000d1ms', `${'9'.repeat(400)}s`])
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'INVALID_DURATION' }));
});

test('an instant keeps its offset', () => {
  expect(formatInstant(parseInstant('2022-01-27T14:48:25+09:00'))).toBe('2022-01-27T05:48:25.000Z');
});

test.each([
  ['2024-02-29T00:00:00+09:00', '2024-02-28T15:00:00.000Z'],
  ['2022-12-31T23:30:00-01:00', '2023-01-01T00:30:00.000Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
])('the day of %s is that of its offset', (text, instant) => {
  expect(formatInstant(parseInstant(text))).toBe(instant);
});

test.each([
  '2022-01-27',
  'yesterday',
  '2022-01-27T05:48:25',
  '2022-02-31T99:00:00Z',
  '2022-02-30T00:00:00Z',
  '2023-02-29T12:00:00+09:00',
  '2022-04-31T23:59:59-09:00',
])('"%s" is refused as an instant', (text) => {
  expect(() => parseInstant(text)).toThrow(expect.objectContaining({ code: 'INVALID_INSTANT' }));
});

test.each([
  [12, '12 ms'],
  [4200, '4.2 s'],
  [90_000, '1 min 30 s'],
  [119_600, '2 min'],
  [5_400_000, '1 h 30 min'],
])('%i ms is written %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
