import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  CreateTopicRuleCommand,
  DescribeEndpointCommand,
  DescribeThingCommand,
  IoTClient,
  ListAttachedPoliciesCommand,
  ListThingPrincipalsCommand,
  UpdateCertificateCommand,
} from '@aws-sdk/client-iot';
import { IoTDataPlaneClient, PublishCommand } from '@aws-sdk/client-iot-data-plane';
import { connect } from 'mqtt';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRandom } from '../../clock/index.ts';
import { sdk, type TestEdge, testEdge } from '../../edge/testing.ts';
import { mqttBroker, type RunningMqtt } from '../../engines/mqtt/index.ts';
import { type PythonClient, pythonDevices, type RunDevice } from '../../engines/mqtt/python-clients/index.ts';
import { deviceCredentials, testClient } from '../../engines/mqtt/testing.ts';
import { IotBroker } from './broker/index.ts';
import { createIot, IotRegistry } from './index.ts';

const NAETMUL = join(import.meta.dirname, '../../cli/naetmul.js');
const REGION = 'ap-northeast-2';
const FILES = ['certificate.pem.crt', 'endpoint.txt', 'private.pem.key', 'root-ca.pem'];

let temporary: string;
let edge: TestEdge;
let server: RunningMqtt;
let broker: IotBroker;
let reset: () => Promise<void>;
let iot: IoTClient;
let runDevice: RunDevice;

beforeAll(async () => {
  temporary = mkdtempSync(join(tmpdir(), 'naetmul-iot-'));
  edge = await testEdge({ defaults: { region: REGION, accountId: '000000000000' } });
  const silent = () => undefined;
  const context = {
    clock: edge.clock,
    random: createRandom('iot'),
    ledger: { append: () => 0 },
    aws: edge.edge.access,
    dataDir: temporary,
    log: { info: silent, warn: silent, error: silent },
    defaults: { region: REGION, accountId: '000000000000' },
  };
  const registry = new IotRegistry();
  const metrics = { count: silent };
  broker = new IotBroker(context, { registry, metrics });
  const emulators = createIot(context, { registry, broker, metrics });
  for (const emulator of emulators) edge.edge.register(emulator);
  reset = async () => {
    for (const emulator of emulators) await emulator.reset?.();
  };
  server = await mqttBroker({ port: 0 }).start({
    dataDir: temporary,
    cacheDir: temporary,
    offline: true,
    progress: silent,
    registerChild: silent,
    signal: new AbortController().signal,
  });
  broker.attach(server);
  // What the command asks a running bench for.
  edge.edge.setControl(async () => {
    const mqtt = { host: server.host, port: server.port, ca: server.caFile };
    return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ mqtt }) };
  });
  iot = new IoTClient({ ...sdk(edge.url), region: REGION });
  runDevice = await pythonDevices();
});

afterAll(async () => {
  iot?.destroy();
  await broker?.stop();
  await server?.stop();
  await edge?.[Symbol.asyncDispose]();
  rmSync(temporary, { recursive: true, force: true });
});

let folder: string;
let runs = 0;

beforeEach(() => {
  runs += 1;
  folder = join(temporary, 'devices', String(runs));
});

async function naetmul(...args: string[]) {
  const env = { ...process.env, NAETMUL_URL: edge.url, NO_COLOR: '1' };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [NAETMUL, ...args], { env });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

async function device(thing: string, out = folder): Promise<X509Certificate> {
  const { code, stderr } = await naetmul('iot', 'device', thing, '--out', out);
  expect([code, stderr]).toEqual([0, expect.stringContaining(thing)]);
  return new X509Certificate(readFileSync(join(out, 'certificate.pem.crt')));
}

const idOf = ({ fingerprint256 }: X509Certificate) => fingerprint256.replaceAll(':', '').toLowerCase();
const arnOf = (certificate: X509Certificate) => `arn:aws:iot:${REGION}:000000000000:cert/${idOf(certificate)}`;
const setStatus = (certificate: X509Certificate, newStatus: 'ACTIVE' | 'INACTIVE') =>
  iot.send(new UpdateCertificateCommand({ certificateId: idOf(certificate), newStatus }));

