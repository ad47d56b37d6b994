import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { machine } from '../clock/index.ts';
import type { Outputs, Status } from '../control/protocol.ts';
import { cacheFolder, createEngines, freePort, openRun } from '../engines/index.ts';

const NAETMUL = join(import.meta.dirname, 'naetmul.js');
const BODY = '{"value":"30","type":"Tip 3"}';

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A temporary folder of its own shows what a bench leaves behind. */
let temporary: string;
let port: number;

beforeAll(async () => {
  temporary = mkdtempSync(join(tmpdir(), 'naetmul-cli-'));
  // As the system's own temporary folder: servers that run as another user must be able to pass.
  chmodSync(temporary, 0o755);
  port = await freePort();
});

afterAll(() => rmSync(temporary, { recursive: true, force: true }));

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, TMPDIR: temporary, NAETMUL_PORT: String(port), NO_COLOR: '1' };
}

async function naetmul(...args: string[]): Promise<Result> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [NAETMUL, ...args], { env: environment() });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

function isAlive(pid: number): boolean {
  try {
    // A zombie waits for its parent and runs no more.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function allGone(pids: readonly number[]): Promise<void> {
  const deadline = machine.monotonic() + 10_000;
  while (pids.some(isAlive)) {
    if (machine.monotonic() > deadline) throw new Error(`still alive: ${pids.filter(isAlive)}`);
    await machine.sleep(20);
  }
}

function pidsOf(status: Status): number[] {
  return Object.values(status.engines).flatMap((engine) => engine.pid ?? []);
}

/** What is left of runs: folders and notes. */
function leftovers(): string[] {
  return readdirSync(temporary, { recursive: true })
    .map(String)
    .filter((name) => /run-\d/.test(name));
}

/** A LocalStack that no bench has started; it ends with the test. */
async function foreignLocalStack() {
  const run = openRun(join(temporary, 'foreign'));
  const [engine] = createEngines();
  if (engine?.name !== 'localstack') throw new Error('LocalStack is the first engine.');
  const running = await engine.start({
    dataDir: run.dir,
    cacheDir: cacheFolder(),
    offline: true,
    progress: () => undefined,
    registerChild: (child) => run.addChild(child),
    signal: new AbortController().signal,
  });
  onTestFinished(async () => {
    await running.stop();
    run.close();
  });
  return running.endpoint;
}

async function bucketsOf(endpoint: string): Promise<unknown[]> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const s3 = new S3Client({ endpoint, region: 'ap-northeast-2', credentials, forcePathStyle: true });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  s3.destroy();
  return Buckets;
}

