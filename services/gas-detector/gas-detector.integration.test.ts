import { execFile, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { AttachPolicyCommand, CreateKeysAndCertificateCommand, IoTClient } from '@aws-sdk/client-iot';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRandom } from '../../harness/clock/index.ts';
import { type Deployed, deploy, loadTemplate } from '../../harness/deploy/index.ts';
import { type TestEdge, testEdge } from '../../harness/edge/testing.ts';
import { createEmulators, type Emulators } from '../../harness/emulators/index.ts';
import type { RunningEngine } from '../../harness/engines/engine.ts';
import { localstackTool } from '../../harness/engines/index.ts';
import { nativeLocalStack } from '../../harness/engines/localstack/index.ts';
import { mqttBroker, type RunningMqtt } from '../../harness/engines/mqtt/index.ts';
import { nativeOpenSearch } from '../../harness/engines/opensearch/index.ts';
import { startEngine } from '../../harness/engines/testing.ts';
import { FaultPlan } from '../../harness/faults/index.ts';
import { aDay } from './devices/day.ts';
import { idOf, WARNING_FROM } from './handler/reading.ts';

const DEFAULTS = { region: 'ap-northeast-2', accountId: '000000000000' } as const;
const TEMPLATE = fileURLToPath(new URL('template.yaml', import.meta.url));
const FIXTURES = new URL('../../fixtures/gas-detector/', import.meta.url);
const AWAY = 'failure: unavailable: OpenSearch is away; the reading is kept and will be stored when it is back';
const WARNING = { warning: 'no2 warning' };
const SUCCESS = { msg: 'success' };

let dataDir: string;
let localstack: RunningEngine;
let openSearch: RunningEngine;
let mqtt: RunningMqtt;
let edge: TestEdge;
let emulators: Emulators;
let stack: Deployed;
let workshop: Record<string, Record<string, string>>;
/** OpenSearch is, for the domains, not there. */
let away = false;
const faults = new FaultPlan();
const devices: MqttClient[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'naetmul-gas-'));
  workshop = JSON.parse(await readFile(new URL('workshop.json', FIXTURES), 'utf8'));
  [localstack, openSearch, mqtt] = await Promise.all([
    startEngine(nativeLocalStack(), join(dataDir, 'localstack')),
    startEngine(nativeOpenSearch(), join(dataDir, 'opensearch')),
    startEngine(mqttBroker({ port: 0 }), join(dataDir, 'mqtt')) as Promise<RunningMqtt>,
  ]);
  edge = await testEdge({ upstream: () => localstack.endpoint, defaults: DEFAULTS });
  const context = {
    clock: edge.clock,
    random: createRandom('gas detector'),
    ledger: { append: () => 0 },
    aws: edge.edge.access,
    log: { info() {}, warn() {}, error() {} },
    defaults: DEFAULTS,
  };
  const contextOf = (name: string) => ({ ...context, dataDir: mkdtempSync(join(dataDir, `${name}-`)) });
  emulators = createEmulators(contextOf, {
    edgeUrl: () => edge.url,
    faults,
    sqlServer: () => undefined,
    openSearchServer: () => (away ? undefined : { url: openSearch.endpoint }),
  });
  emulators.broker.attach(mqtt);
  for (const emulator of emulators.all) edge.edge.register(emulator);
  stack = await deploy(await loadTemplate(TEMPLATE), {
    name: 'gas-detector',
    aws: edge.edge.access,
    ...DEFAULTS,
    progress: () => undefined,
    urlFor: (apiId, stage) => `${edge.url}/_aws/execute-api/${apiId}/${stage}`,
  });
});

afterEach(async () => {
  away = false;
  faults.clear();
  for (const device of devices.splice(0)) await device.endAsync(true);
});

