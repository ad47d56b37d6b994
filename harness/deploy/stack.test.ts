import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { deploy } from './index.ts';
import type { DeployOptions } from './options.ts';
import { defineResource, type ResourceType } from './resources/resource-type.ts';
import type { MapNode } from './template/node.ts';
import { parseTemplateText } from './template/parse.ts';
import type { Template } from './template/template.ts';

/** A world of resources with names, which can be lost and can refuse. */
class World {
  readonly existing = new Map<string, unknown>();
  readonly history: string[] = [];
  readonly refused = new Set<string>();
  mostAtOnce = 0;
  #atOnce = 0;

  readonly type: ResourceType = defineResource({
    type: 'Test::Thing',
    properties: z.strictObject({ Name: z.string(), Of: z.string().optional(), Part: z.string().optional() }),
    attributes: ['Upper'],
    create: async (properties) => {
      this.#atOnce++;
      this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
      await Promise.resolve();
      this.#atOnce--;
      this.#refuse(`create ${properties.Name}`);
      this.existing.set(properties.Name, properties);
      this.history.push(`create ${properties.Name}`);
      return { ref: properties.Name, attributes: { Upper: properties.Name.toUpperCase() } };
    },
    complete: async ({ Name }, made) => {
      this.#refuse(`complete ${Name}`);
      return made;
    },
    exists: async (_properties, { ref }) => this.existing.has(ref),
    delete: async (_properties, { ref }) => {
      this.#refuse(`delete ${ref}`);
      this.existing.delete(ref);
      this.history.push(`delete ${ref}`);
    },
    partOf: ({ Part }) => Part ?? '',
  });

  template(text: string): Template {
    const root = parseTemplateText(text, 't.yaml') as MapNode;
    const resources = [...root.entries].map(([logicalId, { at, value }]) => {
      const { entries } = value as MapNode;
      const needs = entries.get('needs')?.value;
      const names =
        needs?.kind === 'list' ? needs.items.map((item) => (item.kind === 'scalar' ? `${item.value}` : '')) : [];
      const when = entries.get('when')?.value;
      const condition = when?.kind === 'scalar' ? String(when.value) : undefined;
      const properties = {
        kind: 'map',
        at,
        entries: new Map([...entries].filter(([key]) => key !== 'needs' && key !== 'when')),
      } as const;
      const path = `${logicalId}.Properties`;
      const declaration = { logicalId, at, type: this.type, properties, path, condition };
      return [logicalId, { ...declaration, needs: new Set(names) }] as const;
    });
    const none = new Map<string, never>();
    return {
      file: 't.yaml',
      parameters: none,
      mappings: none,
      conditions: none,
      resources: new Map(resources),
      absent: none,
      outputs: none,
    };
  }

  #refuse(call: string): void {
    if (this.refused.has(call)) throw Object.assign(new Error(`I will not ${call}.`), { name: 'RefusedException' });
  }
}

const options: DeployOptions = {
  name: 'test',
  aws: { client: () => expect.unreachable() },
  region: 'ap-northeast-2',
  accountId: '000000000000',
  progress: () => undefined,
  urlFor: () => '',
};

const CHAIN = `
a: { Name: a }
b: { Name: !Sub "of-\${a}", needs: [a] }
c: { Name: c, Of: !GetAtt b.Upper, needs: [b] }
d: { Name: d }
`;

describe('deploy', () => {
  test('makes what others need before them and gives them its names', async () => {
    const world = new World();
    const deployed = await deploy(world.template(CHAIN), options);
    expect(world.existing.get('c')).toEqual({ Name: 'c', Of: 'OF-A' });
    expect(deployed.resources).toContainEqual({ logicalId: 'b', type: 'Test::Thing', physicalId: 'of-a' });
  });

  test('makes independent resources side by side', async () => {
    const world = new World();
    await deploy(world.template('a: { Name: a }\nb: { Name: b }\nc: { Name: c }'), options);
    expect(world.mostAtOnce).toBe(3);
  });

  test('removes what was made when one cannot be made, and says why', async () => {
    const world = new World();
    world.refused.add('create c');
    await expect(deploy(world.template(CHAIN), options)).rejects.toMatchObject({
      code: 'DEPLOY_FAILED',
      message: 't.yaml:4: c (Test::Thing) could not be made: RefusedException: I will not create c.',
    });
    expect(world.existing.size).toBe(0);
    expect(world.history).toContain('delete of-a');
  });

  test('removes also what was begun and not completed', async () => {
    const world = new World();
    world.refused.add('complete a');
    await expect(deploy(world.template('a: { Name: a }'), options)).rejects.toMatchObject({ code: 'DEPLOY_FAILED' });
    expect(world.existing.size).toBe(0);
  });

  test('begins nothing that needs what failed', async () => {
    const world = new World();
    world.refused.add('create a');
    await expect(deploy(world.template(CHAIN), options)).rejects.toThrow('a (Test::Thing) could not be made');
    expect(world.history.filter((entry) => /of-a|create c/.test(entry))).toEqual([]);
  });
});

