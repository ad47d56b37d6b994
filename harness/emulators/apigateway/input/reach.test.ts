import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ContextVariables } from '../data-plane/context-variables.ts';
import { GatewayFailure } from '../data-plane/gateway-failure.ts';
import { MultiMap } from '../data-plane/multi-map.ts';
import { compileTemplate, overridden, overriddenStatus, type TemplateScope } from '../data-plane/templates.ts';

function scope(): TemplateScope {
  const query = new MultiMap();
  query.add('q', 'one');
  query.add('q', 'two');
  const headers = new MultiMap();
  headers.add('X-H', 'h');
  return {
    pathParameters: { id: '7' },
    query,
    headers,
    context: { requestId: 'r-1', stage: 'PROD', identity: { sourceIp: '10.0.0.1' } } as unknown as ContextVariables,
    stageVariables: new Map([['table', 'events']]),
  };
}

const BODY = JSON.stringify({ name: 'naet', list: [1, { a: 'x/y' }], map: { k: 'v' }, constructor: 'data' });

/** What the template prints; `failed: …` where it fails, with what the execution log would say. */
function render(template: string, body = BODY, from = scope()): string {
  try {
    return compileTemplate(template, 'request').render(from, body);
  } catch (error) {
    if (error instanceof GatewayFailure) return `failed: ${error.logged ?? error.told}`;
    throw error;
  }
}

