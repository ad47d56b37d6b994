// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes names as JavaScript's templates do.
import { describe, expect, test } from 'vitest';
import type { Node } from './node.ts';
import { parseTemplateText } from './parse.ts';
import { subjectAt } from './template-error.ts';

const parse = (text: string) => parseTemplateText(text, 'template.yaml');

/** A node without its places. */
function plain(node: Node): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(plain);
    case 'map':
      return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, plain(value)]));
    case 'call':
      return { call: node.name, of: plain(node.argument) };
  }
}

describe('parseTemplateText', () => {
  test('reads the short form, the long form and JSON of an intrinsic function alike', () => {
    const short = plain(parse('a: !GetAtt Role.Arn\nb: !Sub ["${x}", { x: !Ref Y }]'));
    const long = plain(parse('a:\n  Fn::GetAtt: [Role, Arn]\nb:\n  Fn::Sub:\n    - ${x}\n    - x:\n        Ref: Y'));
    const json = plain(parse('{"a":{"Fn::GetAtt":["Role","Arn"]},"b":{"Fn::Sub":["${x}",{"x":{"Ref":"Y"}}]}}'));
    expect(short).toEqual({
      a: { call: 'Fn::GetAtt', of: ['Role', 'Arn'] },
      b: { call: 'Fn::Sub', of: ['${x}', { x: { call: 'Ref', of: 'Y' } }] },
    });
    expect(long).toEqual(short);
    expect(json).toEqual(short);
  });

  test('keeps the dots of an attribute together', () => {
    expect(plain(parse('!GetAtt Nested.Outputs.Url'))).toEqual({ call: 'Fn::GetAtt', of: ['Nested', 'Outputs.Url'] });
  });

  test('keeps a short form inside a short form', () => {
    expect(plain(parse('!Select [1, !Split [",", !Ref List]]'))).toEqual({
      call: 'Fn::Select',
      of: [1, { call: 'Fn::Split', of: [',', { call: 'Ref', of: 'List' }] }],
    });
  });

  test('keeps the spelling of what only looks like a number or a date', () => {
    expect(plain(parse('[012345678901, 1.10, 2012-10-17, yes, 30, 1.5, true, "30"]'))).toEqual([
      '012345678901',
      '1.10',
      '2012-10-17',
      'yes',
      30,
      1.5,
      true,
      '30',
    ]);
  });

  test('knows the line of every key', () => {
    const node = parse('Resources:\n  Stream:\n    Properties:\n      Tags:\n        - Key: a\n          Value: b\n');
    const place = (...path: PropertyKey[]) => subjectAt(node, path, { file: 't.yaml', path: '', at: node.at }).at;
    expect(place('Resources', 'Stream')).toEqual({ line: 2, column: 3 });
    expect(place('Resources', 'Stream', 'Properties', 'Tags', 0, 'Value').line).toBe(6);
    expect(place('Resources', 'Stream', 'Properties', 'Missing').line).toBe(3);
  });

  test.each([
    ['a: 1\na: 2', 'template.yaml:2: not YAML: Map keys must be unique'],
    ['a: &x 1\nb: *x', 'template.yaml:2: b: CloudFormation knows no YAML aliases.'],
    ['a:\n  b: &x { c: 1 }\n  <<: *x', 'template.yaml:3: a: a key must be a plain name, not a merge or a list.'],
    ['a:\n  b:\n', 'template.yaml:2: a.b: null values are not allowed in templates.'],
    ['a:\n  Ref: X\n  b: 1', 'template.yaml:2: a: Ref must stand alone, but there are other keys beside it.'],
    ['', 'template.yaml:1: the template is empty.'],
  ])('refuses %j and names the line', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});
