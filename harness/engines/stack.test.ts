import { expect, test, vi } from 'vitest';
import { createEngines } from './index.ts';
import { imagesFor, kinesisPlayer, parseOverrides, resolveStack } from './stack.ts';

const QUIETLY = { offline: true, signal: new AbortController().signal, progress: () => undefined };

test('auto is native where there is no Docker, and what is asked for by name is taken', async () => {
  vi.stubEnv('PATH', '');
  await expect(resolveStack('auto', QUIETLY)).resolves.toBe('native');
  await expect(resolveStack('native', QUIETLY)).resolves.toBe('native');
  await expect(resolveStack('docker', QUIETLY)).resolves.toBe('docker');
  vi.unstubAllEnvs();
});

test('in the docker stack three servers come from containers, unless an address or MariaDB is asked for', () => {
  const sources = (...args: string[]) =>
    createEngines({ stack: 'docker', overrides: parseOverrides(args) }).map(({ source }) => source);
  expect(sources()).toEqual(['docker', 'docker', 'docker', 'inprocess']);
  expect(sources('opensearch=http://search:9200', 'mysql=mariadb')).toEqual([
    'docker',
    'external',
    'native',
    'inprocess',
  ]);
});

test('images are only needed of servers that come from the stack', () => {
  expect(imagesFor({})).toEqual(['localstack', 'opensearch', 'mysql']);
  expect(imagesFor({ aws: 'localstack', mysql: 'mysql', kinesis: 'localstack' })).toHaveLength(3);
  expect(imagesFor({ aws: 'ministack', mysql: 'mysql://root@localhost:3306' })).toEqual(['opensearch']);
});

test('an engine given by its address is external, the others stay as they are', () => {
  const engines = createEngines({ overrides: parseOverrides(['opensearch=http://admin:s3cret@search:9200']) });
  expect(engines.map(({ name, source }) => [name, source])).toEqual([
    ['localstack', 'native'],
    ['opensearch', 'external'],
    ['mysql', 'native'],
    ['mqtt', 'inprocess'],
  ]);
});

test('of Kinesis it is said who plays it: naetmul unless LocalStack is to; that is no engine', () => {
  expect(kinesisPlayer({})).toBe('naetmul');
  expect(kinesisPlayer(parseOverrides(['kinesis=naetmul']))).toBe('naetmul');
  expect(kinesisPlayer(parseOverrides(['kinesis=localstack']))).toBe('localstack');
  expect(createEngines({ overrides: { kinesis: 'localstack' } })).toHaveLength(4);
});

test('another emulator of AWS stands behind the endpoint by its name or its address', () => {
  const behind = (aws: string) => createEngines({ overrides: parseOverrides([`aws=${aws}`]) })[0];
  expect(behind('localstack')).toMatchObject({ name: 'localstack', source: 'native' });
  expect(behind('ministack')).toMatchObject({ name: 'localstack', source: 'native' });
  expect(behind('http://localhost:4510')).toMatchObject({ name: 'localstack', source: 'external' });
  expect(() => parseOverrides(['aws=ministack', 'localstack=http://localhost:4510'])).toThrow(
    expect.objectContaining({ code: 'ENGINE_ARGUMENT_INVALID', remedy: expect.stringContaining('Leave out one') }),
  );
});

test('of MySQL and MariaDB one can be asked for by name', () => {
  expect(parseOverrides(['mysql=mariadb'])).toEqual({ mysql: 'mariadb' });
  expect(createEngines({ overrides: { mysql: 'mariadb' } })[2]).toMatchObject({ name: 'mysql', source: 'native' });
});

test('a URL may hold equals signs', () => {
  expect(parseOverrides(['mysql=mysql://a:b=c@h:1/?x=y'])).toEqual({ mysql: 'mysql://a:b=c@h:1/?x=y' });
});

test.for([
  ['postgres=http://x', 'ENGINE_UNKNOWN', '--engine postgres=…: "postgres" is no engine of naetmul.'],
  ['constructor=http://x', 'ENGINE_UNKNOWN', '--engine constructor=…: "constructor" is no engine of naetmul.'],
  ['mqtt=mqtts://x', 'ENGINE_UNKNOWN', '--engine mqtt=…: "mqtt" runs inside naetmul and cannot be replaced.'],
  [
    'mysql=http://x',
    'ENGINE_URL_INVALID',
    '--engine mysql=…: the address must be a URL that begins with mysql://, or mysql, or mariadb.',
  ],
  [
    'opensearch=localhost:9200',
    'ENGINE_URL_INVALID',
    '--engine opensearch=…: the address must be a URL that begins with http:// or https://.',
  ],
  ['opensearch', 'ENGINE_ARGUMENT_INVALID', '--engine wants name=url.'],
  ['opensearch=', 'ENGINE_ARGUMENT_INVALID', '--engine wants name=url.'],
  ['kinesis=aws', 'ENGINE_ARGUMENT_INVALID', '--engine kinesis=…: "aws" does not play kinesis.'],
] as const)('%s is refused with %s', ([argument, code, message]) => {
  expect(() => parseOverrides([argument])).toThrow(
    expect.objectContaining({ code, message, remedy: expect.any(String) }),
  );
});

test('a refused address is not repeated, for it may hold a password', () => {
  expect(() => parseOverrides(['mysql=http://root:s3cret@x'])).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('s3cret') }),
  );
});
