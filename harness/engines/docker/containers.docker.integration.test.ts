import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { EngineContext, EngineName, RunningEngine } from '../engine.ts';
import { ask } from '../http.ts';
import { cacheFolder, createEngines, type Engine } from '../index.ts';
import { listContainers } from './containers.ts';
import { dockerEngine } from './engine.ts';
import { IMAGES, pullImage, removeKept } from './index.ts';
import { filterBy, runLabels } from './labels.ts';
import { dockerDaemon, testcontainers } from './runtime.ts';
import { startContainer } from './service.ts';

/** What was installed before. */
const CACHE = cacheFolder();

/** Containers belong to the runs of one temporary folder; with one of our own we meet nobody else's. */
let temporary: string;
let engines: readonly Engine[];
const running = new Map<EngineName, RunningEngine>();
const told: string[] = [];

function contextOf(name: string, signal = new AbortController().signal): EngineContext {
  const dataDir = join(temporary, name);
  mkdirSync(dataDir, { recursive: true });
  const progress = (message: string) => void told.push(message);
  return { dataDir, cacheDir: CACHE, offline: false, progress, registerChild: () => undefined, signal };
}

function engine(name: EngineName, from = engines): Engine {
  return from.find((each) => each.name === name) ?? expect.unreachable();
}

function server(name: EngineName): RunningEngine {
  return running.get(name) ?? expect.unreachable();
}

async function ours(): Promise<readonly string[]> {
  return (await listContainers(await dockerDaemon(), filterBy.ours())).map(({ id }) => id);
}

async function count(endpoint: string, table: string): Promise<number> {
  const connection = await createConnection(endpoint);
  try {
    const [rows] = await connection.query(`SELECT COUNT(*) AS n FROM ${table}`);
    return (rows as unknown as readonly { n: number }[])[0]?.n ?? expect.unreachable();
  } finally {
    connection.destroy();
  }
}

beforeAll(async () => {
  temporary = mkdtempSync(join(tmpdir(), 'naetmul-containers-'));
  vi.stubEnv('TMPDIR', temporary);
  vi.stubEnv('NAETMUL_CACHE', join(temporary, 'cache'));
  engines = createEngines({ stack: 'docker', mqttPort: 0, publicHost: 'localhost:4566' }).filter(
    ({ source }) => source === 'docker',
  );
  await Promise.all(engines.map((each) => each.setup(contextOf(each.name))));
  await Promise.all(engines.map(async (each) => running.set(each.name, await each.start(contextOf(each.name)))));
});

afterAll(async () => {
  await Promise.all([...running.values()].map((each) => each.stop()));
  expect(await ours()).toEqual([]);
  vi.unstubAllEnvs();
  rmSync(temporary, { recursive: true, force: true });
});

afterEach(() => {
  told.length = 0;
});

test('each server comes from its image and says what it is', () => {
  expect([...running.values()].map(({ source, pid }) => [source, pid])).toEqual(Array(3).fill(['docker', undefined]));
  expect(server('localstack').version).toBe('4.14.0');
  expect(server('opensearch').version).toBe('2.19.6');
  expect(server('mysql').version).toMatch(/^\d+\.\d+\.\d+/);
});

test('ports are open on loopback only, one of each server', async () => {
  const { container } = await dockerDaemon();
  for (const { container: id, endpoint } of running.values()) {
    const { NetworkSettings } = await container.getById(id ?? expect.unreachable()).inspect();
    const bound = Object.values(NetworkSettings.Ports).flatMap((bindings) => bindings ?? []);
    expect(bound).toEqual([{ HostIp: '127.0.0.1', HostPort: new URL(endpoint).port }]);
  }
});

