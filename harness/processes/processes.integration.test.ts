// biome-ignore-all lint/suspicious/noTemplateCurlyInString: compose writes variables as JavaScript's templates do.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMirror } from '../clock/index.ts';
import { ask } from '../engines/http.ts';
import { groupIsAlive } from '../engines/identity.ts';
import { findNginx, loadProcesses, type RunningProcesses, type StartOptions, startProcesses } from './index.ts';

const INSTANT = Date.parse('2022-01-27T14:48:25.123Z');

/** A service that says what it sees, and dies when told to. */
const SERVER = `
import { createServer } from 'node:http';
if (process.env.QUEUE === 'broken') { console.error('no such queue: broken'); process.exit(7); }
createServer((request, response) => {
  console.log(request.method, request.url);
  if (request.url === '/die') process.exit(1);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ env: process.env, headers: request.headers, now: new Date().toISOString(), cwd: process.cwd() }));
}).listen(process.env.PORT, process.env.HOST, () => console.log('listening on', process.env.PORT));
`;
const COMPOSE = `
services:
  api:
    build: .
    command: [node, server.mjs]
    restart: unless-stopped
    environment:
      PORT: 3000
      QUEUE: \${QueueUrl:?deploy the template first}
      MODE: \${Mode:-quiet}
  nginx:
    image: nginx:1.29-alpine
    depends_on: [api]
    restart: unless-stopped
    environment:
      UPSTREAM: api:3000
    volumes: ['./nginx:/etc/nginx/templates:ro']
    ports: ['8080:8080']
`;
const TEMPLATE = `
# The public face.
server {
  listen 8080;
  location / {
    proxy_pass http://\${UPSTREAM};
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Asked-For $host;
  }
}
`;

/** A busy machine may take its time over a new process. */
const PATIENT = { timeout: 10_000 };

let root: string;
let folder: string;
let pids: number[];
let told: string[];
let noted: string[];
let running: RunningProcesses | undefined;
let blocker: Server | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'naetmul-test-'));
  // As the folder of a run: servers of another user may pass through.
  chmodSync(root, 0o711);
  folder = join(root, 'shop');
  mkdirSync(join(folder, 'nginx'), { recursive: true });
  writeFileSync(join(folder, 'server.mjs'), SERVER);
  writeFileSync(join(folder, 'compose.yaml'), COMPOSE);
  writeFileSync(join(folder, 'nginx', 'default.conf.template'), TEMPLATE);
  pids = [];
  told = [];
  noted = [];
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  blocker?.close();
  rmSync(root, { recursive: true, force: true });
});

function options(more: Partial<StartOptions> = {}): StartOptions {
  const mirror = createMirror(join(root, 'clock'));
  mirror.show(INSTANT);
  mirror.close();
  const note = (message: string) => void noted.push(message);
  return {
    values: { QueueUrl: 'http://queue/1' },
    edgeUrl: 'http://127.0.0.1:4566',
    region: 'ap-northeast-2',
    clockFile: join(root, 'clock'),
    publicPort: 0,
    runDir: join(root, 'run'),
    signal: new AbortController().signal,
    log: { info: note, warn: note, error: note },
    registerChild: ({ pid }) => void pids.push(pid),
    progress: (component, message) => void told.push(`${component}: ${message}`),
    ...more,
  };
}

async function start(more: Partial<StartOptions> = {}): Promise<RunningProcesses> {
  const plan = (await loadProcesses(folder)) ?? expect.unreachable('there is a compose.yaml');
  running = await startProcesses(plan, options(more));
  return running;
}

const withoutNginx: Partial<StartOptions> = { findNginx: async () => undefined };

// biome-ignore lint/suspicious/noExplicitAny: what the fixture answers.
const get = async (url: string): Promise<any> => JSON.parse((await ask(url)).body);

async function failure(starting: Promise<unknown>): Promise<Error & { code: string; remedy: string }> {
  return starting.then(
    () => expect.unreachable('it fails'),
    (error: Error & { code: string; remedy: string }) => error,
  );
}

test('without nginx the API server answers at the public port, and it is said', async () => {
  const started = await start(withoutNginx);
  const { url } = started;
  expect(started.servedBy).toBe('api');
  expect(told).toEqual([`shop: there is no nginx on the PATH: api itself answers at ${url}`]);
  const { env, now, cwd } = await get(url);
  expect(env).toMatchObject({ QUEUE: 'http://queue/1', MODE: 'quiet', PORT: new URL(url).port, HOST: '127.0.0.1' });
  expect(env).toMatchObject({ AWS_ENDPOINT_URL: 'http://127.0.0.1:4566', AWS_ACCESS_KEY_ID: 'test', TZ: 'UTC' });
  expect(env.VITEST).toBeUndefined();
  expect(now).toBe('2022-01-27T14:48:25.123Z');
  expect(cwd).toBe(folder);
  expect(started.list()).toEqual([{ name: 'shop-api', pid: pids[0] }]);
});