describe('a bench in the background', () => {
  let status: Status;

  beforeAll(async () => {
    const up = await naetmul('up', '--detach', '--mqtt-port', '0');
    expect(up).toMatchObject({ code: 0 });
    expect(up.stdout).toContain('naetmul is ready.');
    status = JSON.parse((await naetmul('status', '--json')).stdout);
  });

  test('tells programs where everything is', async () => {
    expect(status).toEqual({
      ready: true,
      customDomains: null,
      edge: `http://127.0.0.1:${port}`,
      mqtt: { host: expect.any(String), port: expect.any(Number), ca: expect.stringMatching(/ca\.pem$/) },
      opensearch: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      mysql: { host: '127.0.0.1', port: expect.any(Number), user: 'root', password: expect.any(String) },
      engines: {
        localstack: { source: 'native', version: '4.9.2', pid: expect.any(Number) },
        opensearch: { source: 'native', version: '2.19.6', pid: expect.any(Number) },
        mysql: { source: 'native', version: expect.any(String), pid: expect.any(Number) },
        mqtt: { source: 'inprocess', version: expect.any(String), pid: null },
      },
      kinesis: 'naetmul',
      pipelines: expect.arrayContaining(['ingest']),
    });
  });

  test('is posted to at the URL that outputs gives, and traces what was posted', async () => {
    const outputs: Outputs = JSON.parse((await naetmul('outputs', '--json')).stdout);
    const url = outputs.ingest?.Url ?? '';
    expect(url).toMatch(/\/PROD\/v1$/);
    const response = await fetch(url, { method: 'POST', body: BODY, headers: { 'content-type': 'application/json' } });
    const { SequenceNumber } = (await response.json()) as { SequenceNumber: string };
    await naetmul('clock', 'advance', '2m');
    const trace = await naetmul('trace', SequenceNumber);
    expect(trace).toMatchObject({ code: 0, stderr: '' });
    expect(trace.stdout).toMatch(/received.*accepted.*stored.*into object\/.*\/rawdata\//s);
    expect((await naetmul('trace', response.headers.get('x-amzn-requestid') ?? '')).stdout).toContain('stored');
    expect(await naetmul('check')).toMatchObject({ code: 0, stdout: '1 accepted = 1 stored\nThe books balance.\n' });
  });

  test('moves its clock', async () => {
    expect(await naetmul('clock', 'set', '2022-01-27T23:59:50+09:00')).toMatchObject({
      code: 0,
      stdout: '2022-01-27T14:59:50.000Z\n',
    });
    expect((await naetmul('clock', 'advance', '10s')).stdout).toBe('2022-01-27T15:00:00.000Z\n');
    expect(JSON.parse((await naetmul('clock', 'get', '--json')).stdout)).toMatchObject({ mode: 'held', locks: [] });
    expect((await naetmul('clock', 'real')).code).toBe(0);
  });

  test('says what was wrong with a command, and what to do', async () => {
    expect(await naetmul('clock', 'set', 'yesterday')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'error "yesterday" is not an instant.\n      Write ISO 8601 with an offset, such as 2022-01-27T05:48:25Z or 2022-01-27T14:48:25+09:00.\n',
    });
    expect(await naetmul('trace', 'nothing-like-this')).toMatchObject({ code: 2, stdout: '' });
    expect((await naetmul('logs', 'nobody')).stderr).toContain('There are: localstack, opensearch, mysql, mqtt');
    expect((await naetmul('frobnicate')).code).toBe(2);
    expect((await naetmul('up', '--stack', 'podman', '--port', '0')).code).toBe(2);
  });

  test('shows the logs of its servers', async () => {
    const { code, stdout } = await naetmul('logs', 'localstack', '--lines', '1000');
    expect(code).toBe(0);
    expect(stdout).toContain('Ready.');
  });

  test('a second bench on the same port is told who has it and how to choose another', async () => {
    const second = await naetmul('up');
    expect(second.code).toBe(4);
    expect(second.stderr).toMatch(new RegExp(`${port}.*\\(pid \\d+\\)`));
    expect(second.stderr).toContain('--port');
  });

  test('makes one more stack of a template, with other parameters, until it is removed', async () => {
    const template = join(import.meta.dirname, '../../services/ingest/template.yaml');
    const another = ['deploy', template, '--stack-name', 'another'];
    const deployed = await naetmul(...another, '--parameter', 'ShardCount=2', '--json');
    expect(deployed).toMatchObject({ code: 0, stderr: '' });
    const outputs: Outputs = JSON.parse((await naetmul('outputs', '--json')).stdout);
    expect(outputs.another).toEqual(JSON.parse(deployed.stdout));
    expect(outputs.another?.StreamName).toBe('another-stream');
    expect(outputs.ingest?.Url).not.toBe(outputs.another?.Url);
    const stacks = Object.keys(outputs);

    expect((await naetmul(...another)).stderr).toContain('There is a stack named "another" already.');
    const refused = await naetmul('deploy', template, '--stack-name', 'third', '--parameter', 'Shards=2');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('the template has no parameter Shards');
    expect((await naetmul('deploy', template, '--stack-name', '3rd')).stderr).toContain('a letter first');

    expect(await naetmul('undeploy', 'another')).toMatchObject({ code: 0, stdout: 'another is removed.\n' });
    const left: Outputs = JSON.parse((await naetmul('outputs', '--json')).stdout);
    expect(Object.keys(left)).toEqual(stacks.filter((name) => name !== 'another'));
    expect((await naetmul('undeploy', 'another')).stderr).toContain('No stack is named "another".');
  });

  test('takes a stack again that was just removed, though its queue may not have the name it had', async () => {
    const template = join(import.meta.dirname, '../../services/webhooks/template.yaml');
    const again = ['deploy', template, '--stack-name', 'again', '--parameter', 'Search=false'];
    for (let time = 0; time < 2; time++) {
      expect(await naetmul(...again)).toMatchObject({ code: 0 });
      expect(await naetmul('undeploy', 'again')).toMatchObject({ code: 0 });
    }
  });

  test('is as just started after a reset', async () => {
    expect((await naetmul('reset')).code).toBe(0);
    const outputs: Outputs = JSON.parse((await naetmul('outputs', '--json')).stdout);
    const response = await fetch(outputs.ingest?.Url ?? '', {
      method: 'POST',
      body: BODY,
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(200);
  });

  test('ends with nothing left running and no file left behind', async () => {
    expect(await naetmul('down')).toMatchObject({ code: 0 });
    await allGone(pidsOf(status));
    expect(leftovers()).toEqual([]);
    expect(await naetmul('status')).toMatchObject({ code: 3, stdout: '' });
    expect(JSON.parse((await naetmul('status', '--json')).stdout)).toMatchObject({ ready: false, engines: {} });
  });
});

describe('a bench that ends in other ways', () => {
  /** Boots in the foreground and waits until it is ready. */
  async function boot() {
    const child = spawn(process.execPath, [NAETMUL, 'up', '--mqtt-port', '0'], { env: environment() });
    let text = '';
    child.stderr.on('data', (chunk) => {
      text += chunk;
    });
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    while (!text.includes('naetmul is ready.')) {
      const [, ended] = await Promise.race([
        once(child.stdout, 'data').then(() => [] as const),
        once(child, 'exit').then(() => [undefined, true] as const),
      ]);
      if (ended) throw new Error(`it ended while starting:\n${text}`);
    }
    const status: Status = JSON.parse((await naetmul('status', '--json')).stdout);
    return { child, status, exit: once(child, 'exit') };
  }

  test.each(['SIGINT', 'SIGTERM'] as const)('by %s leaves no process and no file', async (signal) => {
    const { child, status, exit } = await boot();
    child.kill(signal);
    expect(await exit).toEqual([0, null]);
    await allGone(pidsOf(status));
    expect(leftovers()).toEqual([]);
  });

  test('by kill -9 is cleaned up by the next start', async () => {
    const first = await boot();
    first.child.kill('SIGKILL');
    await first.exit;
    const second = await boot();
    await allGone(pidsOf(first.status));
    second.child.kill('SIGTERM');
    await second.exit;
    expect(leftovers()).toEqual([]);
  });

  test('by Ctrl-C in the middle of starting leaves no process and no file', async () => {
    const child = spawn(process.execPath, [NAETMUL, 'up', '--mqtt-port', '0'], { env: environment() });
    const exit = once(child, 'exit');
    await once(child.stderr, 'data');
    child.kill('SIGINT');
    expect(await exit).toEqual([130, null]);
    expect(leftovers()).toEqual([]);
  });

  test('with a LocalStack that somebody else runs leaves none of its resources there', async () => {
    const localstack = await foreignLocalStack();
    expect((await naetmul('up', '--detach', '--mqtt-port', '0', '--engine', `localstack=${localstack}`)).code).toBe(0);
    const status: Status = JSON.parse((await naetmul('status', '--json')).stdout);
    expect(status.engines.localstack).toMatchObject({ source: 'external', pid: null });
    expect(await bucketsOf(localstack)).not.toEqual([]);
    expect((await naetmul('down')).code).toBe(0);
    expect(await bucketsOf(localstack)).toEqual([]);
  });

  test('because port 4566 is taken says so before any server is started', async () => {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    const result = await naetmul('up');
    server.close();
    expect(result.code).toBe(4);
    expect(result.stderr).toContain(String(port));
    expect(result.stderr).not.toContain('starting');
  });
});
