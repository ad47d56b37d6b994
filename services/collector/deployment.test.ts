import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { MAX_BODY_BYTES } from './api/json-body.ts';
import { readConfig } from './config.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('nginx', () => {
  const template = read('nginx/default.conf.template');

  test('lets through as much as the API server takes', () => {
    const [, kib] = /client_max_body_size (\d+)k;/.exec(template) ?? [];
    expect(Number(kib) * 1024).toBe(MAX_BODY_BYTES);
  });

  test('answers its own errors as the API server does', () => {
    const answers = [...template.matchAll(/return (\d+) '(.*)';/g)].map(([, status, body = '']) => [
      Number(status),
      JSON.parse(body),
    ]);
    const failure = { is_success: 'false', reason: expect.stringMatching(/\.$/) };
    expect(answers).toEqual([413, 502, 504].map((status) => [status, failure]));
  });

  test('takes from its environment what compose.yaml gives, and nothing else', () => {
    const { services } = parse(read('compose.yaml'));
    const variables = [...template.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    expect(new Set(variables)).toEqual(new Set(Object.keys(services.nginx.environment)));
    expect(services.nginx.environment.API_SERVER).toBe(`api:${services.api.environment.PORT}`);
    expect(services.nginx.ports).toEqual([`8080:${services.nginx.environment.PORT}`]);
  });
});

test('compose.yaml gives the API server all it needs, from what the stack says', () => {
  const { environment } = parse(read('compose.yaml')).services.api;
  const given = Object.fromEntries(
    Object.entries<string | null>(environment).map(([name, value]) => [
      name,
      value?.replace(/^\$\{QueueUrl\}$/, 'http://q/q'),
    ]),
  );
  expect(() => readConfig({ ...given, AWS_RDS_PORT: '3306' })).not.toThrow();
  const template = read('template.yaml');
  const known = new Set([...template.matchAll(/^ {2}(\w+):$/gm)].map(([, name]) => name));
  const wanted = JSON.stringify(environment).matchAll(/\$\{(\w+)\}/g);
  for (const [, name] of wanted) expect(known).toContain(name);
});

test('the dependencies of the container and the functions are those that the project is tested with', () => {
  const own = JSON.parse(read('package.json'));
  const project = JSON.parse(read('../../package.json'));
  for (const group of ['dependencies', 'devDependencies']) expect(project[group]).toMatchObject(own[group]);
  const lock = JSON.parse(read('package-lock.json'));
  expect(lock.packages['']).toMatchObject({ dependencies: own.dependencies, devDependencies: own.devDependencies });
  const projectLock = JSON.parse(read('../../package-lock.json'));
  for (const name of Object.keys(own.dependencies)) {
    const key = `node_modules/${name}`;
    expect([name, lock.packages[key].version]).toEqual([name, projectLock.packages[key].version]);
  }
});
