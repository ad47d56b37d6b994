import * as fc from 'fast-check';
import { patterns } from './generate-patterns.ts';

/** Values the generator's references may name; see CONTEXT in corpus.ts. */
const NAMES = 'name empty text form n big pi yes no list numbers mixed map none nothing nope x i'.split(' ');
const BLANKS = fc.constantFrom('', '', ' ', '  ', '\n', '\n  ', ' \n', '\t', '\r\n', '\n\n');
const WORDS = fc.constantFrom(
  ...'a key: } " , . ) ! = 냇물 - \r\n ; </> 1 .5 😀 @ \' ] ]] \\ # $'.split(' ').map((word) => `${word} `),
  ...'a key: } " , . ) ! = 냇물 - \r\n ; </> 1 .5 😀 @ \''.split(' '),
);
const LITERALS = fc.constantFrom(
  ...`1 0 -3 2.5 -0.0 1.0 1e3 .5 7 4000000000 9223372036854775807 99999999999999999999 's' '' "" "v" true false 'a' '냇'`.split(
    ' ',
  ),
  ..."[1..3] [3..1] [] {} [$n..2] '0' '1' 'A' '1.0' 'it''s' \"q\"\"q\" '\\n' \"\\u0041\" 'c' 'a,b'".split(' '),
);

/** Of macros: one that is defined twice is a matter for the corpus. */
const IDS = fc.nat(1_000_000);
const BOUNDS = fc.constantFrom(...'1 3 -2 $n $pi $nope $list.size() 0'.split(' '));
const KEYS = fc.constantFrom(...`'a' "z" $n $list[0] 0 true $nope $map.a '' "$name"`.split(' '));
const TARGETS = fc.constantFrom(
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Velocity's references.
  ...'$x $map.a $map.c.d $list[0] $map["z"] $nope.a $foreach.x ${map.a} $!x $name.length $mixed[1] $i \\$x'.split(' '),
);

type Part = 'block' | 'statement' | 'expression' | 'value' | 'reference';

/** Templates of Velocity's grammar, most of them valid: text, references, directives, expressions, nested. */
export function templates(): fc.Arbitrary<string> {
  const { block } = fc.letrec<Record<Part, string>>((tie) => ({
    reference: fc.oneof(
      { weight: 3, arbitrary: written(fc.constantFrom(...NAMES), fc.constant('')) },
      { weight: 3, arbitrary: written(fc.constantFrom(...NAMES), path(tie('value'))) },
      {
        weight: 1,
        arbitrary: written(fc.constantFrom(...NAMES), fc.array(path(tie('value')), { maxLength: 3 }).map(join)),
      },
    ),
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      LITERALS,
      tie('reference'),
      fc.tuple(tie('value'), tie('value')).map(([a, b]) => `[${a}, ${b}]`),
      fc.tuple(tie('value'), tie('value')).map(([a, b]) => `{${a} : ${b}}`),
      fc.tuple(BOUNDS, BOUNDS).map(([a, b]) => `[${a}..${b}]`),
      tie('reference').map((reference) => `"<${reference.replaceAll('"', '""')}>"`),
      tie('statement').map((statement) => `"${statement.replaceAll('"', '""')}"`),
    ),
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 3, arbitrary: tie('value') },
      { weight: 3, arbitrary: binary(tie('expression')) },
      tie('expression').map((inner) => `(${inner})`),
      tie('expression').map((inner) => `!${inner}`),
      tie('expression').map((inner) => `not ${inner}`),
    ),
    statement: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      WORDS,
      BLANKS,
      tie('reference'),
      fc.constantFrom(...STATEMENTS),
      tie('expression').map((value) => `#set($x = ${value})`),
      fc.tuple(TARGETS, tie('expression')).map(([target, value]) => `#set(${target} = ${value})`),
      fc.tuple(KEYS, tie('value')).map(([key, value]) => `#set($map[${key}] = ${value})`),
      fc
        .tuple(tie('expression'), BLANKS, tie('block'), BLANKS, tie('block'), BLANKS)
        .map(([c, s, a, t, b, u]) => `#if(${c})${s}${a}#else ${t}${b}#{end}${u}`),
      fc
        .tuple(tie('expression'), BLANKS, tie('block'), BLANKS)
        .map(([c, s, a, t]) => `#{if}(${c})${s}${a}#elseif($yes)${t}y#{end}`),
      fc
        .tuple(tie('value'), BLANKS, tie('block'), BLANKS, fc.constantFrom(...LOOP_TAILS))
        .map(([l, s, b, t, tail]) => `#foreach($i in ${l})${s}${b}${tail}#{end}${t}`),
      fc.tuple(IDS, tie('block'), tie('value')).map(([id, b, v]) => `#macro(m${id} $x)${b}#end#m${id}(${v})`),
      fc
        .tuple(IDS, tie('block'), tie('value'), tie('block'))
        .map(([id, b, v, body]) => `#macro(w${id} $x)${b}$!bodyContent#end#@w${id}(${v})${body}#end`),
      fc.tuple(BLANKS, tie('block'), BLANKS).map(([s, b, t]) => `#define($d)${s}${b}#end${t}$d`),
      tie('reference').map((value) => `#evaluate(${value})`),
      tie('statement').map((statement) => `#set($e = '${statement.replaceAll("'", "''")}')#evaluate($e)`),
    ),
    block: fc.array(tie('statement'), { maxLength: 5, depthIdentifier: 'block' }).map(join),
  }));
  return fc.tuple(block, fc.constantFrom('.', ' end\n')).map(join);
}

