import { describe, expect, test } from 'vitest';
import type { MapNode } from './node.ts';
import { readParameters } from './parameters.ts';
import { parseTemplateText } from './parse.ts';

function read(text: string, given: Record<string, string | number> = {}) {
  const node = parseTemplateText(text, 't.yaml') as MapNode;
  return Object.fromEntries(readParameters(node, given, { file: 't.yaml', path: 'Parameters', at: node.at }));
}

describe('readParameters', () => {
  test('takes the value given, else the default', () => {
    expect(read('A: { Type: String, Default: x }\nB: { Type: Number, Default: 1 }', { B: 2 })).toEqual({
      A: 'x',
      B: '2',
    });
  });

  test('cuts lists at their commas', () => {
    expect(read('A: { Type: CommaDelimitedList, Default: "a, b ,c" }')).toEqual({ A: ['a', 'b', 'c'] });
  });

  test.each<[string, Record<string, string | number>, string]>([
    ['A: { Type: String }', {}, 't.yaml:1: Parameters.A: has no default and was given no value.'],
    ['A: { Type: String, Default: x }', { B: 1 }, 't.yaml:1: Parameters: the template has no parameter B.'],
    ['A: { Type: Number, Default: x }', {}, 't.yaml:1: Parameters.A: the value "x" is not a number.'],
    ['A: { Type: String, AllowedValues: [x, 5] }', { A: 'y' }, 'Parameters.A: the value "y" is not one of x, 5.'],
    ['A: { Type: Number, MinValue: 1 }', { A: 0 }, 'the value "0" breaks MinValue: it must be 1 or more.'],
    ['A: { Type: Number, MaxValue: 9 }', { A: 10 }, 'the value "10" breaks MaxValue: it must be 9 or less.'],
    ['A: { Type: String, MinLength: 2 }', { A: 'x' }, 'breaks MinLength: it needs 2 characters.'],
    ['A: { Type: String, AllowedPattern: "[a-z]+" }', { A: 'x1' }, 'breaks AllowedPattern: it must match [a-z]+.'],
    ['A: { Type: "AWS::EC2::VPC::Id" }', { A: 'x' }, 'the parameter type AWS::EC2::VPC::Id is not supported.'],
    ['A:\n  Type: String\n  Colour: red', { A: 'x' }, 't.yaml:3: Parameters.A.Colour: is not supported.'],
    ['A:\n  Type: String\n  Default: !Ref B', {}, 't.yaml:3: Parameters.A.Default: must be a plain value'],
  ])('refuses %j with %j', (text, given, message) => {
    expect(() => read(text, given)).toThrow(message);
  });
});
