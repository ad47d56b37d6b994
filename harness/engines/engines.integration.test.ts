import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateStreamCommand, KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { connectAsync } from 'mqtt';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { machine } from '../clock/machine.ts';
import { ask } from './http.ts';
import { groupIsAlive, groupMembers } from './identity.ts';
import {
  cacheFolder,
  createEngines,
  type Engine,
  type EngineContext,
  type EngineName,
  freePort,
  localstackTool,
  openRun,
  type Run,
  type RunningEngine,
} from './index.ts';

const PUBLIC_HOST = 'localhost:4566';
let run: Run;
let engines: readonly Engine[];
const running = new Map<EngineName, RunningEngine>();

function contextOf(name: string, signal = new AbortController().signal): EngineContext {
  const dataDir = join(run.dir, name);
  mkdirSync(dataDir, { recursive: true });
  const registerChild: EngineContext['registerChild'] = (child) => run.addChild(child);
  return { dataDir, cacheDir: cacheFolder(), offline: false, progress: () => undefined, registerChild, signal };
}

function engine(name: EngineName): RunningEngine {
  const found = running.get(name);
  if (found === undefined) throw new Error(`${name} does not run`);
  return found;
}

beforeAll(async () => {
  run = openRun();
  engines = createEngines({
    stack: 'native',
    mqttPort: 0,
    publicHost: PUBLIC_HOST,
    overrides: { kinesis: 'localstack' },
  });
  await Promise.all(engines.map((each) => each.setup(contextOf(each.name))));
  await Promise.all(engines.map(async (each) => running.set(each.name, await each.start(contextOf(each.name)))));
});

afterAll(async () => {
  const pids = [...running.values()].flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  await Promise.all([...running.values()].map((each) => each.stop()));
  expect(pids.filter(groupIsAlive)).toEqual([]);
  run.close();
  expect(existsSync(run.dir)).toBe(false);
});

function kinesis(): KinesisClient {
  return new KinesisClient({
    endpoint: engine('localstack').endpoint,
    region: 'ap-northeast-2',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: new NodeHttpHandler(),
  });
}

test('each server says what it is', () => {
  expect(engine('localstack').version).toMatch(/^4\.9\.2/);
  expect(engine('opensearch').version).toBe('2.19.6');
  expect(engine('mysql').version).toMatch(/^\d+\.\d+\.\d+/);
  expect(engine('mqtt').version).toMatch(/^aedes \d/);
});

test('LocalStack takes a Kinesis record', async () => {
  const client = kinesis();
  await client.send(new CreateStreamCommand({ StreamName: 'brook', ShardCount: 1 }));
  const put = new PutRecordCommand({ StreamName: 'brook', PartitionKey: 'a', Data: Buffer.from('{"n":1}') });
  await expect.poll(() => client.send(put).catch((error: Error) => error.name)).toHaveProperty('SequenceNumber');
  client.destroy();
});

test('LocalStack names the public host in the URLs that it makes up', async () => {
  const { body } = await ask(engine('localstack').endpoint, {
    method: 'POST',
    headers: {
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0',
      'x-amz-target': 'AmazonSQS.CreateQueue',
      'content-type': 'application/x-amz-json-1.0',
    },
    body: '{"QueueName":"q"}',
  });
  expect(new URL(JSON.parse(body).QueueUrl).host).toMatch(/localhost:4566$/);
});

test('the tools of LocalStack’s environment run where it was installed', async () => {
  const exec = promisify(execFile);
  const [aws, lint, boto] = await Promise.all([
    exec(localstackTool('aws'), ['--version']),
    exec(localstackTool('cfn-lint'), ['--version']),
    exec(localstackTool('python'), ['-c', 'import boto3; print(boto3.__version__)']),
  ]);
  expect(aws.stdout).toContain('aws-cli/1.42.40');
  expect(lint.stdout).toContain('cfn-lint 1.46.0');
  expect(boto.stdout.trim()).toBe('1.40.40');
});

test('OpenSearch indexes a document and finds it', async () => {
  const { endpoint } = engine('opensearch');
  const headers = { 'content-type': 'application/json' };
  const put = await ask(`${endpoint}/brook/_doc/1?refresh=true`, { method: 'PUT', headers, body: '{"word":"water"}' });
  expect(put.status).toBe(201);
  const found = await ask(`${endpoint}/brook/_search?q=word:water`);
  expect(JSON.parse(found.body).hits.total.value).toBe(1);
});

test('MySQL keeps text of every script, in UTC, and lets nobody in without the password', async () => {
  const { endpoint } = engine('mysql');
  const connection = await createConnection(endpoint);
  await connection.query('CREATE DATABASE brook');
  await connection.query('CREATE TABLE brook.t (id INT PRIMARY KEY, word VARCHAR(20))');
  await connection.query('INSERT INTO brook.t VALUES (1, ?)', ['냇물 💧']);
  const [rows] = await connection.query('SELECT word, @@global.time_zone AS zone FROM brook.t');
  expect(rows).toEqual([{ word: '냇물 💧', zone: '+00:00' }]);
  connection.destroy();
  const open = new URL(endpoint);
  open.password = '';
  await expect(createConnection(open.href)).rejects.toMatchObject({ code: 'ER_ACCESS_DENIED_ERROR' });
});

