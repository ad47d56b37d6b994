import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Pipelines } from './pipelines.ts';

const TEMPLATE = `
Parameters:
  User: { Type: String, Default: collector }
  Password: { Type: String, NoEcho: true, MinLength: 8, MaxLength: 41, AllowedPattern: "[!#-.0-?A-~]+" }
  Salt: { Type: String, NoEcho: true }
  Known: { Type: String, NoEcho: true, Default: known }
  Subnets: { Type: CommaDelimitedList, Default: "a, b" }
Resources:
  Bucket: { Type: "AWS::S3::Bucket" }
`;

async function loaded(template: string): Promise<Pipelines> {
  const servicesDir = await mkdtemp(join(tmpdir(), 'naetmul-services-'));
  onTestFinished(() => rm(servicesDir, { recursive: true }));
  for (const name of ['collector', 'notes']) await mkdir(join(servicesDir, name));
  await writeFile(join(servicesDir, 'collector', 'template.yaml'), template);
  const pipelines = new Pipelines({
    servicesDir,
    aws: { client: () => expect.unreachable() },
    edgeUrl: () => '',
    region: 'ap-northeast-2',
    accountId: '000000000000',
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  await pipelines.load();
  return pipelines;
}

test('a secret without a default gets a value that nobody knows, the same all the time', async () => {
  const pipelines = await loaded(TEMPLATE);
  const values = pipelines.values('collector');
  expect(values).toEqual({
    User: 'collector',
    Password: expect.stringMatching(/^[0-9a-f]{32}$/),
    Salt: expect.stringMatching(/^[0-9a-f]{32}$/),
    Known: 'known',
    Subnets: 'a,b',
  });
  expect(values.Salt).not.toBe(values.Password);
  expect(pipelines.values('collector')).toEqual(values);
  expect((await loaded(TEMPLATE)).values('collector').Password).not.toBe(values.Password);
  expect(JSON.stringify(pipelines.outputs())).not.toContain(values.Password);
});

test('a folder with a template is a pipeline; of any other nothing is known', async () => {
  const pipelines = await loaded(TEMPLATE);
  expect(pipelines.found()).toEqual(['collector']);
  expect(pipelines.names()).toEqual([]);
  expect(pipelines.values('notes')).toEqual({});
});

test('an error does not show a secret', async () => {
  const failed = loaded(TEMPLATE.replace('MinLength: 8', 'MinLength: 40'));
  await expect(failed).rejects.toThrow('Parameters.Password: the value breaks MinLength: it needs 40 characters.');
});