test('an nginx that is there stands before the API server, else the API server answers itself', async () => {
  const nginx = await findNginx();
  const started = await start();
  const { headers, env } = await get(`${started.url}/path?query=%EB%83%87%EB%AC%BC`);
  if (nginx === undefined) {
    expect(started.servedBy).toBe('api');
    expect(env.PORT).toBe(new URL(started.url).port);
    return;
  }
  expect(started.servedBy).toBe('nginx');
  expect(told).toEqual([`shop: nginx ${nginx.version} answers at ${started.url}`]);
  expect(env.PORT).not.toBe(new URL(started.url).port);
  expect(headers).toMatchObject({ 'x-real-ip': '127.0.0.1', 'x-asked-for': '127.0.0.1' });
  const lines = (name: string) => started.logs()[name]?.join('\n');
  await expect.poll(() => lines('shop-api'), PATIENT).toContain('GET /path?query=%EB%83%87%EB%AC%BC');
  await expect.poll(() => lines('shop-nginx'), PATIENT).toContain('"GET /path?query=%EB%83%87%EB%AC%BC HTTP/1.1" 200');
  expect(lines('shop-nginx')).not.toContain('alert');
  expect(readdirSync(join(root, 'run', 'shop-nginx', 'tmp'))).toContain('client_body');
});

test('when the API server dies it comes back at the same address, also behind nginx', async () => {
  const { url } = await start();
  await ask(`${url}/die`).catch(() => undefined);
  await expect.poll(() => noted, PATIENT).toEqual(['shop-api ended by itself (exit code 1)', 'shop-api is back']);
  expect((await get(url)).env.QUEUE).toBe('http://queue/1');
});

test('new values of the stack reach the processes, at the same address; the same ones change nothing', async () => {
  const started = await start();
  const before = started.list();
  await started.update({ QueueUrl: 'http://queue/1' });
  expect(started.list()).toEqual(before);
  await started.update({ QueueUrl: 'http://queue/2', Mode: 'loud' });
  expect((await get(started.url)).env).toMatchObject({ QUEUE: 'http://queue/2', MODE: 'loud' });
  expect(noted).toEqual([]);
});

test('a process that is killed on purpose is one that there is', async () => {
  const started = await start(withoutNginx);
  await started.kill('shop-api');
  await expect.poll(() => noted, PATIENT).toEqual(['shop-api ended by itself (SIGKILL)', 'shop-api is back']);
  await expect(started.kill('shop-db')).rejects.toThrow('There is no running process named "shop-db".');
});

test('a stop leaves no process', async () => {
  const started = await start();
  await Promise.all([started.stop(), started.stop()]);
  expect(pids.length).toBeGreaterThan(0);
  expect(pids.filter(groupIsAlive)).toEqual([]);
  await expect(ask(started.url)).rejects.toThrow('ECONNREFUSED');
});

test('a process that dies while starting says why, and leaves nothing', async () => {
  const error = await failure(start({ values: { QueueUrl: 'broken' } }));
  expect(error.code).toBe('SERVER_NOT_STARTED');
  expect(error.message).toBe(
    'shop-api ended while it was starting (exit code 7). Its last lines:\n  no such queue: broken',
  );
  expect(pids.filter(groupIsAlive)).toEqual([]);
});

test('a value that the file requires and the stack does not have is named', async () => {
  const error = await failure(start({ values: {} }));
  expect(error.code).toBe('COMPOSE_VARIABLE');
  expect(error.message).toContain(
    'compose.yaml:9: services.api.environment.QUEUE: QueueUrl is required, and has no value: deploy the template first.',
  );
  expect(pids).toEqual([]);
});

test('a configuration that nginx does not take is shown with its words', async () => {
  const nginx = await findNginx();
  writeFileSync(join(folder, 'nginx', 'default.conf.template'), TEMPLATE.replace('proxy_pass', 'proxy_past'));
  if (nginx === undefined) {
    expect((await start()).servedBy).toBe('api');
    return;
  }
  const error = await failure(start());
  expect(error.code).toBe('SERVER_NOT_STARTED');
  expect(error.message).toContain('unknown directive "proxy_past"');
  expect(pids.filter(groupIsAlive)).toEqual([]);
});

test('a public port that is taken is an error that names who has it', async () => {
  blocker = createServer();
  await new Promise<void>((resolve) => blocker?.listen(0, '127.0.0.1', resolve));
  const { port } = blocker.address() as { port: number };
  const error = await failure(start({ publicPort: port }));
  expect(error.code).toBe('PORT_TAKEN');
  expect(error.message).toMatch(`Port ${port}, wanted for the service shop, is taken by`);
  expect(error.remedy).toContain('--service-port shop=0');
  expect(pids).toEqual([]);
});

test('an aborted start leaves nothing', async () => {
  const abort = new AbortController();
  const registerChild: StartOptions['registerChild'] = ({ pid }) => {
    pids.push(pid);
    abort.abort(new Error('enough'));
  };
  await expect(start({ signal: abort.signal, registerChild })).rejects.toThrow('enough');
  expect(pids.filter(groupIsAlive)).toEqual([]);
});

test("everything that is printed is in the run's folder as well", async () => {
  const started = await start(withoutNginx);
  await started.stop();
  expect(readFileSync(join(root, 'run', 'shop-api.log'), 'utf8')).toContain('listening on');
});