describe('nothing of JavaScript or of the machine is reached', () => {
  const owners = ['$input', '$util', '$context', '$stageVariables', '$context.identity', '$context.responseOverride'];
  const values = [
    "$input.path('$')",
    "$input.path('$.list')",
    "$input.path('$.name')",
    '$input.params()',
    '$x',
    '$l',
    '$n',
    '$t',
  ];
  const members = [
    'constructor',
    'prototype',
    '__proto__',
    'class',
    'getClass()',
    "class.forName('java.lang.Runtime')",
    "getClass().forName('java.lang.Runtime').getRuntime()",
    'getClass().getClassLoader()',
    "constructor('return process')()",
    "constructor.constructor('return process')()",
    'toString.call()',
    'hasOwnProperty("a")',
    '__defineGetter__("a", 1)',
    'valueOf()',
    'process',
    'require("fs")',
    'globalThis',
    'method("path")',
    'print()',
    'wait()',
    'notify()',
    'finalize()',
    'clone()',
    'iterator()',
    'stream()',
    'getBytes()',
    'forEach(1)',
    'apply(1)',
    'call(1)',
    'bind(1)',
  ];

  const TRACES = /native code|\[object|function|=>|process\.|Runtime|java\.lang\.Class\b|node:|\/home|\/root|undefined/;
  const setUp = "#set($x = {'a' : 1})#set($l = [1])#set($n = 1)#set($t = 'text')";

  test.each(members)('%s', (member) => {
    for (const owner of [...owners, ...values]) {
      const written = `${owner}.${member}`;
      const printed = render(`${setUp}[${written}][$!{t.${member}}][#set($y = ${written})$!y]`);
      if (printed.startsWith('failed: ')) continue;
      const isData = written.startsWith("$input.path('$').constructor") || owner === "$input.path('$')";
      expect(isData ? printed.replaceAll('data', '') : printed).not.toMatch(TRACES);
    }
  });

  test('by an index no more than by a name', () => {
    for (const owner of [...owners, ...values]) {
      for (const key of ['constructor', '__proto__', 'prototype', 'length', 'items']) {
        expect(render(`${setUp}#set($y = ${owner}["${key}"])[$!y]`)).toMatch(/^\[(data)?\]$/);
      }
    }
  });

  test('whatever is called on whatever, it prints data, or fails with line and column', () => {
    const name = fc.constantFrom(
      ...members.map((member) => member.replace(/\(.*/, '')),
      'get',
      'put',
      'path',
      'json',
      'params',
      'parseJson',
      'size',
      'split',
      'keySet',
      'body',
      'identity',
    );
    const argument = fc.constantFrom(
      '',
      "'a'",
      '1',
      '$x',
      '$l',
      '$input',
      '$util',
      '$context',
      "'$'",
      "'$..*'",
      "'constructor'",
      '{}',
      '"$input.constructor"',
    );
    const step = fc.oneof(
      name.map((member) => `.${member}`),
      fc.tuple(name, argument).map(([member, arg]) => `.${member}(${arg})`),
      fc.constantFrom('[0]', "['constructor']", '["__proto__"]', '[$x]'),
    );
    const reference = fc.tuple(fc.constantFrom(...owners, '$x', '$l', '$n', '$t'), fc.array(step, { maxLength: 4 }));
    fc.assert(
      fc.property(
        fc.array(
          reference.map(([owner, steps]) => owner + steps.join('')),
          { minLength: 1, maxLength: 3 },
        ),
        (references) => {
          const template = `${setUp}${references.map((written) => `#set($y = ${written})<$!y>`).join('')}`;
          const printed = render(template);
          if (printed.startsWith('failed: ')) expect(printed).toMatch(/line \d+, column \d+|Invalid JSON/);
          else expect(printed.replace(/com\.amazonaws\.services\.apigateway\.\w+@1/g, '')).not.toMatch(TRACES);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test('values of a request are data, whatever is written in them', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Velocity's references.
    const attack = '$context.requestId #set($z = 1) ${input.body} "\' \\ #foreach($i in [1..9])x#end';
    expect(render("$input.path('$.a')|#set($v = $input.path('$.a'))$v|\"$v\"", JSON.stringify({ a: attack }))).toBe(
      `${attack}|${attack}|"${attack}"`,
    );
  });
});

describe('what a template may ask for is bounded', () => {
  test.each([
    ['a list of the body put into itself', "#set($l = $input.path('$.list'))#set($ok = $l.add($l))$l"],
    [
      'a list of lists of lists',
      "#set($l = $input.path('$.list'))#foreach($i in [1..999])#set($ok = $l.add($i))#end#set($m = $util.parseJson('[]'))#foreach($i in $l)#set($ok = $m.add($l))#end#set($k = $util.parseJson('[]'))#foreach($i in $l)#set($ok = $k.add($m))#end$k",
    ],
    [
      'a map of the same long text',
      '#set($t = \'text\'.repeat(500000))#set($m = {})#foreach($i in [1..999])#set($m["$i"] = $util.parseJson(\'["$t"]\'))#end$m',
    ],
    [
      'a text encoded again and again',
      "#set($t = 'text')#foreach($i in [1..99])#set($t = $util.base64Encode($t))#end$t",
    ],
    ['JSON that is too deep', '#set($t = "[".repeat(5000))$util.parseJson($t)'],
    ['a path of many scans', "$input.path('$..*..*..*..*..*..*..*..*..*..*..*..*..*..*..*..*')"],
  ])('%s', (_what, template) => {
    const body = JSON.stringify({ list: [1], deep: JSON.parse(`${'{"a":['.repeat(50)}1${',2]}'.repeat(50)}`) });
    expect(render(template, body)).toMatch(/^failed: .*line 1, column \d+/);
  });
});

test('overrides that a template sets can be read afterwards', () => {
  const from = scope();
  render(
    "#set($context.requestOverride.header.X = 'a')#set($context.requestOverride.querystring.q = $input.params('q'))#set($context.requestOverride.path['id'] = 9)#set($context.responseOverride.status = 418)",
    BODY,
    from,
  );
  expect(overridden(from, 'requestOverride', 'header')).toEqual([['X', 'a']]);
  expect(overridden(from, 'requestOverride', 'querystring')).toEqual([['q', 'two']]);
  expect(overridden(from, 'requestOverride', 'path')).toEqual([['id', '9']]);
  expect(overriddenStatus(from)).toBe(418);
});

describe('$input and $util', () => {
  test.each([
    ["$input.json('$')", BODY],
    ["$input.json('$.list')", '[1,{"a":"x/y"}]'],
    ["$input.json('$.missing')", '""'],
    ["$input.path('$.map')", '{k=v}'],
    ["$input.path('$')", '{name=naet, list=[1,{"a":"x\\/y"}], map={k=v}, constructor=data}'],
    ["$input.path('$.list[?(@.a)].a')", '["x\\/y"]'],
    ["$input.path('$.list.length()')", '2'],
    ['$input.body', BODY],
    ["$input.params('id')$input.params('q')$input.params('X-H')$input.params('none')", '7twoh'],
    ['$input.params().querystring.q $input.params().path', 'two {id=7}'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Velocity's references.
    ['$stageVariables.table ${stageVariables["table"]} $context.requestId', 'events events r-1'],
    ['$util.urlEncode("냇 물&+~*") $util.urlDecode("a+b%20%EB%83%87")', '%EB%83%87+%EB%AC%BC%26%2B%7E* a b 냇'],
    ['$util.base64Encode("냇물") $util.base64Decode("64OH66y8")', '64OH66y8 냇물'],
    [`$util.escapeJavaScript("it's a ""/"" 냇")`, 'it\\\'s a \\"\\/\\" \\uB0C7'],
    [`#set($o = $util.parseJson('{"a":{"b":[1,2]}}'))$o.a.b[1] $o.a`, '2 {b=[1,2]}'],
    [
      "$util.urlDecode('%E')",
      "failed: configuration error: Unable to transform request: Invocation of method 'urlDecode' in  class com.amazonaws.services.apigateway.Util threw exception java.lang.IllegalArgumentException: URLDecoder: Illegal hex characters in escape (%) pattern (template line 1, column 6)",
    ],
  ])('%s', (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  test.each([
    ["$input.path('$')", 'a=1&b=%20', 'a=1&b=%20'],
    ["$input.json('$')", 'a=1&b=%20', '"a=1&b=%20"'],
    ["$input.path('$').split('&')[1]", 'a=1&b=%20', 'b=%20'],
    ["$input.path('$.a')", 'a=1&b=%20', ''],
    ['$input.body', '', '{}'],
    ["$input.json('$')", '', '{}'],
    ["$input.path('$.a')", '', ''],
    ["$input.path('$')", '010-1234-5678', '010-1234-5678'],
  ])('%s of the body %j', (template, body, expected) => {
    expect(render(template, body)).toBe(expected);
  });
});
