import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  createEngines,
  engineContext,
  freePort,
  localstackTool,
  openRun,
  type RunningEngine,
} from '../../../harness/engines/index.ts';
import { handler } from '../worker/handler.ts';

const SERVICE = new URL('../', import.meta.url);
const AWS = { AWS_REGION: 'ap-northeast-2', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

let run: ReturnType<typeof openRun>;
let localstack: RunningEngine;
let mysql: RunningEngine;
let sqs: SQSClient;
let queueUrl: string;
let settings: Record<string, string>;
let api: Api;

async function boot(name: 'localstack' | 'mysql'): Promise<RunningEngine> {
  const engine = createEngines({ stack: 'native' }).find((each) => each.name === name);
  if (engine === undefined) throw new Error(`there is no engine named ${name}`);
  const { signal } = new AbortController();
  return engine.start(engineContext(name, run, { offline: false, signal, progress: () => undefined }));
}

beforeAll(async () => {
  run = openRun();
  [localstack, mysql] = await Promise.all([boot('localstack'), boot('mysql')]);
  sqs = new SQSClient({
    endpoint: localstack.endpoint,
    region: AWS.AWS_REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    useQueueUrlAsEndpoint: false,
  });
  queueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: 'event-message-queue' }))).QueueUrl ?? '';
  const admin = await createConnection(mysql.endpoint);
  await admin.query('CREATE DATABASE event_db');
  await admin.query('USE event_db');
  for (const file of (await readdir(new URL('sql/', SERVICE))).sort()) {
    await admin.query(await readFile(new URL(`sql/${file}`, SERVICE), 'utf8'));
  }
  admin.destroy();
  const { hostname, port, username, password } = new URL(mysql.endpoint);
  settings = {
    ...AWS,
    AWS_ENDPOINT_URL: localstack.endpoint,
    AWS_SQS_URL: queueUrl,
    AWS_RDS_URL: hostname,
    AWS_RDS_PORT: port,
    AWS_RDS_ID: username,
    AWS_RDS_PASSWORD: password,
    AWS_RDS_DBNAME: 'event_db',
  };
  Object.assign(process.env, settings);
  api = await startApi();
});

afterAll(async () => {
  api?.process.kill('SIGKILL');
  sqs?.destroy();
  await Promise.all([localstack?.stop(), mysql?.stop()]);
  run?.close();
});

interface Api {
  readonly process: ChildProcess;
  readonly url: string;
  readonly lines: Record<string, unknown>[];
}

/** The API server as a process, as a container or the bench runs it. */
async function startApi(changes: Record<string, string> = {}): Promise<Api> {
  const child = spawn(process.execPath, ['api/main.ts'], {
    cwd: SERVICE,
    env: { PATH: process.env.PATH, ...settings, PORT: '0', ...changes },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  run.addChild({ pid: child.pid ?? 0, name: 'collector-api' });
  const lines: Record<string, unknown>[] = [];
  const listening = Promise.withResolvers<string>();
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output }).on('line', (text) => {
      const line = JSON.parse(text);
      lines.push(line);
      if (line.message === 'The API server listens') listening.resolve(`http://127.0.0.1:${line.port}`);
    });
  }
  child.on('exit', () => listening.reject(new Error(`the API server ended: ${JSON.stringify(lines)}`)));
  return { process: child, url: await listening.promise, lines };
}

async function ask(method: string, path: string, body?: string, { url } = api) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await answer.text();
  return { status: answer.status, text, json: JSON.parse(text) };
}

/** Takes messages out of the queue and hands them to the worker, as Lambda does, until none is left. */
async function work(): Promise<Message[]> {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  onTestFinished(() => void vi.restoreAllMocks());
  const all: Message[] = [];
  for (;;) {
    const receive = new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 });
    const { Messages = [] } = await sqs.send(receive);
    if (Messages.length === 0) return all;
    all.push(...Messages);
    const Records = Messages.map(({ MessageId = '', Body = '' }) => ({ messageId: MessageId, body: Body }));
    expect(await handler({ Records })).toEqual({ batchItemFailures: [] });
    const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: String(n), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

async function everyday(): Promise<string[]> {
  const folder = new URL('../../fixtures/collector/', SERVICE);
  const text = await readFile(new URL('everyday.jsonl', folder), 'utf8');
  const workshop = await readFile(new URL('workshop.json', folder), 'utf8');
  return [workshop, ...text.split('\n').filter((line) => line !== '')];
}