describe('a condition on where the template is deployed', () => {
  const text = `
a: { Name: a, when: Here }
b: { Name: b, when: Elsewhere, needs: [a] }
c: { Name: !If [Here, !Ref a, !Ref b], needs: [a, b] }
`;
  const at = { line: 1, column: 1 };
  const conditions = (
    parseTemplateText(
      'Here: !Equals [!Ref AWS::Region, ap-northeast-2]\nElsewhere: !Not [!Condition Here]',
      't.yaml',
    ) as MapNode
  ).entries;
  const outputs = new Map(
    ['Here', 'Elsewhere'].map((condition) => [condition, { at, condition, value: { kind: 'scalar', value: 1, at } }]),
  ) as Template['outputs'];

  test('says what is made there, and which outputs there are', async () => {
    const world = new World();
    const deployed = await deploy({ ...world.template(text), conditions, outputs }, options);
    expect(world.history).toEqual(['create a', 'create a']);
    expect(deployed.resources.map(({ logicalId }) => logicalId)).toEqual(['a', 'c']);
    expect(deployed.outputs).toEqual({ Here: '1' });
    await deployed.undeploy();
    expect(world.existing.size).toBe(0);
  });

  test('lets nothing refer to what is not made', async () => {
    const world = new World();
    const template = { ...world.template(text.replace('[Here, ', '[Elsewhere, ')), conditions, outputs };
    await expect(deploy(template, options)).rejects.toMatchObject({
      code: 'TEMPLATE_UNKNOWN_REFERENCE',
      message: 't.yaml:4: c.Properties.Name: b is not made, for its condition Elsewhere does not hold.',
    });
  });
});

describe('redeploy', () => {
  test('makes what is missing and leaves the rest', async () => {
    const world = new World();
    const deployed = await deploy(world.template(CHAIN), options);
    world.existing.delete('a');
    world.existing.delete('d');
    world.history.length = 0;
    await deployed.redeploy();
    expect(world.history.sort()).toEqual(['create a', 'create d']);
    expect(deployed.resources).toHaveLength(4);
  });

  test('keeps the names of what is just being made again', async () => {
    const world = new World();
    const deployed = await deploy(world.template(CHAIN), options);
    const before = deployed.resources;
    world.existing.clear();
    world.refused.add('create of-a');
    await expect(deployed.redeploy()).rejects.toMatchObject({ code: 'DEPLOY_FAILED' });
    expect(deployed.resources).toEqual(before);
  });

  test('is done after what was asked for before', async () => {
    const world = new World();
    const deployed = await deploy(world.template(CHAIN), options);
    await Promise.all([deployed.undeploy(), deployed.redeploy()]);
    expect([...world.existing.keys()].sort()).toEqual(['a', 'c', 'd', 'of-a']);
  });

  test('completes what an earlier attempt has begun', async () => {
    const world = new World();
    const deployed = await deploy(world.template('a: { Name: a }'), options);
    world.existing.clear();
    world.refused.add('complete a');
    await expect(deployed.redeploy()).rejects.toMatchObject({ code: 'DEPLOY_FAILED' });
    world.refused.clear();
    world.history.length = 0;
    await deployed.redeploy();
    expect(world.history).toEqual(['delete a', 'create a']);
  });
});

describe('undeploy', () => {
  test('removes what needs others before them', async () => {
    const world = new World();
    const deployed = await deploy(world.template(CHAIN), options);
    world.history.length = 0;
    await deployed.undeploy();
    expect(world.history).toEqual(['delete d', 'delete c', 'delete of-a', 'delete a']);
    expect(deployed.resources).toEqual([]);
  });

  test('does not ask for the parts of what goes as a whole', async () => {
    const world = new World();
    const deployed = await deploy(world.template('a: { Name: a }\nb: { Name: b, Part: !Ref a, needs: [a] }'), options);
    world.history.length = 0;
    await deployed.undeploy();
    expect(world.history).toEqual(['delete a']);
  });

  test('goes on when one cannot be removed, and names it', async () => {
    const world = new World();
    const deployed = await deploy(world.template(CHAIN), options);
    world.refused.add('delete c');
    await expect(deployed.undeploy()).rejects.toMatchObject({
      code: 'DEPLOY_REMOVE_FAILED',
      message: 't.yaml:4: c (Test::Thing) could not be removed: RefusedException: I will not delete c.',
    });
    expect([...world.existing.keys()]).toEqual(['c']);
    expect(deployed.resources.map(({ logicalId }) => logicalId)).toEqual(['c']);
  });
});