afterAll(async () => {
  for (const emulator of emulators?.all ?? []) await emulator.stop?.();
  await edge?.[Symbol.asyncDispose]();
  await Promise.all([localstack?.stop(), openSearch?.stop(), mqtt?.stop()]);
  await rm(dataDir, { recursive: true, force: true });
});

const output = (name: string) => stack.outputs[name] ?? '';
let readings = 0;

/** A reading that nobody has posted before. */
function reading(no2?: unknown): Record<string, unknown> {
  const value = no2 === undefined ? '52.00' : no2;
  return { ...workshop, groupid: `test-${++readings}`, no2: { ...workshop.no2, value } };
}

async function post(body: unknown, contentType = 'application/json') {
  const response = await fetch(output('Url'), {
    method: 'POST',
    headers: { 'content-type': contentType },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, answer: await response.json() };
}

/** The files of a device whose certificate has the stack's policy. */
async function newDevice() {
  const iot = edge.edge.access.client(IoTClient, DEFAULTS.region);
  const made = await iot.send(new CreateKeysAndCertificateCommand({ setAsActive: true }));
  const policyName = output('DevicePolicyName');
  await iot.send(new AttachPolicyCommand({ policyName, target: made.certificateArn }));
  return { ca: await readFile(mqtt.caFile), cert: made.certificatePem ?? '', key: made.keyPair?.PrivateKey ?? '' };
}

/** A device that listens; `heard` is every message so far. */
async function listener(clientId: string, clean = true, credentials = newDevice()) {
  const { host, port } = mqtt;
  const heard: unknown[] = [];
  const client = await connectAsync({
    ...(await credentials),
    protocol: 'mqtts',
    host,
    port,
    clientId,
    clean,
    reconnectPeriod: 0,
  });
  devices.push(client);
  client.on('message', (topic, payload) => heard.push([topic, JSON.parse(payload.toString())]));
  await client.subscribeAsync(output('Topic'), { qos: 1 });
  return { client, heard };
}

const onPi1 = (...messages: object[]) => messages.map((message) => ['pi/1', message]);
const SOON = { timeout: 20_000, interval: 50 };

/** The document of a reading, as OpenSearch has it; undefined when there is none. */
async function stored(posted: Record<string, unknown>): Promise<Record<string, unknown> | undefined> {
  const response = await fetch(`${openSearch.endpoint}/gasdetect/_doc/${idOf(posted)}`);
  return ((await response.json()) as { _source?: Record<string, unknown> })._source;
}

async function search(body: object) {
  await fetch(`${openSearch.endpoint}/gasdetect/_refresh`, { method: 'POST' });
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came back.
  return (await (await fetch(`${openSearch.endpoint}/gasdetect/_search`, init)).json()) as any;
}

test('cfn-lint accepts the template', async () => {
  const { stdout } = await promisify(execFile)(localstackTool('cfn-lint'), ['--format', 'parseable', TEMPLATE]);
  expect(stdout).toBe('');
});

test('the stack has the outputs that its users rely on', () => {
  const queue = (name: string) => expect.stringMatching(new RegExp(`^http://\\S+/000000000000/${name}$`));
  expect(stack.outputs).toEqual({
    Url: expect.stringMatching(/^http:\/\/\S+\/PROD\/gasdetector$/),
    ApiId: expect.stringMatching(/^[a-z0-9]{10}$/),
    StageName: 'PROD',
    FunctionName: 'gasdetector_api',
    WaitingFunctionName: 'gasdetector_waiting',
    WaitingQueueUrl: queue('gasdetector-waiting-queue'),
    WaitingDeadLetterQueueUrl: queue('gasdetector-waiting-dead-letter-queue'),
    Topic: 'pi/1',
    DevicePolicyName: 'gas-detector-device',
    DomainName: 'gasdetect',
    DomainEndpoint: expect.stringContaining('gasdetect'),
    IndexName: 'gasdetect',
  });
});

describe('a post', () => {
  test('is heard by every device and stored as it was posted, with the time', async () => {
    const [one, two] = await Promise.all([listener('pi-1'), listener('pi-2')]);
    const posted = reading();
    const before = Date.now();
    expect(await post(posted)).toEqual({ status: 200, answer: SUCCESS });
    const { date, ...document } = (await stored(posted)) ?? {};
    expect(document).toEqual(posted);
    expect(new Date(String(date)).toISOString()).toBe(date);
    expect(Date.parse(String(date))).toBeGreaterThanOrEqual(before);
    for (const { heard } of [one, two]) await vi.waitFor(() => expect(heard).toEqual(onPi1(SUCCESS)), SOON);
  });

  test('from 88 on also makes a warning, which comes to whoever was away and has a session', async () => {
    const credentials = newDevice();
    const offline = await listener('pi-offline', false, credentials);
    await offline.client.endAsync();
    const { heard } = await listener('pi-1');
    for (const value of ['87.99', '88', '88.0', 88, '1e3']) expect((await post(reading(value))).status).toBe(200);
    const rank = (message: unknown) => JSON.stringify(message);
    const expected = [...Array(5).fill(SUCCESS), ...Array(4).fill(WARNING)].map(rank).sort();
    const all = (list: unknown[]) => (list as [string, object][]).map(([, message]) => rank(message)).sort();
    await vi.waitFor(() => expect(all(heard)).toEqual(expected), SOON);
    const back = await listener('pi-offline', false, credentials);
    await vi.waitFor(() => expect(all(back.heard)).toEqual(expected), SOON);
  });

  test('of the same reading again is stored once, with its first date', async () => {
    const posted = reading('90');
    await post(posted);
    const first = await stored(posted);
    const { groupid, ...rest } = posted;
    expect(await post({ ...rest, groupid })).toEqual({ status: 200, answer: SUCCESS });
    expect(await stored(posted)).toEqual(first);
    const { hits } = await search({ query: { term: { 'groupid.keyword': groupid } } });
    expect(hits.total.value).toBe(1);
  });

  test.each([
    ['no JSON', '{"groupid":"2",', 'the body is not JSON'],
    ['a form', "it's=a&form=\\", 'the body is not JSON'],
    ['nothing', '', 'co is missing; no2 is missing; c2h5oh is missing; h2 is missing'],
    ['a list', '[1]', 'the body is not a JSON object'],
    ['no NO₂', () => ({ ...reading(), no2: undefined }), 'no2 is missing'],
    ['null', () => reading(null), 'no2.value is not a number: null'],
    ['a word', () => reading('다섯'), 'no2.value is not a number: "다섯"'],
    [
      'quotes and control characters',
      () => reading('\'"\\\n\u0001'),
      'no2.value is not a number: "\'\\"\\\\\\n\\u0001"',
    ],
    ['NaN', () => reading('NaN'), 'no2.value is not a number: "NaN"'],
    [
      'a place that is no text',
      () => ({ ...reading(), gps: { lat: 1 } }),
      'failed to parse field [gps] of type [text]',
    ],
  ])('of %s is answered with 400, and the devices hear the same', async (_what, body, reason) => {
    const { heard } = await listener('pi-1');
    const answer = { msg: `failure: bad reading: ${reason}` };
    expect(await post(typeof body === 'function' ? body() : body)).toEqual({ status: 400, answer });
    await vi.waitFor(() => expect(heard).toEqual(onPi1(answer)), SOON);
  });

  test('of every character arrives as it is', async () => {
    const codes = Array.from({ length: 0x250 }, (_none, code) => code);
    const note = `${String.fromCharCode(...codes)}냇물 💧 \u2028\u2029`;
    const posted = { ...reading(), note, [`it's "${note.slice(32, 127)}"`]: "\\'" };
    expect((await post(posted)).status).toBe(200);
    expect(await stored(posted)).toMatchObject(posted);
  });

  test('of another content type is no business of the function', async () => {
    const answer = { message: 'Unsupported Media Type' };
    expect(await post(reading(), 'text/plain')).toEqual({ status: 415, answer });
  });

  test('that the function cannot answer is answered with 500', async () => {
    faults.add({ at: 'lambda/gasdetector_api', kind: 'crash', nth: 1 });
    const answer = { msg: 'failure: internal error; send it again' };
    expect(await post(reading())).toEqual({ status: 500, answer });
  });
});

test('the index reads values as numbers, places as places and dates as dates', async () => {
  const groupid = 'mapped';
  for (const value of [' 10 ', '2e1', 30, '088', '.5', '+1']) await post({ ...reading(value), groupid });
  const { hits, aggregations } = await search({
    size: 0,
    query: { bool: { filter: [{ term: { 'groupid.keyword': groupid } }, { range: { 'no2.value': { gte: 20 } } }] } },
    aggs: { no2: { stats: { field: 'no2.value' } }, text: { terms: { field: 'no2.value.keyword' } } },
  });
  expect(hits.total.value).toBe(3);
  expect(aggregations.no2).toMatchObject({ min: 20, max: 88, sum: 138 });
  expect(aggregations.text.buckets.map(({ key }: { key: string }) => key)).toEqual(['088', '2e1', '30']);
  const near = { geo_distance: { distance: '1m', 'gps.point': { lat: 37.61002501514269, lon: 126.99636868892937 } } };
  const recent = { range: { date: { gte: 'now-1h', lte: 'now' } } };
  const found = await search({ query: { bool: { filter: [near, recent, { term: { 'groupid.keyword': groupid } }] } } });
  expect(found.hits.total.value).toBe(6);
});

describe('while OpenSearch is away', () => {
  const waiting = async () => {
    const QueueUrl = output('WaitingQueueUrl');
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const { Attributes = {} } = await edge.edge.access
      .client(SQSClient, DEFAULTS.region)
      .send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }));
    return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  };
  beforeEach(async () => {
    await post(reading());
    away = true;
  });

  test('caller and devices are told, and a good reading is stored once when it is back, with its date', async () => {
    const { heard } = await listener('pi-1');
    const posted = reading('88');
    const before = Date.now();
    expect(await post(posted)).toEqual({ status: 503, answer: { msg: AWAY } });
    const answeredAt = Date.now();
    await vi.waitFor(() => expect(heard).toEqual(onPi1(WARNING, { msg: AWAY })), SOON);
    // Sent again, as it may be.
    expect((await post(posted)).status).toBe(503);
    expect(await stored(posted)).toBeUndefined();
    expect(await waiting()).toBe(2);

    away = false;
    await edge.clock.advance(61_000);
    await vi.waitFor(async () => expect(await waiting()).toBe(0), SOON);
    const { date, ...document } = (await stored(posted)) ?? {};
    expect(document).toEqual(posted);
    expect(Date.parse(String(date))).toBeGreaterThanOrEqual(before);
    expect(Date.parse(String(date))).toBeLessThanOrEqual(answeredAt + 60_000);
    // Told once already: being stored later is no news.
    expect(heard).toHaveLength(4);
  });

  test('a bad reading is as bad as ever, and does not wait', async () => {
    expect((await post(reading(''))).status).toBe(400);
    expect(await waiting()).toBe(0);
  });
});

