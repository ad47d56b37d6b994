import { expect, test } from 'vitest';
import { readMessage } from './messages.ts';

test.each([
  ['{"msg":"success"}', 'success', 'success'],
  ['{"msg":"failure: bad reading: no2 is missing"}', 'failure', 'failure: bad reading: no2 is missing'],
  ['{"warning":"no2 warning"}', 'warning', 'no2 warning'],
  ['{"other":1}', 'other', '{"other":1}'],
  ['no JSON', 'other', 'no JSON'],
  ['null', 'other', 'null'],
])('%s is read', (payload, kind, text) => {
  expect(readMessage(payload)).toEqual({ kind, text });
});

test('a long message is cut', () => {
  expect(readMessage('x'.repeat(9_999)).text).toHaveLength(501);
});
