import { expect, test } from 'vitest';
import { iso, readInstant } from './instant.ts';

test.each([
  ['2022-01-27T05:48:25.120Z', '2022-01-27T05:48:25.120Z'],
  ['2022-01-27T14:48:25+09:00', '2022-01-27T05:48:25.000Z'],
  ['2022-01-27T14:48+0900', '2022-01-27T05:48:00.000Z'],
  ['2022-01-27T05:48:25', '2022-01-27T05:48:25.000Z'],
  ['2022-01-27', '2022-01-27T00:00:00.000Z'],
])('%s is %s, wherever the machine is', (text, instant) => {
  expect(iso(readInstant(text))).toBe(instant);
});

test.each(['', 'now', 'Jan 27 2022', '1643262505380', '2022-13-27T05:48:25Z'])('"%s" is no instant', (text) => {
  expect(readInstant(text)).toBeNaN();
});