describe('the devices’ programs', () => {
  const run = (program: string, ...args: string[]) => {
    const file = fileURLToPath(new URL(`devices/${program}`, import.meta.url));
    const runtime = program.endsWith('.py') ? localstackTool('python') : process.execPath;
    const child = spawn(runtime, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => lines.push(line));
    }
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    return { child, lines, ended };
  };

  async function deviceFolder(): Promise<string> {
    const folder = await mkdtemp(join(dataDir, 'device-'));
    const { ca, cert, key } = await newDevice();
    await writeFile(join(folder, 'root-ca.pem'), ca);
    await writeFile(join(folder, 'certificate.pem.crt'), cert);
    await writeFile(join(folder, 'private.pem.key'), key);
    await writeFile(join(folder, 'endpoint.txt'), `${mqtt.host}:${mqtt.port}\n`);
    return folder;
  }

  test('pub plays a day, sub hears all of it, and OpenSearch sums it up as the day itself does', async () => {
    const sub = run('sub.ts', '--cert-dir', await deviceFolder(), '--client-id', 'pi-sub');
    await vi.waitFor(() => expect(sub.lines).toContain('listening to pi/1'), SOON);
    const options = { seed: 'b', detectors: 2, everySeconds: 1800, day: '2022-01-27' };
    const flags = ['--seed', 'b', '--detectors', '2', '--every', '1800', '--day', '2022-01-27'];
    const pub = run('pub.ts', '--url', output('Url'), '--speed', 'max', '--quiet', ...flags);
    expect(await pub.ended).toBe(0);
    expect(pub.lines).toEqual(['96 posted, 0 of them not taken']);

    const day = aDay(options).toArray();
    const warnings = day.filter(({ no2 }) => Number(no2.value) >= WARNING_FROM).length;
    expect(warnings).toBeGreaterThan(0);
    const heard = (text: string) => sub.lines.filter((line) => line.endsWith(`pi/1 ${text}`)).length;
    await vi.waitFor(() => {
      expect(heard('{"msg":"success"}')).toBe(96);
      expect(heard('⚠ {"warning":"no2 warning"}')).toBe(warnings);
    }, SOON);
    sub.child.kill('SIGINT');
    expect(await sub.ended).toBe(0);

    const { aggregations } = await search({
      size: 0,
      query: { prefix: { 'no2.createdtime.keyword': '2022-01-27' } },
      aggs: { by: { terms: { field: 'groupid.keyword' }, aggs: { no2: { stats: { field: 'no2.value' } } } } },
    });
    for (const group of ['1', '2']) {
      const values = day.filter(({ groupid }) => groupid === group).map(({ no2 }) => Number(no2.value));
      const bucket = aggregations.by.buckets.find(({ key }: { key: string }) => key === group);
      expect(bucket.no2).toMatchObject({ count: 48, min: Math.min(...values), max: Math.max(...values) });
      expect(bucket.no2.sum).toBeCloseTo(
        values.reduce((sum, value) => sum + value, 0),
        6,
      );
    }
  });

  test('pub.py posts readings that are taken, until it is interrupted', async () => {
    const pub = run('pub.py', output('Url'), '0.01');
    const taken = expect.stringMatching(/^200 \{"msg":"success"\} NO2 \d+\.\d\d$/);
    await vi.waitFor(() => expect(pub.lines.slice(0, 3)).toEqual([taken, taken, taken]), SOON);
    pub.child.kill('SIGINT');
    expect(await pub.ended).toBe(0);
  });

  test('sub says why it cannot connect, and ends', async () => {
    const folder = await deviceFolder();
    const nobody = run('sub.ts', '--cert-dir', folder, '--endpoint', '127.0.0.1:1');
    expect(await nobody.ended).toBe(1);
    expect(nobody.lines).toEqual(['Cannot connect to 127.0.0.1:1: nothing listens there.']);
    // The policy lets in client ids that begin with pi- only.
    const refused = run('sub.ts', '--cert-dir', folder, '--client-id', 'other');
    expect(await refused.ended).toBe(1);
    expect(refused.lines.join('\n')).toMatch(/no policy allows iot:Connect|[Rr]efused|[Nn]ot authorized/);
    const topic = run('sub.ts', '--cert-dir', folder, '--client-id', 'pi-sub', '--topic', 'pi/2');
    expect(await topic.ended).toBe(1);
    expect(topic.lines.join('\n')).toContain('pi/2');
  });
});