test('what is posted to either address is found again by each of the three searches', async () => {
  const bodies = await everyday();
  const answers = await Promise.all(
    bodies.map((body, n) => ask('POST', n % 2 === 0 ? '/api/collect' : '/api/event', body)),
  );
  for (const { status, text } of answers) expect([status, text]).toEqual([200, '{"is_success":"true"}']);
  expect(await work()).toHaveLength(bodies.length);

  for (const body of bodies) {
    const { user_id, ...sent } = { parameters: null, ...JSON.parse(body) };
    const byBody = await ask('POST', '/api/search', JSON.stringify({ user_id }));
    const byQuery = await ask('GET', `/api/event?user_id=${encodeURIComponent(user_id)}`);
    const byPath = await ask('GET', `/api/event/${encodeURIComponent(user_id)}`);
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(byBody.json).toContainEqual({ ...sent, event_datetime: time });
    expect(Object.keys(byBody.json[0])).toEqual(['event_id', 'event', 'event_datetime', 'parameters']);
    expect(byQuery.text).toBe(byBody.text);
    expect(byPath.text).toBe(byBody.text);
  }
});

test('what SQS takes in no message as it is, is found as it was sent', async () => {
  const odd = { event_id: 'odd\ufffe\uffff', event: '\u0001\u007f\u2028.', user_id: 'odd user', parameters: null };
  expect((await ask('POST', '/api/collect', JSON.stringify(odd))).status).toBe(200);
  await work();
  const { json } = await ask('GET', '/api/event/odd%20user');
  expect(json).toMatchObject([{ event_id: odd.event_id, event: odd.event }]);
});

test('an event that is sent twice is found once', async () => {
  const body = JSON.stringify({ event_id: 'twice', event: 'purchase', user_id: 'u-twice', parameters: null });
  await Promise.all([ask('POST', '/api/collect', body), ask('POST', '/api/event', body)]);
  expect(await work()).toHaveLength(2);
  expect((await ask('GET', '/api/event/u-twice')).json).toHaveLength(1);
});

test('two hundred events at once all come through', async () => {
  const bodies = Array.from({ length: 200 }, (_, n) =>
    JSON.stringify({ event_id: `many-${n}`, event: 'page_view', user_id: 'u-many', parameters: null }),
  );
  const answers = await Promise.all(bodies.map((body) => ask('POST', '/api/collect', body)));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  await work();
  expect((await ask('GET', '/api/event/u-many')).json).toHaveLength(200);
});

describe('the description', () => {
  test('is true of what the server answers', async () => {
    const { json: description } = await ask('GET', '/openapi.json');
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    ajv.addSchema(description, 'openapi.json');
    const exchanges: [method: string, path: string, described: string, body?: string][] = [
      ...(await everyday()).map((body): [string, string, string, string] => [
        'POST',
        '/api/collect',
        '/api/collect',
        body,
      ]),
      ['POST', '/api/event', '/api/event', '{"event_id":1}'],
      ['POST', '/api/collect', '/api/collect', 'x'.repeat(300_000)],
      ['POST', '/api/search', '/api/search', '{"user_id":"string"}'],
      ['POST', '/api/search', '/api/search', '{}'],
      ['GET', '/api/event?user_id=string', '/api/event'],
      ['GET', '/api/event', '/api/event'],
      ['GET', '/api/event/string', '/api/event/{user_id}'],
      ['GET', '/api/event/nobody', '/api/event/{user_id}'],
      ['GET', '/api/event/u%20', '/api/event/{user_id}'],
      ['GET', '/health', '/health'],
    ];
    const seen = new Set<number>();
    for (const [method, path, described, body] of exchanges) {
      const { status, json } = await ask(method, path, body);
      const responses = ['paths', described, method.toLowerCase(), 'responses', String(status)];
      const response = resolve(description, responses);
      const validate = ajv.compile({ $ref: `openapi.json#/${response}/content/application~1json/schema` });
      expect(validate(json), `${method} ${path}: ${status} ${ajv.errorsText(validate.errors)}`).toBe(true);
      seen.add(status);
    }
    expect([...seen].sort()).toEqual([200, 400, 413]);
  });

  test('of an event agrees with what the server takes', async () => {
    const { json: description } = await ask('GET', '/openapi.json');
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema(description, 'openapi.json');
    const isEvent = ajv.compile({ $ref: 'openapi.json#/components/schemas/Event' });
    const good = { event_id: 'agreed', event: 'x', user_id: 'u-agreed', parameters: null };
    const bodies: unknown[] = [
      good,
      { ...good, parameters: { order_id: '', currency: '', price: 0 } },
      { ...good, parameters: { order_id: '', currency: '' } },
      { ...good, event_id: '' },
      { ...good, event: '💧'.repeat(255) },
      { ...good, event: '💧'.repeat(256) },
      { ...good, user_id: null },
      { ...good, more: 1 },
      [good],
    ];
    for (const body of bodies) {
      const { status } = await ask('POST', '/api/collect', JSON.stringify(body));
      expect(status === 200, JSON.stringify(body)).toBe(isEvent(body));
    }
  });
});