test('the broker takes nobody in until somebody says who may come', async () => {
  const { endpoint, caFile } = engine('mqtt');
  const ca = readFileSync(caFile ?? '');
  const connecting = connectAsync(endpoint.replace('127.0.0.1', 'localhost'), { ca, reconnectPeriod: 0 }, false);
  await expect(connecting).rejects.toThrow();
});

test('a client that does not trust the authority is turned away', async () => {
  const connecting = connectAsync(engine('mqtt').endpoint, { reconnectPeriod: 0 });
  await expect(connecting).rejects.toThrow(/self-signed|unable to verify|certificate/);
});

test('an MQTT port that is taken is an error that names the holder', async () => {
  const port = Number(new URL(engine('mqtt').endpoint).port);
  const second = createEngines({ mqttPort: port }).find(({ name }) => name === 'mqtt');
  await expect(second?.start(contextOf('mqtt-second'))).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: expect.stringContaining(`(pid ${process.pid})`),
    remedy: expect.stringContaining('--mqtt-port'),
  });
});

test.for(['localstack', 'opensearch', 'mysql'] as const)('the running %s can be given by its address', async (name) => {
  const { endpoint, version } = engine(name);
  const external = createEngines({ overrides: { [name]: endpoint } }).find((each) => each.name === name);
  await using other = await external?.start(contextOf(`${name}-external`));
  expect(other).toMatchObject({ source: 'external', version, pid: undefined });
});

test('an address where nobody answers is an error that names it without its password', async () => {
  const port = await freePort();
  const overrides = { mysql: `mysql://root:s3cret@127.0.0.1:${port}` };
  const external = createEngines({ overrides }).find(({ name }) => name === 'mysql');
  await expect(external?.start(contextOf('mysql-away'))).rejects.toMatchObject({
    code: 'EXTERNAL_UNREACHABLE',
    message: expect.stringMatching(
      new RegExp(`^The mysql at mysql://root:\\*\\*\\*@127\\.0\\.0\\.1:${port} does not answer`),
    ),
  });
});

test('after kill -9, MySQL comes back at its address with its data', async () => {
  const before = engine('mysql');
  process.kill(before.pid ?? 0, 'SIGKILL');
  await expect(before.exited).resolves.toMatchObject({ signal: 'SIGKILL', expected: false });
  const mysql = engines.find(({ name }) => name === 'mysql');
  const after = await mysql?.start(contextOf('mysql'));
  if (after !== undefined) running.set('mysql', after);
  expect(after?.endpoint).toBe(before.endpoint);
  const connection = await createConnection(before.endpoint);
  const [rows] = await connection.query('SELECT COUNT(*) AS n FROM brook.t');
  expect(rows).toEqual([{ n: 1 }]);
  connection.destroy();
});

test('after kill -9 of LocalStack its Kinesis is gone too, and it starts again at its address', async () => {
  const before = engine('localstack');
  const members = groupMembers(before.pid ?? 0);
  expect(members.length).toBeGreaterThan(1);
  process.kill(before.pid ?? 0, 'SIGKILL');
  await before.exited;
  await expect.poll(() => groupIsAlive(before.pid ?? 0)).toBe(false);
  const localstack = engines.find(({ name }) => name === 'localstack');
  const after = await localstack?.start(contextOf('localstack'));
  if (after !== undefined) running.set('localstack', after);
  expect(after?.endpoint).toBe(before.endpoint);
});

test('a server that cannot start shows its log and a likely remedy', async () => {
  const context = contextOf('mysql-broken');
  // A folder that is there already is taken for the data of an earlier start.
  mkdirSync(join(context.dataDir, 'data'));
  const mysql = createEngines().find(({ name }) => name === 'mysql');
  await expect(mysql?.start(context)).rejects.toMatchObject({
    code: 'SERVER_NOT_STARTED',
    message: expect.stringMatching(/ended while it was starting .*Its last lines:\n.*\[ERROR\]/s),
  });
});

test('a boot that is aborted leaves nothing running', async () => {
  const abort = new AbortController();
  const pids: number[] = [];
  const opensearch = createEngines().find(({ name }) => name === 'opensearch');
  const context: EngineContext = {
    ...contextOf('opensearch-aborted', abort.signal),
    registerChild: ({ pid }) => {
      pids.push(pid);
      abort.abort(new Error('enough'));
    },
  };
  await expect(opensearch?.start(context)).rejects.toThrow();
  expect(pids.map(groupIsAlive)).toEqual([false]);
});

test('set-up that has been done takes no time, and needs no network', async () => {
  const begin = machine.monotonic();
  await Promise.all(engines.map((each) => each.setup({ ...contextOf(each.name), offline: true })));
  expect(machine.monotonic() - begin).toBeLessThan(2_000);
});
