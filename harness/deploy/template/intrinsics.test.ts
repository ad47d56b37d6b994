// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes names as JavaScript's templates do.
import { describe, expect, test } from 'vitest';
import { evaluate, type Scope, UNKNOWN, type Value } from './intrinsics.ts';
import { parseTemplateText } from './parse.ts';

const names: Readonly<Record<string, Value | undefined>> = {
  'AWS::NoValue': undefined,
  'AWS::Region': 'ap-northeast-2',
  Bucket: 'the-bucket',
  Later: UNKNOWN,
  Names: ['a', 'b', 'c'],
};

const scope: Scope = {
  ref(name) {
    if (!Object.hasOwn(names, name)) throw new Error(`no ${name}`);
    return names[name];
  },
  mapping: (keys) => `<${keys.join('.')}>`,
  condition: (name) => (name === 'Later' ? UNKNOWN : name === 'Yes'),
  attribute: (logicalId, attribute) => (logicalId === 'Later' ? UNKNOWN : `${logicalId}'s ${attribute}`),
};

function value(text: string): Value | undefined {
  const node = parseTemplateText(text, 't.yaml');
  return evaluate(node, { file: 't.yaml', path: 'X', at: node.at }, scope);
}

describe('evaluate', () => {
  test.each<[string, Value]>([
    ['!Ref Bucket', 'the-bucket'],
    ['!GetAtt Bucket.Arn', "Bucket's Arn"],
    ['!Sub "arn:${AWS::Region}:${Bucket}/${Bucket.Arn}"', "arn:ap-northeast-2:the-bucket/Bucket's Arn"],
    ['!Sub ["${a}-${Bucket}", { a: !Ref AWS::Region }]', 'ap-northeast-2-the-bucket'],
    ['!Sub "${!Literal} $util.base64Encode($input.body) ${!a.b}"', '${Literal} $util.base64Encode($input.body) ${a.b}'],
    ['!Sub no names', 'no names'],
    ['!Join [":", [a, 1, true, !Ref Bucket]]', 'a:1:true:the-bucket'],
    ['!Join ["", !Ref Names]', 'abc'],
    ['!Split [",", "a,,b"]', ['a', '', 'b']],
    ['!Select [0, [x, y]]', 'x'],
    ['!Select ["2", !Ref Names]', 'c'],
    ['!Select [1, !Split ["/", "a/b/c"]]', 'b'],
    ['!If [Yes, !Ref Bucket, !Ref Nobody]', 'the-bucket'],
    ['!FindInMap [Sizes, !Ref AWS::Region, !Select [0, !Ref Names]]', '<Sizes.ap-northeast-2.a>'],
    ['{ "Fn::If": [No, !Ref Nobody, [a, b]] }', ['a', 'b']],
    ['{ a: !If [Yes, !Ref AWS::NoValue, x], b: [1, !If [No, 2, !Ref AWS::NoValue]] }', { b: [1] }],
    ['{ a: [1, !Ref Bucket], b: { c: !Ref AWS::Region } }', { a: [1, 'the-bucket'], b: { c: 'ap-northeast-2' } }],
  ])('%s', (text, expected) => {
    expect(value(text)).toEqual(expected);
  });

  test('leaves out what is AWS::NoValue, in maps and in lists', () => {
    expect(value('{ a: !Ref AWS::NoValue, b: [1, !Ref AWS::NoValue, 2] }')).toEqual({ b: [1, 2] });
    expect(value('!Ref AWS::NoValue')).toBeUndefined();
  });

  test.each([
    '!Sub "a${Later}"',
    '!Sub ["${a}", { a: !GetAtt Later.Arn }]',
    '!Join ["", [a, !Ref Later]]',
    '!Join ["", !Ref Later]',
    '!Split [",", !Ref Later]',
    '!Select [0, !Ref Later]',
    '!If [Later, a, b]',
    '!FindInMap [Sizes, !Ref Later, a]',
  ])('does not know yet: %s', (text) => {
    expect(value(text)).toBe(UNKNOWN);
  });

  test.each([
    ['!FindInMap [A, b]', 't.yaml:1: X: Fn::FindInMap takes [mapping, key at the top, key below].'],
    ['!FindInMap [A, !Ref Names, c]', 't.yaml:1: X: Fn::FindInMap takes [mapping, key at the top, key below].'],
    ['!If [A, b]', 't.yaml:1: X: Fn::If takes [condition, value if it holds, value if not].'],
    ['!If [[A], b, c]', 't.yaml:1: X: Fn::If takes the name of a condition, written out.'],
    ['!Equals [a, b]', 't.yaml:1: X: the intrinsic function Fn::Equals is not supported.'],
    ['a:\n  b: !ImportValue x', 't.yaml:2: X.a.b: the intrinsic function Fn::ImportValue is not supported.'],
    ['!Transform { Name: x }', 't.yaml:1: X: the intrinsic function Fn::Transform is not supported.'],
    ['{ "Fn::hasOwnProperty": x }', 't.yaml:1: X: the intrinsic function Fn::hasOwnProperty is not supported.'],
    ['!Sub "${a b}"', 't.yaml:1: X: ${a b} in Fn::Sub is not a name.'],
    ['!Sub "${Names}"', 't.yaml:1: X: ${Names} in Fn::Sub must stand for text.'],
    ['!Join [a]', 't.yaml:1: X: Fn::Join takes [separator, list].'],
    ['!Join [",", text]', 't.yaml:1: X: the second argument of Fn::Join must be a list.'],
    ['!Split ["", text]', 't.yaml:1: X: the separator of Fn::Split must not be empty.'],
    ['!Select [3, !Ref Names]', 't.yaml:1: X: Fn::Select cannot choose item 3 of a list of 3.'],
    ['!GetAtt Bucket', 't.yaml:1: X: Fn::GetAtt takes a logical id and an attribute, as in Role.Arn.'],
  ])('refuses %s', (text, message) => {
    expect(() => value(text)).toThrow(message);
  });
});
