import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  evaluate,
  fromJson,
  fromJsonText,
  hostObject,
  int,
  type JavaList,
  parseTemplate,
  toJavaString,
  type Value,
  VelocityError,
} from './index.ts';
import { type Case, CONTEXT, readCorpus } from './oracle/corpus.ts';
import { render } from './oracle/ours.ts';

const corpus = await readCorpus();

describe.each([...corpus])('Apache Velocity 1.7 as recorded in %s', (_theme, cases) => {
  test.each(cases)('$template', (recorded: Case) => {
    const expected = recorded.deviation === undefined ? (recorded.output ?? 'error') : recorded.ours;
    expect(render(recorded.template, { ...CONTEXT, ...recorded.context })).toBe(expected);
  });
});

function output(source: string, variables: Record<string, Value> = {}, options = {}): string {
  return evaluate(parseTemplate(source), variables, options).output;
}

function failure(source: string, variables: Record<string, Value> = {}, options = {}): VelocityError {
  try {
    output(source, variables, options);
  } catch (error) {
    if (error instanceof VelocityError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('errors', () => {
  test.each([
    ['a\n  #if($x', 2, 9],
    ['#if(true)\nx', 2, 2],
    ['#set($x = "a\n#end")$x', 2, 1],
    ['x\r\ny #end', 2, 3],
    ['ab\n $name.substring(9)\n', 2, 7],
    ['#include("/etc/passwd")', 1, 1],
    ['#parse("x")', 1, 1],
  ])('%j fails at line %i, column %i', (source, line, column) => {
    expect(failure(source, { name: 'x' })).toMatchObject({ line, column });
  });

  test('a method that throws names Java’s class, method and exception', () => {
    expect(failure('$name.substring(5)', { name: 'abc' }).message).toBe(
      "Invocation of method 'substring' in  class java.lang.String threw exception java.lang.StringIndexOutOfBoundsException: begin 5, end 3, length 3",
    );
  });

  test('#include says why it is refused', () => {
    expect(failure('#include("x")').message).toBe(
      '#include is not available: a mapping template reads no other template or file',
    );
  });
});

describe('bounds', () => {
  test('a loop ends after 1,000 iterations, without an error', () => {
    expect(output('#foreach($i in [1..5000])#set($last = $i)#end$last')).toBe('1000');
  });

  test.each([
    ['nested loops', '#foreach($a in [1..999])#foreach($b in [1..999])#foreach($c in [1..999])x#end#end#end'],
    ['a string that doubles', '#set($s = "0123456789")#foreach($i in [1..99])#set($s = $s + $s)#end'],
    ['an interpolated string that doubles', '#set($s = "0123456789")#foreach($i in [1..99])#set($s = "$s$s")#end'],
    ['a replacement that grows', '#set($s = "aa")#foreach($i in [1..99])#set($s = $s.replace("a", "aaaa"))#end'],
    [
      'a pattern’s replacement that grows',
      '#set($s = "aa")#foreach($i in [1..99])#set($s = $s.replaceAll("a", "$0$0"))#end',
    ],
    ['a repetition', '$s.repeat(2000000000)'],
    ['a list that doubles', '#set($l = [1])#foreach($i in [1..99])#set($ok = $l.addAll($l))#end'],
    ['a list within itself, twice', '#set($l = [1])#foreach($i in [1..99])#set($l = [$l, $l])#end$l'],
    ['a cycle of lists', '#set($a = [])#set($b = [$a])#set($ok = $a.add($b))$a'],
    ['a range', '#set($l = [1..2000000000])'],
    [
      'a map whose key is a list of lists',
      '#set($a = [1..999])#set($b = [])#foreach($i in $a)#set($ok = $b.add($a))#end#set($c = [])#foreach($i in $a)#set($ok = $c.add($b))#end#set($m = {$c : 1})',
    ],
    ['a pattern that backtracks without end', '#set($s = $s.repeat(60))$s.matches("(x|x)*y")'],
    ['a pattern that looks at each rest again', '#set($s = $s.repeat(200000))$s.replaceAll("x*y", "")'],
    ['a pattern with nested counts', '#set($s = $s.repeat(99))$s.matches("((x{0,99}){0,99}){0,99}y")'],
    ['a pattern of many groups', `$s.matches("${'('.repeat(5000)}x${')'.repeat(5000)}")`],
    ['a string cut into many', '#set($s = $s.repeat(900000))$s.split("").size()'],
    ['much to #evaluate', '#set($e = "[1]".repeat(9999))#foreach($i in [1..99])#evaluate($e)#end'],
    ['a macro that calls itself', '#macro(f)#f()#end#f()'],
    ['a string that evaluates itself', '#set($s = "#evaluate(" + "$" + "s)")#evaluate($s)'],
    ['deep parentheses', `#set($x = ${'('.repeat(5000)}1${')'.repeat(5000)})`],
    ['deep directives', '#if(true)'.repeat(5000) + '#end'.repeat(5000)],
    ['deep lists', `#set($x = ${'['.repeat(5000)}${']'.repeat(5000)})`],
    ['deep references', `$a${'.b($a'.repeat(5000)}${')'.repeat(5000)}`],
  ])('%s: a VelocityError, in bounded time and memory', (_what, source) => {
    const limits = { maxSteps: 500_000, maxOutputBytes: 1_000_000, maxElements: 100_000 };
    expect(failure(source, { s: 'x' }, limits)).toBeInstanceOf(VelocityError);
  });

  test('by default a loop of 1,000 in a loop of 1,000 is carried out, one in it in turn is not', () => {
    const loops = '#set($l = [1..1000])#foreach($a in $l)#foreach($b in $l)BODY#end#end';
    expect(output(loops.replace('BODY', 'x'))).toHaveLength(1_000_000);
    expect(failure(loops.replace('BODY', '#foreach($c in $l)#end')).message).toBe(
      'The template takes too many steps; its loops or macros do not end in time',
    );
  });

  test('output is limited in bytes of UTF-8', () => {
    expect(output('물물', {}, { maxOutputBytes: 6 })).toBe('물물');
    expect(failure('물물a', {}, { maxOutputBytes: 6 }).message).toBe("The template's output is longer than 6 bytes");
  });

  test('a block defined by itself ends as in Velocity, printing its reference', () => {
    expect(output('#define($d)x$d#end$d')).toBe('xx$d');
  });
});

describe('what a template can reach', () => {
  const host = hostObject({
    methods: { twice: ([first]) => (typeof first === 'string' ? first + first : undefined) },
    properties: { id: 'r-1', at: () => int(3) },
    toString: () => '{}',
  });

  test('a host object shows its methods and properties and nothing else', () => {
    expect(output('$h.twice("a") $h.id $h.at $h $h.twice(1) $h.other $h.other()', { h: host })).toBe(
      'aa r-1 3 {} $h.twice(1) $h.other $h.other()',
    );
  });

  test.each([
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'valueOf',
    'items',
    'size',
    'class',
  ])('no JavaScript property %s of any value', (name) => {
    const values = { h: host, l: fromJson([1]), m: fromJson({ a: 1 }), s: 'x', n: int(1), b: true };
    for (const value of Object.keys(values)) expect(output(`$${value}.${name}`, values)).toBe(`$${value}.${name}`);
  });

  test('names like __proto__ and constructor are names like any other', () => {
    const variables = { m: fromJson(JSON.parse('{"__proto__": 1, "constructor": 2}')) };
    expect(output('#set($__proto__ = 5)$__proto__ $constructor $m.constructor $m["__proto__"] $m', variables)).toBe(
      '5 $constructor 2 1 {__proto__=1, constructor=2}',
    );
    expect(Object.getPrototypeOf(evaluate(parseTemplate('#set($__proto__ = {})'), {}).variables)).toBe(
      Object.prototype,
    );
  });

  test('data that looks like a template stays data', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('$', '#', '{', '}', '"', '\\', 'if(', 'x', '!', '[', ']', '\n') }),
        (data) => {
          expect(output('$x|"$x"|#set($y = "$x")$y', { x: data })).toBe(`${data}|"${data}"|${data}`);
        },
      ),
    );
  });

  test('whatever the source, the outcome is output or a VelocityError', () => {
    const pieces =
      '$ # { } ( ) [ ] " \' \\ ! . , : = == $x $!{x} #set( #if( #end #else #foreach( in #macro( f #f( 1 .5 .. -'.split(
        ' ',
      );
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces, '\n', ' ')), (parts) => {
        try {
          output(parts.join(''), { x: fromJson({ a: [1] }) });
        } catch (error) {
          expect(error).toBeInstanceOf(VelocityError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('as API Gateway does', () => {
  test('the console’s pass-through template is laid out as AWS lays it out', () => {
    const template = [
      '#set($allParams = $params)',
      '{',
      '"params" : {',
      '#foreach($type in $allParams.keySet())',
      '    #set($params = $allParams.get($type))',
      '"$type" : {',
      '    #foreach($paramName in $params.keySet())',
      '    "$paramName" : "$params.get($paramName)"',
      '        #if($foreach.hasNext),#end',
      '    #end',
      '}',
      '    #if($foreach.hasNext),#end',
      '#end',
      '},',
    ].join('\n');
    const params = fromJson({
      path: {},
      querystring: { myquerystring: '222', input: '111' },
      header: { input_header: '333' },
    });
    // What the console showed of such a call; docs/fidelity/velocity.md.
    expect(output(template, { params })).toBe(
      [
        '{',
        '"params" : {',
        '"path" : {',
        '    }',
        '    ,"querystring" : {',
        '        "myquerystring" : "222"',
        '        ,        "input" : "111"',
        '            }',
        '    ,"header" : {',
        '        "input_header" : "333"',
        '            }',
        '    },',
      ].join('\n'),
    );
  });

  test('what is missing further down can print nothing, a name alone prints itself', () => {
    const variables = { m: fromJson({ a: 1 }) };
    const source = '[$m.x][$m.x.y][$m.f()][$m["z"]][$x][\\$m.x][$m.a]';
    expect(output(source, variables, { silentMisses: true })).toBe('[][][][][$x][\\$m.x][1]');
    expect(output(source, variables)).toBe('[$m.x][$m.x.y][$m.f()][$m["z"]][$x][\\$m.x][1]');
  });

  test('null can equal the empty string and be set, and prints nothing then', () => {
    const variables = { m: fromJson({ a: 1, n: null }), e: '' };
    const told = (text: string, options = {}) => output(text, variables, { silentMisses: true, ...options });
    const asApiGateway = (text: string) => told(text, { nullIsEmpty: true });
    const questions = [
      '$m.n == ""',
      '$m.x == ""',
      '$none == ""',
      '"" == $m.n',
      '$m.n == $none',
      '$m.x != ""',
      '$e == $none',
    ];
    const source = questions.map((question) => `#if(${question})y#{else}n#end`).join('');
    expect(asApiGateway(source)).toBe('yyyyyny');
    expect(told(source)).toBe('nnnnyyn');
    expect(asApiGateway('#if($m.a == "")y#{else}n#end#if($m.n)y#{else}n#end#if($m.n == 0)y#{else}n#end')).toBe('nnn');
    const set = '#set($x = $m.n)[$x][$!x][$x.y][$y]#set($x = 1)[$x]#set($x = $m.z)[$x]#if($x)y#{else}n#end';
    expect(asApiGateway(set)).toBe('[][][][$y][1][]n');
    expect(told(set)).toBe('[$x][][][$y][1][1]y');
    const macro = '#macro(f $p)#set($x = $m.n)#set($p = $m.n)[$x][$p]#end#set($x = 1)#f(2)[$x][$p]';
    expect(asApiGateway(macro)).toBe('[][][][]');
    expect(asApiGateway('#foreach($i in [1, 2])#set($x = $m.n)[$x]#set($x = $i)#end[$x][$i]')).toBe('[][][2][$i]');
  });
});

describe('values', () => {
  test('JSON prints as Java’s maps and lists do', () => {
    expect(toJavaString(fromJson({ a: 1, b: [true, null, 'x', { c: 2.5 }], d: 1e21, e: 1e-7 }))).toBe(
      '{a=1, b=[true, null, x, {c=2.5}], d=1000000000000000000000, e=1.0E-7}',
    );
  });

  test('JSON text keeps what a parsed number has lost', () => {
    expect(toJavaString(fromJsonText('[1.0, 9007199254740993, 123456789012345678901, 1e2, -0]'))).toBe(
      '[1.0, 9007199254740993, 123456789012345678901, 100.0, 0]',
    );
  });

  test('a list prints by its own printer, also inside of a map', () => {
    const listPrinter = (list: JavaList): string => JSON.stringify(list.items.map((item) => toJavaString(item)));
    expect(output('$m', { m: fromJson({ a: 1, b: ['x'] }, { listPrinter }) })).toBe('{a=1, b=["x"]}');
  });

  test('a map may answer something else than null for what it has not', () => {
    const m = fromJson({ a: null, b: {} }, { missing: '' });
    expect(output('[$m.a][$m.b.c][$m.x.y]#if($m.z)true#end$m', { m })).toBe('[][][$m.x.y]true{a=null, b={}}');
  });

  test('what a template sets can be read afterwards', () => {
    const override = fromJson({});
    const { variables } = evaluate(parseTemplate('#set($o.status = 418)#set($x = "a" + 1)'), { o: override });
    expect(toJavaString(variables.o ?? null)).toBe('{status=418}');
    expect(variables.x).toBe('a1');
  });

  test('a template can be evaluated again and keeps nothing', () => {
    const template = parseTemplate('#if($x)seen#end#set($x = 1)#macro(f)m#end#f()');
    expect([evaluate(template, {}).output, evaluate(template, {}).output]).toEqual(['m', 'm']);
  });

  test('JSON nested too deeply is a RangeError', () => {
    const deep = JSON.parse('['.repeat(2_000) + ']'.repeat(2_000));
    expect(() => fromJson(deep)).toThrow(RangeError);
  });
});
