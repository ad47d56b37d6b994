import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { build, INTRINSICS } from './build.ts';
import { readProperties } from './src/template/index-template.ts';
import { DEFAULT_TEMPLATE } from './testing/search-server.ts';
import { readConfig } from './web/server/config.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const { Resources, Outputs } = parse(read('template.yaml'), { customTags: INTRINSICS });

describe('the template', () => {
  test('has the workshop’s index template, and its function can read it', () => {
    const { Properties } = Resources.IndexTemplate;
    const template = readProperties({ ...Properties, IsWanted: 'true' });
    expect(template.name).toBe('default_template');
    expect(JSON.parse(template.body)).toEqual(DEFAULT_TEMPLATE);
  });

  test('enables the event stream after the index template', () => {
    expect(Resources.EventStream.DependsOn).toBe('IndexTemplate');
  });

  test('delivers as the workshop does', () => {
    const { DeliveryStreamType, AmazonopensearchserviceDestinationConfiguration: destination } =
      Resources.DeliveryStream.Properties;
    expect(DeliveryStreamType).toBe('DirectPut');
    expect(destination).toMatchObject({
      IndexName: 'pinpoint',
      IndexRotationPeriod: 'OneDay',
      S3BackupMode: 'FailedDocumentsOnly',
      S3Configuration: { Prefix: 'failed_' },
    });
    const { Parameters } = parse(read('template.yaml'), { customTags: INTRINSICS });
    expect([Parameters.BufferSizeMiB.Default, Parameters.BufferIntervalSeconds.Default]).toEqual([1, 60]);
  });

  test('gives CloudFormation longer than the function has, and the function longer than its tries take', () => {
    const { ServiceTimeout } = Resources.IndexTemplate.Properties;
    const { Timeout } = Resources.IndexTemplateFunction.Properties;
    // Seven tries of 5 s and 35 s between them; three of 8 s and 5 s between them to tell of it.
    expect(Timeout).toBeGreaterThan(7 * 5 + 35 + 3 * 8 + 5);
    expect(ServiceTimeout).toBeGreaterThan(Timeout);
  });
});

test('esbuild makes a function that loads alone', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'analytics-build-'));
  try {
    await build(dir);
    expect(createRequire(import.meta.url)(join(dir, 'handler.js'))).toEqual({ handler: expect.any(Function) });
  } finally {
    await rm(dir, { recursive: true });
  }
});

test('compose.yaml gives the server all it needs, from what the stack says', () => {
  const environment: Record<string, string | null> = parse(read('compose.yaml')).services.view.environment;
  const outputs = new Map([
    ['DomainEndpoint', 'search-pinpoint-abcdefghijklmnopqrstuvwxyz.ap-northeast-2.es.amazonaws.com'],
    ['IndexName', Outputs.IndexName.Value],
  ]);
  const env = Object.entries(environment).map(([name, value]) => [
    name,
    value?.replace(/\$\{(\w+)\}/g, (_text, variable: string) => outputs.get(variable) ?? ''),
  ]);
  expect(readConfig(Object.fromEntries(env))).toMatchObject({ port: 8000, indexName: 'pinpoint' });
  expect(Object.keys(Outputs)).toEqual(expect.arrayContaining([...outputs.keys()]));
});

test('the dependencies are those that the project is tested with', () => {
  const own = JSON.parse(read('package.json'));
  const project = JSON.parse(read('../../package.json'));
  const all = { ...project.dependencies, ...project.devDependencies };
  expect(all).toMatchObject({ ...own.dependencies, ...own.devDependencies });
  const { peerDependencies } = JSON.parse(read('../page-kit/package.json'));
  expect({ ...own.dependencies, ...own.devDependencies }).toMatchObject(peerDependencies);
  const lock = JSON.parse(read('package-lock.json'));
  expect(lock.packages['']).toMatchObject({ dependencies: own.dependencies, devDependencies: own.devDependencies });
  const projectLock = JSON.parse(read('../../package-lock.json'));
  for (const [name, { version }] of Object.entries<{ version: string }>(lock.packages)) {
    if (name !== '') expect([name, projectLock.packages[name]?.version]).toEqual([name, version]);
  }
});