/** The place of a response in the description, as a JSON pointer's inside; a reference is followed. */
function resolve(description: unknown, keys: string[]): string {
  // biome-ignore lint/suspicious/noExplicitAny: the tests that follow find out what it is.
  const response = keys.reduce((value: any, key) => value?.[key], description);
  if (response === undefined) throw new Error(`nothing describes ${keys.join(' ')}`);
  if (response.$ref !== undefined) return response.$ref.slice(2);
  return keys.map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
}

describe('a server whose queue or database is away', () => {
  test('says so to the caller, in time, and to the log', async () => {
    const dead = await freePort();
    const lonely = await startApi({ AWS_ENDPOINT_URL: `http://127.0.0.1:${dead}`, AWS_RDS_PORT: String(dead) });
    onTestFinished(() => void lonely.process.kill('SIGKILL'));
    const body = '{"event_id":"e","event":"x","user_id":"u","parameters":null}';
    const [collected, found] = await Promise.all([
      ask('POST', '/api/collect', body, lonely),
      ask('GET', '/api/event/u', undefined, lonely),
    ]);
    expect(collected).toMatchObject({
      status: 503,
      json: { is_success: 'false', reason: expect.stringMatching(/^The queue cannot be reached\. /) },
    });
    expect(found).toMatchObject({
      status: 503,
      json: { is_success: 'false', reason: 'The database cannot be reached. Try again later.' },
    });
    await expect.poll(() => lonely.lines.filter(({ level }) => level === 'error')).toHaveLength(2);
    expect(JSON.stringify(lonely.lines)).toContain('ECONNREFUSED');
  });

  test('says that a queue that is not there cannot take the event', async () => {
    const lost = await startApi({ AWS_SQS_URL: `${queueUrl}-not-there` });
    onTestFinished(() => void lost.process.kill('SIGKILL'));
    const body = '{"event_id":"e","event":"x","user_id":"u","parameters":null}';
    const { status, json } = await ask('POST', '/api/collect', body, lost);
    expect([status, json.reason]).toEqual([
      503,
      'The queue cannot take the event now. It was not accepted; send it again.',
    ]);
    await expect.poll(() => JSON.stringify(lost.lines)).toContain('QueueDoesNotExist');
  });
});

describe('a server that is told to end', () => {
  test('answers what it has taken, takes no more, and ends without an error', async () => {
    const ending = await startApi();
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const posts = Array.from({ length: 30 }, (_, n) => {
      const posting = request(`${ending.url}/api/collect`, {
        agent,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      });
      const status = once(posting, 'response').then(([answer]) => {
        answer.resume();
        return answer.statusCode;
      });
      posting.write(`{"event_id":"last-${n}","event":"x",`);
      return { posting, status };
    });
    // All of them have reached the server before it is told to end.
    await Promise.all(posts.map(({ posting }) => once(posting, 'socket')));
    expect((await ask('GET', '/health', undefined, ending)).status).toBe(200);
    const ended = once(ending.process, 'exit');
    ending.process.kill('SIGTERM');
    await expect.poll(() => ending.lines.map(({ message }) => message)).toContain('The API server ends');
    for (const { posting } of posts) posting.end('"user_id":"u-last","parameters":null}');
    expect(new Set(await Promise.all(posts.map(({ status }) => status)))).toEqual(new Set([200]));
    expect(await ended).toEqual([0, null]);
    await expect(ask('GET', '/health', undefined, ending)).rejects.toThrow();
    await work();
    expect((await ask('GET', '/api/event/u-last')).json).toHaveLength(30);
  });

  test('does not wait for connections on which nothing is asked', async () => {
    const idle = await startApi();
    const unused = connect(Number(new URL(idle.url).port), '127.0.0.1');
    onTestFinished(() => void unused.destroy());
    await once(unused, 'connect');
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const [answer] = await once(request(`${idle.url}/health`, { agent }).end(), 'response');
    answer.resume();
    await once(answer, 'end');
    const ended = once(idle.process, 'exit');
    idle.process.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(JSON.stringify(idle.lines)).not.toContain('in time');
  });
});

test('a server without configuration says what is missing and ends', async () => {
  await expect(startApi({ AWS_SQS_URL: '', AWS_RDS_PASSWORD: '' })).rejects.toThrow(
    'AWS_SQS_URL is missing. AWS_RDS_PASSWORD is missing. Set it in the environment',
  );
});

test('cfn-lint accepts the template', async () => {
  const template = fileURLToPath(new URL('template.yaml', SERVICE));
  const { stdout } = await promisify(execFile)(localstackTool('cfn-lint'), ['--format', 'parseable', template]);
  expect(stdout).toBe('');
});
