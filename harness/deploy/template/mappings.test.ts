import { describe, expect, test } from 'vitest';
import { evaluate } from './intrinsics.ts';
import { checkTemplate } from './load.ts';
import { findInMap } from './mappings.ts';
import { parseTemplateText } from './parse.ts';

const load = (text: string, parameters: Record<string, string> = {}) =>
  checkTemplate(parseTemplateText(text, 't.yaml'), 't.yaml', { parameters });

const stream = (shards: string) => `
Parameters: { Stage: { Type: String, Default: prod } }
Mappings:
  Shards:
    prod: { Count: 4, Names: [a, b] }
    test: { Count: 1 }
Resources: { S: { Type: "AWS::Kinesis::Stream", Properties: { ShardCount: ${shards} } } }
`;

/** The stream's properties, as far as they are known before deployment. */
async function shardCount(shards: string, parameters: Record<string, string> = {}) {
  const { mappings, resources, parameters: values } = await load(stream(shards), parameters);
  const subject = { file: 't.yaml', path: 'S', at: { line: 1, column: 1 } };
  return evaluate(resources.get('S')?.properties ?? expect.fail('no S'), subject, {
    ref: (name) => values.get(name),
    attribute: () => expect.fail('nothing has attributes'),
    mapping: (keys) => findInMap(mappings, keys, subject),
    condition: () => expect.fail('there are no conditions'),
  });
}

describe('Fn::FindInMap', () => {
  test('finds what a mapping has for a parameter', async () => {
    expect(await shardCount('!FindInMap [Shards, !Ref Stage, Count]')).toEqual({ ShardCount: 4 });
    expect(await shardCount('!FindInMap [Shards, !Ref Stage, Count]', { Stage: 'test' })).toEqual({ ShardCount: 1 });
    expect(await shardCount('!Select [1, !FindInMap [Shards, prod, Names]]').catch(({ message }) => message)).toBe(
      't.yaml:7: S.Properties.ShardCount: must be a whole number (AWS::Kinesis::Stream).',
    );
  });

  test.each([
    ['[Shards, stage, Count]', 'Unable to get mapping for Shards::stage::Count.', 'Shards has prod, test.'],
    ['[Shards, prod, Size]', 'Unable to get mapping for Shards::prod::Size.', 'Shards::prod has Count, Names.'],
    ['[Sizes, prod, Count]', 'Unable to get mapping for Sizes::prod::Count.', 'The template has the mappings Shards.'],
  ])('refuses %s before anything is made', async (keys, sentence, remedy) => {
    await expect(load(stream(`!FindInMap ${keys}`))).rejects.toMatchObject({
      code: 'TEMPLATE_UNKNOWN_REFERENCE',
      message: `t.yaml:7: S.Properties.ShardCount: ${sentence}`,
      remedy,
    });
  });
});

test.each([
  ['A: x', 't.yaml:1: Mappings.A: a mapping is a map of maps of values.'],
  ['A: { b: x }', 't.yaml:1: Mappings.A.b: a mapping is a map of maps of values.'],
  [
    'A: { b: { c: !Ref D } }',
    't.yaml:1: Mappings.A.b.c: a value of a mapping is a text or a list of texts, written out.',
  ],
  [
    'A: { b: { c: [[d]] } }',
    't.yaml:1: Mappings.A.b.c: a value of a mapping is a text or a list of texts, written out.',
  ],
  [
    'A: { b: { c/d: x } }',
    't.yaml:1: Mappings.A.b.c/d: a key of a mapping has letters, digits, hyphens and dots only.',
  ],
])('the mapping %s is refused', async (mapping, message) => {
  await expect(load(`Mappings: { ${mapping} }\nResources: {}`)).rejects.toThrow(message);
});
