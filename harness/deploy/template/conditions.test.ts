// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes names as JavaScript's templates do.
import { describe, expect, test } from 'vitest';
import { judgeConditions } from './conditions.ts';
import { UNKNOWN, type Value } from './intrinsics.ts';
import { checkTemplate } from './load.ts';
import type { MapNode } from './node.ts';
import { parseTemplateText } from './parse.ts';

const at = { line: 1, column: 1 };

/** The verdict on the condition `It`. */
function verdict(text: string, pseudo: (name: string) => Value | undefined = () => UNKNOWN) {
  const conditions = (parseTemplateText(text, 't.yaml') as MapNode).entries;
  const parameters = new Map<string, string | readonly string[]>([
    ['Stage', 'prod'],
    ['Count', '1'],
    ['Subnets', ['']],
  ]);
  const mappings = new Map([['Stages', new Map([['prod', new Map([['Archive', 'yes']])]])]]);
  return judgeConditions({ conditions, parameters, mappings, file: 't.yaml' }, pseudo)('It', {
    file: 't.yaml',
    path: 'X',
    at,
  });
}

describe('a condition', () => {
  test.each([
    ['It: !Equals [!Ref Stage, prod]', true],
    ['It: { "Fn::Equals": [{ Ref: Stage }, test] }', false],
    ['It: !Equals [!Ref Count, 1]', true],
    ['It: !Equals [!Join ["", !Ref Subnets], ""]', true],
    ['It: !Equals [!Sub "${Stage}-${Count}", prod-1]', true],
    ['It: !Not [!Equals [a, b]]', true],
    ['It: !Equals [!FindInMap [Stages, !Ref Stage, Archive], yes]', true],
    ['It: !And [!Equals [a, a], !Not [!Equals [a, b]]]', true],
    ['It: !Or [!Equals [a, b], !Equals [b, b]]', true],
    ['It: !And [!Condition Other, !Equals [a, a]]\nOther: !Equals [a, b]', false],
    ['It: !Not [Condition: Other]\nOther: !Equals [a, b]', true],
    ['It: { Condition: Other }\nOther: !Equals [a, a]', true],
    ['It: !Equals [!If [Other, a, b], a]\nOther: !Equals [a, a]', true],
  ])('%s', (text, expected) => {
    expect(verdict(text)).toBe(expected);
  });

  test('that depends on the region waits until it is known, unless the rest decides', () => {
    const here = '!Equals [!Ref AWS::Region, ap-northeast-2]';
    expect(verdict(`It: ${here}`)).toBe(UNKNOWN);
    expect(verdict(`It: !Not [${here}]`)).toBe(UNKNOWN);
    expect(verdict(`It: !And [${here}, !Equals [a, b]]`)).toBe(false);
    expect(verdict(`It: !And [${here}, !Equals [a, a]]`)).toBe(UNKNOWN);
    expect(verdict(`It: !Or [${here}, !Equals [a, a]]`)).toBe(true);
    expect(verdict(`It: !Or [${here}, !Equals [a, b]]`)).toBe(UNKNOWN);
    expect(verdict(`It: ${here}`, () => 'ap-northeast-2')).toBe(true);
    expect(verdict(`It: ${here}`, () => 'us-east-1')).toBe(false);
  });

  test.each([
    ['It: yes', 'a condition is one of Fn::Equals, Fn::Not, Fn::And, Fn::Or and Condition; this is none of them.'],
    [
      'It: !Sub a',
      'a condition is one of Fn::Equals, Fn::Not, Fn::And, Fn::Or and Condition; Fn::Sub is none of them.',
    ],
    ['It: !Equals [a]', 't.yaml:1: Conditions.It: Fn::Equals takes [value, value].'],
    ['It: !Not [!Equals [a, b], !Equals [a, b]]', 'Conditions.It: Fn::Not takes a list of one condition.'],
    ['It: !And [!Equals [a, b]]', 'Conditions.It: Fn::And takes a list of 2 to 10 conditions.'],
    ['It:\n  Fn::Or:\n    - !Equals [a, a]\n    - x', 't.yaml:4: Conditions.It[1]: a condition is one of'],
    ['It: !Condition Nobody', 't.yaml:1: Conditions.It: Nobody is no condition of this template.'],
    [
      'It: !Equals [!Ref Bucket, a]',
      'Conditions.It[0]: Bucket is no parameter, and conditions can depend on nothing else.',
    ],
    ['It: !Equals [!GetAtt Bucket.Arn, a]', 'Conditions.It[0]: Bucket.Arn is no parameter'],
    ['It: !Not [!Condition B]\nB: !Condition It', 'conditions depend on each other: It → B → It.'],
  ])('is refused: %j', (text, message) => {
    expect(() => verdict(text)).toThrow(message);
  });
});

