import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from './server/config.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

test('compose.yaml gives the server all it needs, from what the stack says', () => {
  const environment: Record<string, string | null> = parse(read('../compose.yaml')).services.web.environment;
  const outputs = new Map([
    ['DomainEndpoint', 'search-gasdetect-abcdefghijklmnopqrstuvwxyz.ap-northeast-2.es.amazonaws.com'],
    ['IndexName', 'gasdetect'],
    ['Topic', 'pi/1'],
  ]);
  const env = Object.entries(environment).map(([name, value]) => [
    name,
    value?.replace(/\$\{(\w+)(:-)?\}/g, (_text, variable: string) => outputs.get(variable) ?? ''),
  ]);
  expect(readConfig(Object.fromEntries(env))).toMatchObject({ port: 8000, index: 'gasdetect', topic: 'pi/1' });
  const [, stack = ''] = read('../template.yaml').split(/^Outputs:$/m);
  for (const name of outputs.keys()) expect(stack).toMatch(new RegExp(`^ {2}${name}:$`, 'm'));
});

test('the dependencies of the container are those that the project is tested with', () => {
  const own = JSON.parse(read('package.json'));
  const project = JSON.parse(read('../../../package.json'));
  const all = { ...project.dependencies, ...project.devDependencies };
  expect(all).toMatchObject({ ...own.dependencies, ...own.devDependencies });
  const { peerDependencies } = JSON.parse(read('../../page-kit/package.json'));
  expect({ ...own.dependencies, ...own.devDependencies }).toMatchObject(peerDependencies);
  const lock = JSON.parse(read('package-lock.json'));
  expect(lock.packages['']).toMatchObject({ dependencies: own.dependencies, devDependencies: own.devDependencies });
  const projectLock = JSON.parse(read('../../../package-lock.json'));
  for (const [name, { version }] of Object.entries<{ version: string }>(lock.packages)) {
    if (name !== '') expect([name, projectLock.packages[name]?.version]).toEqual([name, version]);
  }
});