/** A client of npm's `mqtt` with the files of a folder. */
function nodeClient(clientId: string) {
  const [host = '', port = '8883'] = readFileSync(join(folder, 'endpoint.txt'), 'utf8').trim().split(':');
  const [cert, key, ca] = ['certificate.pem.crt', 'private.pem.key', 'root-ca.pem'].map((name) =>
    readFileSync(join(folder, name)),
  );
  const files = { cert: cert as Buffer, key: key as Buffer, ca: ca as Buffer };
  return testClient(
    connect({
      protocol: 'mqtts',
      host,
      port: Number(port),
      clientId,
      reconnectPeriod: 0,
      protocolVersion: 4,
      ...files,
    }),
  );
}

describe('naetmul iot device', () => {
  test('registers a thing, a certificate and a policy, and writes the files', async () => {
    const { code, stdout } = await naetmul('iot', 'device', 'pi-1', '--out', folder);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n').sort()).toEqual(FILES.map((name) => join(folder, name)));
    expect(readdirSync(folder).sort()).toEqual(FILES);
    expect(statSync(join(folder, 'private.pem.key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'root-ca.pem'), 'utf8')).toBe(readFileSync(server.caFile, 'utf8'));
    const { endpointAddress } = await iot.send(new DescribeEndpointCommand({ endpointType: 'iot:Data-ATS' }));
    expect(readFileSync(join(folder, 'endpoint.txt'), 'utf8')).toBe(`${endpointAddress}:${server.port}\n`);
    const certificate = new X509Certificate(readFileSync(join(folder, 'certificate.pem.crt')));
    await iot.send(new DescribeThingCommand({ thingName: 'pi-1' }));
    const { principals } = await iot.send(new ListThingPrincipalsCommand({ thingName: 'pi-1' }));
    expect(principals).toEqual([arnOf(certificate)]);
    const { policies } = await iot.send(new ListAttachedPoliciesCommand({ target: arnOf(certificate) }));
    expect(policies).toMatchObject([{ policyName: 'naetmul-devices' }]);
  });

  test('makes the same files work again after a reset', async () => {
    const certificate = await device('pi-2');
    const key = readFileSync(join(folder, 'private.pem.key'), 'utf8');
    await reset();
    await expect(nodeClient('pi-2').isConnected).rejects.toThrow();
    const { code, stderr } = await naetmul('iot', 'device', 'pi-2', '--out', folder);
    expect([code, stderr]).toEqual([0, 'pi-2 has its certificate back.\n']);
    expect(readFileSync(join(folder, 'private.pem.key'), 'utf8')).toBe(key);
    expect(idOf(await device('pi-2'))).toBe(idOf(certificate));
    const client = nodeClient('pi-2');
    expect(await client.isConnected).toBe(false);
    client.mqtt.end();
  });

  test('does not touch a folder with other files, or with those of two devices', async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    const refused = await naetmul('iot', 'device', 'pi-3', '--out', folder);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(`The folder ${folder} has other files: notes.txt.`);
    expect(readdirSync(folder)).toEqual(['notes.txt']);
    const [first, second] = [join(folder, 'a'), join(folder, 'b')];
    await device('pi-3', first);
    await device('pi-4', second);
    writeFileSync(join(first, 'private.pem.key'), readFileSync(join(second, 'private.pem.key')));
    const mixed = await naetmul('iot', 'device', 'pi-3', '--out', first);
    expect(mixed.code).toBe(2);
    expect(mixed.stderr).toContain('are not those of one device: The private key belongs to another certificate.');
  });

  test('says what it needs', async () => {
    expect(await naetmul('iot', 'device', 'pi/5', '--out', folder)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('A thing’s name has 1 to 128 letters, digits, colons, underscores and hyphens.'),
    });
    const other = { ...process.env, NAETMUL_URL: 'http://127.0.0.1:1' };
    const args = [NAETMUL, 'iot', 'device', 'pi-5', '--out', folder];
    await expect(promisify(execFile)(process.execPath, args, { env: other })).rejects.toMatchObject({
      code: 3,
      stderr: expect.stringContaining('No naetmul answers at http://127.0.0.1:1.'),
    });
  });
});

describe.each<PythonClient>(['paho_device', 'awsiotsdk_device'])('%s with the files as they are', (client) => {
  const run = (topic = 'pi/1') => runDevice(client, folder, `${client}-${runs}`, topic, '냇물');

  test('connects, subscribes, publishes and receives', async () => {
    await device('pi-1');
    expect(await run()).toEqual({ code: 0, stdout: '냇물\n', stderr: '' });
  });

  test('does so, too, where many do at once: it may subscribe the moment it is connected', async () => {
    await device('pi-1');
    const runs = Array.from({ length: 12 }, (_, n) =>
      runDevice(client, folder, `${client}-${n}`, `pi/${n}`, String(n)),
    );
    const failed = (await Promise.all(runs)).filter(({ code, stdout }, n) => code !== 0 || stdout !== `${n}\n`);
    expect(failed).toEqual([]);
  });

  test('is refused with the certificate of another authority', async () => {
    await device('pi-1');
    const { cert, key } = await deviceCredentials('pi-1');
    writeFileSync(join(folder, 'certificate.pem.crt'), cert);
    writeFileSync(join(folder, 'private.pem.key'), key);
    expect(await run()).toMatchObject({ code: 1, stdout: '' });
  });

  test('is refused while its certificate is not active', async () => {
    const certificate = await device('pi-1');
    await setStatus(certificate, 'INACTIVE');
    expect(await run()).toMatchObject({ code: 1, stdout: '' });
    await setStatus(certificate, 'ACTIVE');
    expect(await run()).toEqual({ code: 0, stdout: '냇물\n', stderr: '' });
  });

  test('is refused a topic that its policy does not allow', async () => {
    await device('pi-1');
    expect(await run('door/1')).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('failed: ') });
  });
});

