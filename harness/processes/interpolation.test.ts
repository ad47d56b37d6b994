// biome-ignore-all lint/suspicious/noTemplateCurlyInString: compose writes variables as JavaScript's templates do.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InterpolationError, parseText, requiredNames, resolveText } from './interpolation.ts';

const values: Readonly<Record<string, string>> = { SET: 'set', EMPTY: '', _a1: 'under' };

function resolve(source: string): { text: string; unset: string[] } {
  const unset: string[] = [];
  const text = resolveText(
    parseText(source),
    (name) => values[name],
    (name) => unset.push(name),
  );
  return { text, unset };
}

test.each([
  ['plain', 'plain'],
  ['$SET ${SET}', 'set set'],
  ['${_a1}$_a1-x', 'underunder-x'],
  ['$$SET $${SET}', '$SET ${SET}'],
  ['$ $1 a$', '$ $1 a$'],
  ['${EMPTY:-default}|${EMPTY-default}', 'default|'],
  ['${UNSET:-default}|${UNSET-default}', 'default|default'],
  ['${SET:+yes}|${EMPTY:+yes}|${EMPTY+yes}|${UNSET+yes}', 'yes||yes|'],
  ['${SET:?needed}${EMPTY?needed}', 'set'],
  ['${UNSET:-${SET}}', 'set'],
  ['${UNSET:-${ALSO:-deep}}', 'deep'],
  ['${UNSET:-}', ''],
  ['http://${SET}:80/}', 'http://set:80/}'],
])('%s becomes %s', (source, expected) => {
  expect(resolve(source)).toEqual({ text: expected, unset: [] });
});

test('a variable without a value becomes empty, and somebody hears of it', () => {
  expect(resolve('a${UNSET}b$ALSO')).toEqual({ text: 'ab', unset: ['UNSET', 'ALSO'] });
  expect(resolve('${EMPTY}')).toEqual({ text: '', unset: [] });
});

test.each([
  ['${UNSET:?give one}', 'UNSET is required, and has no value: give one'],
  ['${EMPTY:?give $SET}', 'EMPTY is required, and has no value: give set'],
  ['${UNSET?}', 'UNSET is required, and has no value: none was given'],
])('%s is an error', (source, message) => {
  expect(() => resolve(source)).toThrow(new InterpolationError(message));
});

test.each(['${}', '${1}', '${A', '${A:-b', '${A/b/c}', '${A:=b}', '${A b}'])('%s is no variable', (source) => {
  expect(() => parseText(source)).toThrow(InterpolationError);
});

test('a name is required unless it has a default', () => {
  expect(requiredNames(parseText('$A ${B} ${C:-x} ${D-$E} ${F:?why} ${G:+h}'))).toEqual(['A', 'B', 'E', 'F']);
});

test('whatever the text, doubling its dollars keeps it as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', ':', '-', ' ', '냇') }), (text) => {
      expect(resolve(text.replaceAll('$', '$$$$')).text).toBe(text);
    }),
  );
});