const join = (parts: readonly string[]): string => parts.join('');

const STATEMENTS = [
  '## note\n',
  '#* note *#',
  '#[[ $name #if ]]#',
  '\\#if',
  '\\\\#set($x = 1)',
  '#stop',
  '#break',
  '#literal()$name #if#{end}',
  '$velocityCount',
  '#unknown($x)',
  '\\$name',
  '\\\\$name',
  '$!{name}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of Velocity's.
  '${name}s',
  '$name.',
  '$name.$n',
  '$list[0][0]',
];

const LOOP_TAILS = [
  '$foreach.count#if($foreach.hasNext),#end',
  '$foreach.index$foreach.first$foreach.last',
  '$velocityCount$!velocityHasNext',
  '#if($foreach.count == 2)#break#end$i',
  '#if($foreach.count == 2)#break($foreach)#end',
  '$!foreach.parent.count',
  '$foreach.topmost.index',
];

function written(name: fc.Arbitrary<string>, path: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom('$', '$', '$', '$!', '\\$', '\\\\$'), fc.boolean(), name, path)
    .map(([dollar, formal, root, rest]) => (formal ? `${dollar}{${root}${rest}}` : `${dollar}${root}${rest}`));
}

const WITHOUT_ARGUMENT =
  'length size isEmpty toUpperCase toLowerCase trim keySet values entrySet hashCode toString intValue longValue doubleValue isBlank strip intern booleanValue clear isNaN';
const WITH_ONE =
  'get contains indexOf lastIndexOf equals equalsIgnoreCase concat substring charAt add remove containsKey containsValue split startsWith endsWith compareTo compareToIgnoreCase matches addAll removeAll retainAll containsAll putAll repeat contentEquals codePointAt valueOf parseInt';
const WITH_TWO =
  'substring replace replaceAll replaceFirst put indexOf lastIndexOf startsWith split subList set add getOrDefault putIfAbsent remove addAll subSequence';

function path(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(...'.a .c .length .c.d .empty .x .k-e'.split(' ')),
    fc.constantFrom(...WITHOUT_ARGUMENT.split(' ')).map((name) => `.${name}()`),
    fc.tuple(fc.constantFrom(...WITH_ONE.split(' ')), value).map(([name, a]) => `.${name}(${a})`),
    fc.tuple(fc.constantFrom(...WITH_TWO.split(' ')), value, value).map(([name, a, b]) => `.${name}(${a}, ${b})`),
    fc.constantFrom('[0]', "['a']", '[-1]', '[$i]', '[2]', '[$nope]', '["c"]'),
    fc.constantFrom(".replace('a', 'b')", ".split(',')[0]", ".replaceAll('[a-c]', '<$0>')", ".split('&')", '.size()'),
  );
}

function binary(operand: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const operators = fc.constantFrom(...'+ - * / % == != < > <= >= && || and or eq ne lt gt le ge'.split(' '));
  return fc.tuple(operand, operators, operand).map(([a, operator, b]) => `${a} ${operator} ${b}`);
}

/** Templates that try one method of one value, with arguments of every kind. */
export function methodCalls(): fc.Arbitrary<string> {
  const owner = fc.constantFrom(
    ...'$name $empty $text $n $big $pi $yes $no $list $numbers $mixed $map $none $nothing $l $d $k'.split(' '),
  );
  const argument = fc.oneof(LITERALS, owner, fc.constantFrom('[]', "['a']", '[1, 3]', "{'a' : 1}", '-1', '3', '""'));
  const call = fc.oneof(
    fc.constantFrom(...WITHOUT_ARGUMENT.split(' ')).map((name) => `.${name}()`),
    fc.tuple(fc.constantFrom(...WITH_ONE.split(' ')), argument).map(([name, a]) => `.${name}(${a})`),
    fc.tuple(fc.constantFrom(...WITH_TWO.split(' ')), argument, argument).map(([name, a, b]) => `.${name}(${a}, ${b})`),
  );
  return fc
    .tuple(owner, call, fc.option(call, { nil: '' }))
    .map(
      ([value, first, second]) =>
        `#set($l = ['b', 'a', 'b'])#set($d = 2.5)#set($k = {'z' : 1, 1 : 'y'})#set($r = ${value}${first}${second})[$!r]${value}`,
    );
}

/** Templates that use a pattern in every way there is: what it replaces, matches and divides. */
export function patternUses(): fc.Arbitrary<string> {
  const texts = fc.string({ unit: fc.constantFrom(...'aab-bcA1_ \n\r냇é.'), maxLength: 12 });
  const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  return fc
    .tuple(texts, patterns(), fc.constantFrom('_', '<$0>', '$1', '[$1$2]', '\\$'))
    .map(
      ([text, pattern, replacement]) =>
        `#set($s = ${quoted(text)})#set($r = ${quoted(pattern)})$s.replaceAll($r, ${quoted(replacement)})|$s.replaceFirst($r, 'x')|$s.matches($r)|#foreach($p in $s.split($r))($p)#end|$s.split($r, 2).size()`,
    );
}