describe('mqtt of npm with the files as they are', () => {
  test('connects, subscribes, publishes and receives', async () => {
    await device('pi-1');
    const client = nodeClient('node');
    await client.isConnected;
    await client.mqtt.subscribeAsync('pi/1', { qos: 1 });
    await client.mqtt.publishAsync('pi/1', '냇물', { qos: 1 });
    expect(await client.arrived(1)).toEqual(['pi/1 냇물']);
    await client.mqtt.endAsync();
  });

  test('is cut off when its certificate is made inactive, and let in again later', async () => {
    const certificate = await device('pi-1');
    const client = nodeClient('node');
    await client.isConnected;
    await setStatus(certificate, 'INACTIVE');
    await client.isClosed;
    await expect(nodeClient('node').isConnected).rejects.toThrow();
    await setStatus(certificate, 'ACTIVE');
    const again = nodeClient('node');
    await again.isConnected;
    await again.mqtt.endAsync();
  });

  test('is refused with the certificate of another authority', async () => {
    await device('pi-1');
    const { cert, key } = await deviceCredentials('pi-1');
    writeFileSync(join(folder, 'certificate.pem.crt'), cert);
    writeFileSync(join(folder, 'private.pem.key'), key);
    await expect(nodeClient('node').isConnected).rejects.toThrow();
  });

  test('is forbidden by one policy what another allows', async () => {
    const certificate = await device('pi-1');
    const deny = { Effect: 'Deny', Action: 'iot:Connect', Resource: '*' };
    const policyDocument = JSON.stringify({ Version: '2012-10-17', Statement: deny });
    await iot.send(new CreatePolicyCommand({ policyName: `deny-${runs}`, policyDocument }));
    await iot.send(new AttachPolicyCommand({ policyName: `deny-${runs}`, target: arnOf(certificate) }));
    await expect(nodeClient('node').isConnected).rejects.toThrow();
  });

  test('gets what is published over HTTPS, and what a rule makes of it', async () => {
    await device('pi-1');
    const client = nodeClient('node');
    await client.isConnected;
    await client.mqtt.subscribeAsync(['pi/1', 'pi/alerts/+'], { qos: 1 });
    const republish = { topic: `pi/alerts/\${topic(2)}`, qos: 1, roleArn: 'arn:aws:iam::000000000000:role/r' };
    const sql = "SELECT no2.value AS no2 FROM 'pi/+' WHERE no2.value >= 88";
    await iot.send(
      new CreateTopicRuleCommand({ ruleName: 'alerts', topicRulePayload: { sql, actions: [{ republish }] } }),
    );
    const data = new IoTDataPlaneClient({ ...sdk(edge.url), region: REGION });
    for (const value of [87.99, 88]) {
      const payload = JSON.stringify({ no2: { value } });
      await data.send(new PublishCommand({ topic: 'pi/1', qos: 1, payload: Buffer.from(payload) }));
    }
    expect(await client.arrived(3)).toEqual([
      'pi/1 {"no2":{"value":87.99}}',
      'pi/1 {"no2":{"value":88}}',
      'pi/alerts/1 {"no2":88}',
    ]);
    await client.mqtt.endAsync();
  });
});