test('LocalStack names the public host in the URLs that it makes up', async () => {
  const { body } = await ask(server('localstack').endpoint, {
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

test('OpenSearch indexes a document and finds it', async () => {
  const { endpoint } = server('opensearch');
  const headers = { 'content-type': 'application/json' };
  const put = await ask(`${endpoint}/brook/_doc/1?refresh=true`, { method: 'PUT', headers, body: '{"word":"water"}' });
  expect(put.status).toBe(201);
  const found = await ask(`${endpoint}/brook/_search?q=word:water`);
  expect(JSON.parse(found.body).hits.total.value).toBe(1);
});

test('OpenSearch can reindex and fill in templates, whatever its image was made of', async () => {
  const { body } = await ask(`${server('opensearch').endpoint}/_nodes/plugins?filter_path=nodes.*.modules.name`);
  for (const name of ['reindex', 'ingest-common', 'lang-mustache']) expect(body).toContain(`"${name}"`);
});

test('MySQL keeps text of every script, in UTC, and lets nobody in without the password', async () => {
  const { endpoint } = server('mysql');
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

test('after docker kill, MySQL comes back at its address with its data', async () => {
  const before = server('mysql');
  await before.kill?.();
  await expect(before.exited).resolves.toEqual({ code: null, signal: 'SIGKILL', expected: false });
  const after = await engine('mysql').start(contextOf('mysql'));
  running.set('mysql', after);
  expect([after.endpoint, after.container]).toEqual([before.endpoint, before.container]);
  expect(await count(after.endpoint, 'brook.t')).toBe(1);
});

test('after docker kill, LocalStack comes back at its address in another container', async () => {
  const before = server('localstack');
  await before.kill?.();
  await before.exited;
  const after = await engine('localstack').start(contextOf('localstack'));
  running.set('localstack', after);
  expect(after.endpoint).toBe(before.endpoint);
  expect(after.container).not.toBe(before.container);
  expect(await ours()).toHaveLength(3);
});

test('a server that is taken away comes back with its data', async () => {
  const before = server('mysql');
  await before.stop({ keepData: true });
  await expect(before.exited).resolves.toMatchObject({ expected: true });
  const after = await engine('mysql').start(contextOf('mysql'));
  running.set('mysql', after);
  expect(await count(after.endpoint, 'brook.t')).toBe(1);
});

test('a container that somebody removed is replaced', async () => {
  const before = server('opensearch');
  const { container } = await dockerDaemon();
  await container.getById(before.container ?? '').remove({ force: true, v: true });
  await expect(before.exited).resolves.toMatchObject({ expected: false });
  const after = await engine('opensearch').start(contextOf('opensearch'));
  running.set('opensearch', after);
  expect(after.endpoint).toBe(before.endpoint);
  expect((await ask(`${after.endpoint}/brook`)).status).toBe(404);
});

test('a server that cannot start shows its log, and leaves no container', async () => {
  const before = await ours();
  const { GenericContainer } = await testcontainers();
  const broken = dockerEngine(
    {
      name: 'mysql',
      title: 'MySQL',
      port: 3306,
      keepsData: true,
      readyWithinMs: 60_000,
      stopWithinMs: 1_000,
      container: async () =>
        new GenericContainer(IMAGES.mysql)
          .withEntrypoint(['sh', '-c', 'echo first; echo "[ERROR] no such thing" >&2; exit 3'])
          .withExposedPorts(3306),
      endpoint: (host, port) => `mysql://root@${host}:${port}`,
      answers: async () => false,
      version: async () => '0',
    },
    { reuse: false },
  );
  // Also when it ends so soon that nobody has seen it run.
  await expect(broken.start(contextOf('broken'))).rejects.toMatchObject({
    code: 'SERVER_NOT_STARTED',
    message: expect.stringMatching(
      /^MySQL ended while it was starting \(exit code 3\)\. Its last lines:\n.*\[ERROR\] no such thing/s,
    ),
  });
  expect(await ours()).toEqual(before);
});

test('a boot that is aborted leaves no container', async () => {
  const before = await ours();
  const abort = new AbortController();
  const starting = engine('opensearch').start(contextOf('aborted', abort.signal));
  await expect.poll(ours, { timeout: 60_000 }).toHaveLength(before.length + 1);
  abort.abort(new Error('enough'));
  await expect(starting).rejects.toThrow('enough');
  expect(await ours()).toEqual(before);
});

test('an image that is not there is an error with --offline, and one that cannot be pulled names the registry’s answer', async () => {
  const image = 'localhost:1/naetmul/nothing:1';
  const quiet = { signal: new AbortController().signal, progress: () => undefined };
  await expect(pullImage(image, { ...quiet, offline: true })).rejects.toMatchObject({
    code: 'OFFLINE_MISSING',
    message: `The image ${image} is not here, and --offline forbids pulling it.`,
  });
  await expect(pullImage(image, { ...quiet, offline: false })).rejects.toMatchObject({
    code: 'IMAGE_NOT_PULLED',
    message: expect.stringContaining('the registry cannot be reached. Docker says: '),
  });
});

test('a port that is taken is said to be', async () => {
  const listener = await new Promise<Server>((resolve) => {
    const made = createServer();
    made.listen({ port: 0, host: '127.0.0.1' }, () => resolve(made));
  });
  const address = listener.address();
  const outside = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const before = await ours();
  const starting = startContainer({
    name: 'taken',
    image: IMAGES.mysql,
    folder: join(temporary, 'taken'),
    contents: [],
    port: { inside: 3306, host: '127.0.0.1', outside },
    signal: new AbortController().signal,
    readyWithinMs: 10_000,
    stopWithinMs: 1_000,
    probe: async () => false,
  });
  await expect(starting).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: expect.stringMatching(/^The container of taken cannot be started: another program has taken its port\./),
  });
  expect(await ours()).toEqual(before);
  listener.close();
});

test('containers of a harness that was killed are removed at the next start, and nobody else’s', async () => {
  const before = await ours();
  const { container } = await dockerDaemon();
  const Labels = {
    ...runLabels('mysql', join(temporary, 'killed')),
    'naetmul.harness': '{"pid":1,"startTime":"of an earlier boot"}',
  };
  const left = await container.dockerode.createContainer({ Image: IMAGES.mysql, Labels });
  expect(await ours()).toContain(left.id);
  expect(await removeKept()).toBe(1);
  expect(await ours()).toEqual(before);
});

test('containers that are kept are found again, empty, by one bench at a time, until they are removed', async () => {
  const others = await ours();
  const kept = (publicHost: string) => createEngines({ stack: 'docker', reuse: true, mqttPort: 0, publicHost });
  const boot = (from: readonly Engine[]) =>
    Promise.all(
      (['localstack', 'opensearch', 'mysql'] as const).map((name) => engine(name, from).start(contextOf('kept'))),
    );
  const start = (name: EngineName, from: readonly Engine[], folder: string) =>
    engine(name, from).start(contextOf(folder));

  const [localstack, opensearch, mysql] = await boot(kept('localhost:4566'));
  expect(await ours()).toHaveLength(others.length + 3);
  expect(told).not.toContainEqual(expect.stringMatching(/^emptying/));
  for (const path of ['/left', '/_index_template/left', '/_ingest/pipeline/left']) {
    const body =
      path === '/left' ? '{}' : path.includes('pipeline') ? '{"processors":[]}' : '{"index_patterns":["l*"]}';
    const headers = { 'content-type': 'application/json' };
    expect((await ask(`${opensearch?.endpoint}${path}`, { method: 'PUT', headers, body })).status).toBe(200);
  }
  const connection = await createConnection(mysql?.endpoint ?? '');
  await connection.query('CREATE DATABASE `left``over`');
  await connection.query("CREATE USER 'o''left' IDENTIFIED BY 'secret'");
  connection.destroy();

  // Another bench at the same time gets its own.
  const another = await start('mysql', kept('localhost:4566'), 'another');
  expect(another.container).not.toBe(mysql?.container);
  expect(told).toContain('another bench works with the MySQL that was kept; this one gets its own');
  await another.stop();

  for (const each of [localstack, opensearch, mysql]) await each?.stop();
  expect(await ours()).toHaveLength(others.length + 3);

  const again = await boot(kept('localhost:4566'));
  expect(again.map(({ container }) => container)).toEqual(
    [localstack, opensearch, mysql].map((each) => each?.container),
  );
  expect(told.filter((message) => message.startsWith('emptying'))).toHaveLength(3);
  for (const path of ['/left', '/_index_template/left', '/_ingest/pipeline/left']) {
    expect((await ask(`${again[1]?.endpoint}${path}`)).status).toBe(404);
  }
  const inspecting = await createConnection(again[2]?.endpoint ?? '');
  const [schemas] = await inspecting.query("SHOW DATABASES LIKE 'left%'");
  const [users] = await inspecting.query("SELECT user FROM mysql.user WHERE user LIKE '%left'");
  inspecting.destroy();
  expect([schemas, users]).toEqual([[], []]);

  // They stay as long as somebody works with them.
  expect(await removeKept()).toBe(0);
  for (const each of again) await each.stop();
  expect(await removeKept()).toBe(3);
  expect(await ours()).toEqual(others);
});