const load = (text: string, parameters: Record<string, string> = {}) =>
  checkTemplate(parseTemplateText(text, 't.yaml'), 't.yaml', { parameters });

describe('a template with conditions', () => {
  const TEMPLATE = `
Parameters:
  Archive: { Type: String, Default: "no" }
Conditions:
  HasArchive: !Equals [!Ref Archive, "yes"]
Resources:
  Bucket: { Type: "AWS::S3::Bucket", Condition: HasArchive }
  Group:
    Type: AWS::Logs::LogGroup
    DependsOn: Bucket
    Properties:
      LogGroupName: !If [HasArchive, !Ref Bucket, plain]
Outputs:
  Archive: { Condition: HasArchive, Value: !GetAtt Bucket.Arn }
`;

  test('leaves out a resource whose condition does not hold, and needs it no longer', async () => {
    const template = await load(TEMPLATE);
    expect([...template.resources.keys()]).toEqual(['Group']);
    expect(template.resources.get('Group')?.needs).toEqual(new Set());
  });

  test('has it where the condition holds', async () => {
    const template = await load(TEMPLATE, { Archive: 'yes' });
    expect([...template.resources.keys()]).toEqual(['Bucket', 'Group']);
    expect(template.resources.get('Group')?.needs).toEqual(new Set(['Bucket']));
  });

  test('may have a type that is not supported where it is not made', async () => {
    const text = (value: string) =>
      `Conditions: { C: !Equals [a, ${value}] }\nResources:\n  N: { Type: "AWS::EC2::VPC", Condition: C }`;
    expect((await load(text('b'))).absent).toEqual(new Map([['N', 'C']]));
    await expect(load(text('a'))).rejects.toMatchObject({ code: 'TEMPLATE_UNSUPPORTED_TYPE' });
  });

  test.each([
    ['!Ref Bucket', 't.yaml:6: G.Properties.LogGroupName: Bucket is not made, for its condition Never does not hold.'],
    [
      '!Sub "${Bucket.Arn}"',
      't.yaml:6: G.Properties.LogGroupName: Bucket is not made, for its condition Never does not hold.',
    ],
    ['!If [Nobody, a, b]', 't.yaml:6: G.Properties.LogGroupName: Nobody is no condition of this template.'],
    ['!If [Never, !If [Nobody, a, b], c]', 't.yaml:6: G.Properties.LogGroupName: Nobody is no condition'],
    ['!If [Never, !Ref Nobody, c]', 'Nobody is neither a resource nor a parameter of this template.'],
  ])('refuses %s', async (value, message) => {
    const text = `Conditions: { Never: !Equals [a, b] }
Resources:
  Bucket: { Type: "AWS::S3::Bucket", Condition: Never }
  G:
    Type: AWS::Logs::LogGroup
    Properties: { LogGroupName: ${value} }`;
    await expect(load(text)).rejects.toMatchObject({
      code: 'TEMPLATE_UNKNOWN_REFERENCE',
      message: expect.stringContaining(message),
    });
  });

  test('refuses a condition that nothing uses when it cannot be judged', async () => {
    await expect(load('Conditions: { A: x }\nResources: {}')).rejects.toMatchObject({ code: 'TEMPLATE_SYNTAX' });
  });
});
