import * as fc from 'fast-check';

/** Values the generator's references may name; see CONTEXT in corpus.ts. */
const NAMES = [
  'name',
  'empty',
  'text',
  'n',
  'big',
  'pi',
  'yes',
  'no',
  'list',
  'numbers',
  'map',
  'none',
  'nope',
  'x',
  'i',
];
const BLANKS = fc.constantFrom('', '', ' ', '  ', '\n', '\n  ', ' \n', '\t');
const WORDS = fc.constantFrom(
  'a',
  'key:',
  '{',
  '}',
  '"',
  ', ',
  '.',
  '(',
  ')',
  '\\',
  '$',
  '# ',
  '=',
  '냇물',
  '-',
  '\r\n',
  '[',
  ']',
);

/** Templates of Velocity's grammar, most of them valid: text, references, directives, expressions, nested. */
export function templates(): fc.Arbitrary<string> {
  const { block } = fc.letrec<Record<'block' | 'statement' | 'expression' | 'value' | 'reference', string>>((tie) => ({
    reference: fc.oneof(
      { weight: 3, arbitrary: written(fc.constantFrom(...NAMES), fc.constant('')) },
      { weight: 3, arbitrary: written(fc.constantFrom(...NAMES), path(tie('value'))) },
    ),
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(
        '1',
        '0',
        '-3',
        '2.5',
        '4000000000',
        "'s'",
        '""',
        '"v"',
        'true',
        'false',
        "'a'",
        "'냇'",
        '[1..3]',
        '[]',
        '{}',
      ),
      tie('reference'),
      fc.tuple(tie('value'), tie('value')).map(([a, b]) => `[${a}, ${b}]`),
      fc.tuple(tie('value'), tie('value')).map(([a, b]) => `{${a} : ${b}}`),
      tie('reference').map((reference) => `"<${reference.replaceAll('"', '""')}>"`),
    ),
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 3, arbitrary: tie('value') },
      { weight: 3, arbitrary: binary(tie('expression')) },
      tie('expression').map((inner) => `(${inner})`),
      tie('expression').map((inner) => `!${inner}`),
    ),
    statement: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      WORDS,
      BLANKS,
      tie('reference'),
      fc.constantFrom('## note\n', '#* note *#', '#[[ $name #if ]]#', '\\#if', '#stop', '#break'),
      tie('expression').map((value) => `#set($x = ${value})`),
      fc.tuple(tie('value'), tie('value')).map(([key, value]) => `#set($map[${key}] = ${value})`),
      fc
        .tuple(tie('expression'), BLANKS, tie('block'), BLANKS, tie('block'), BLANKS)
        .map(([c, s, a, t, b, u]) => `#if(${c})${s}${a}#else${t}${b}#end${u}`),
      fc
        .tuple(tie('expression'), BLANKS, tie('block'), BLANKS)
        .map(([c, s, a, t]) => `#if(${c})${s}${a}#elseif($yes)${t}y#end`),
      fc
        .tuple(tie('value'), BLANKS, tie('block'), BLANKS)
        .map(([l, s, b, t]) => `#foreach($i in ${l})${s}${b}$foreach.count#if($foreach.hasNext),#end#end${t}`),
      fc.tuple(tie('block'), tie('value')).map(([b, v]) => `#macro(mac $x)${b}#end#mac(${v})`),
      fc.tuple(BLANKS, tie('block'), BLANKS).map(([s, b, t]) => `#define($d)${s}${b}#end${t}$d`),
    ),
    block: fc.array(tie('statement'), { maxLength: 5, depthIdentifier: 'block' }).map((parts) => parts.join('')),
  }));
  return fc.tuple(block, fc.constantFrom('.', 'end\n')).map((parts) => parts.join(''));
}

function written(name: fc.Arbitrary<string>, path: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom('$', '$', '$', '$!', '\\$', '\\\\$'), fc.boolean(), name, path)
    .map(([dollar, formal, root, rest]) => (formal ? `${dollar}{${root}${rest}}` : `${dollar}${root}${rest}`));
}

function path(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const plain =
    '.a .c .length .length() .size() .isEmpty() .toUpperCase() .trim() .keySet() .values() .c.d .hashCode()';
  const withValue = 'get contains indexOf equals concat substring charAt add put remove containsKey split startsWith';
  return fc.oneof(
    fc.constantFrom(...plain.split(' ')),
    fc.tuple(fc.constantFrom(...withValue.split(' ')), value).map(([name, arg]) => `.${name}(${arg})`),
    fc.constantFrom('[0]', "['a']", '[-1]', '[$i]'),
    fc.constantFrom(".replace('a', 'b')", ".split(',')[0]", ".replaceAll('[a-c]', '<$0>')"),
  );
}

function binary(operand: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const operators = fc.constantFrom(...'+ - * / % == != < > <= >= && || and or eq ne lt gt'.split(' '));
  return fc.tuple(operand, operators, operand).map(([a, operator, b]) => `${a} ${operator} ${b}`);
}
