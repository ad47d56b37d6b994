import { expect, test } from 'vitest';
import { compilePattern } from './pattern.ts';

const MESSAGES = ['[ERROR 400] BAD REQUEST', '[WARN] timeout of ERROR', '[INFO] say "hi"'];

test.each([
  ['', [0, 1, 2]],
  ['  ', [0, 1, 2]],
  ['ERROR', [0, 1]],
  ['error', []],
  ['ERROR timeout', [1]],
  ['"ERROR 400"', [0]],
  ['ERROR -WARN', [0]],
  ['-ERROR', [2]],
  ['-"[WARN]"', [0, 2]],
  ['?WARN ?INFO', [1, 2]],
  ['?"BAD REQUEST" ?INFO', [0, 2]],
  ['"say \\"hi\\""', [2]],
])('%j matches the messages %j', (pattern, expected) => {
  const matches = compilePattern(pattern);
  expect(MESSAGES.flatMap((message, at) => (matches(message) ? [at] : []))).toEqual(expected);
});

test.each([
  ['a-b', "Invalid character(s) in term '-'"],
  ['RequestId: 1', "Invalid character(s) in term ':'"],
  ['"unclosed', "Invalid character(s) in term '\"'"],
  ['""', 'Invalid character(s) in term \'""\''],
  ['{ $.a = 1', "If a filter pattern starts with '{' it must end with '}'"],
  ['{ $.a = 1 }', 'A filter pattern for JSON events is not supported by naetmul; docs/fidelity/logs.md lists what is.'],
  [
    '[ip, user]',
    'A filter pattern for space-delimited events is not supported by naetmul; docs/fidelity/logs.md lists what is.',
  ],
  [
    '%ERR.*%',
    'A regular expression in a filter pattern is not supported by naetmul; docs/fidelity/logs.md lists what is.',
  ],
  [
    '?ERROR WARN',
    'A filter pattern that mixes terms with ? and terms without is not supported by naetmul; docs/fidelity/logs.md lists what is.',
  ],
])('%j is refused', (pattern, message) => {
  expect(() => compilePattern(pattern)).toThrow(
    expect.objectContaining({ code: 'InvalidParameterException', message }),
  );
});
