import 'reflect-metadata';
import { X509Certificate as Certificate, createHash, webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BasicConstraintsExtension, X509CertificateGenerator } from '@peculiar/x509';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { createClock, createRandom } from '../../clock/index.ts';
import { type BrokerOptions, IotBroker } from '../../emulators/iot/broker/index.ts';
import type { PolicyStatement, Principal, Registry } from '../../emulators/iot/model.ts';
import type { Entry } from '../../ledger/index.ts';
import { mqttBroker, type RunningMqtt } from './index.ts';

const REGION = 'us-east-1';
const ACCOUNT = '000000000000';
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** PEM. */
export interface DeviceCredentials {
  readonly cert: string;
  readonly key: string;
}

/** A certificate that no authority here has signed. */
export async function deviceCredentials(commonName: string): Promise<DeviceCredentials> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    serialNumber: '01',
    notBefore: new Date('2020-01-01'),
    notAfter: new Date('2049-12-31'),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [new BasicConstraintsExtension(false, undefined, true)],
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return { cert: certificate.toString('pem'), key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n` };
}

/** `allow('Publish', 'topic/pi/*')` */
export function allow(action: string, ...resources: string[]): PolicyStatement {
  return statement('Allow', action, resources);
}

export function deny(action: string, ...resources: string[]): PolicyStatement {
  return statement('Deny', action, resources);
}

function statement(effect: 'Allow' | 'Deny', action: string, resources: readonly string[]): PolicyStatement {
  const arns = resources.map((resource) => `arn:aws:iot:${REGION}:${ACCOUNT}:${resource}`);
  return { effect, actions: [`iot:${action}`], resources: arns };
}

export const EVERYTHING: PolicyStatement = { effect: 'Allow', actions: ['iot:*'], resources: ['*'] };

export interface Device {
  readonly credentials: DeviceCredentials;
  /** What it may do from now on; with undefined its certificate is not active any more. */
  permit(statements: readonly PolicyStatement[] | undefined): void;
}

/** A registry of certificates that tests fill by hand. */
class TestRegistry implements Registry {
  readonly #principals = new Map<string, Principal>();
  readonly #listeners = new Set<() => void>();

  principalOf(der: Buffer): Principal | undefined {
    return this.#principals.get(idOf(der));
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async add(commonName: string, statements: readonly PolicyStatement[], thingNames: readonly string[]) {
    const credentials = await deviceCredentials(commonName);
    const id = idOf(new Certificate(credentials.cert).raw);
    const permit: Device['permit'] = (permitted) => {
      if (!permitted) this.#principals.delete(id);
      else {
        this.#principals.set(id, {
          arn: `arn:aws:iot:${REGION}:${ACCOUNT}:cert/${id}`,
          kind: 'certificate',
          certificateId: id,
          commonName,
          thingNames,
          policies: [{ name: 'test', statements: permitted }],
        });
      }
      for (const listener of this.#listeners) listener();
    };
    permit(statements);
    return { credentials, permit };
  }
}

function idOf(der: Buffer): string {
  return createHash('sha256').update(der).digest('hex');
}

export type Options = Omit<BrokerOptions, 'registry' | 'metrics'>;

/** The broker over Aedes, with a registry that the test fills. */
export async function brokerBench(options: Options = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'naetmul-broker-'));
  const clock = createClock();
  const registry = new TestRegistry();
  const entries: Entry[] = [];
  const counted = new Map<string, number>();
  const logged: string[] = [];
  const log = (message: string) => void logged.push(message);
  const broker = new IotBroker(
    {
      clock,
      random: createRandom('broker test'),
      ledger: {
        append(entry, t = clock.now()) {
          entries.push({ ...entry, n: entries.length + 1, t });
          return entries.length;
        },
      },
      aws: { client: unreachable, emulates: () => false, send: unreachable },
      dataDir: dir,
      log: { info: log, warn: log, error: log },
      defaults: { region: REGION, accountId: ACCOUNT },
    },
    {
      ...options,
      registry,
      metrics: {
        count: (_namespace, metric, _on, value) => void counted.set(metric, (counted.get(metric) ?? 0) + value),
      },
    },
  );
  const clients = new Set<MqttClient>();

  const startServer = async (port = 0): Promise<RunningMqtt> => {
    const server = await mqttBroker({ port }).start({
      dataDir: dir,
      cacheDir: dir,
      offline: true,
      progress() {},
      registerChild() {},
      signal: new AbortController().signal,
    });
    broker.attach(server);
    return server;
  };
  let server = await startServer();

  /** A client that begins to connect, and tells what becomes of it. */
  const client = (credentials: Partial<DeviceCredentials>, clientId: string, more: IClientOptions = {}): TestClient => {
    const { host, port, ca } = server;
    const settings: IClientOptions = { protocolVersion: 4, reconnectPeriod: 0, clientId, ca, ...credentials, ...more };
    const made = testClient(connect({ protocol: 'mqtts', host, port, ...settings }));
    clients.add(made.mqtt);
    return made;
  };

  return {
    broker,
    clock,
    entries,
    counted,
    logged,
    client,
    get server() {
      return server;
    },
    device: (
      commonName: string,
      statements: readonly PolicyStatement[] = [EVERYTHING],
      things: readonly string[] = [],
    ) => registry.add(commonName, statements, things),
    /** A client that is in. */
    async connected(device: Device, clientId: string, more: IClientOptions = {}) {
      const made = client(device.credentials, clientId, more);
      await made.isConnected;
      return made;
    },
    /** Ends the server and starts another at the same port. */
    async restart() {
      const { port } = server;
      await server.stop();
      server = await startServer(port);
    },
    async [Symbol.asyncDispose]() {
      for (const mqtt of clients) mqtt.end(true);
      await broker.stop();
      await server.stop();
      clock.close();
      rmSync(dir, { recursive: true });
    },
  };
}

function unreachable(): never {
  throw new Error('The broker calls no service.');
}

export type BrokerBench = Awaited<ReturnType<typeof brokerBench>>;

export interface TestClient {
  readonly mqtt: MqttClient;
  /** Resolves with `sessionPresent` of CONNACK. */
  readonly isConnected: Promise<boolean>;
  /** Resolves when the connection has ended, with the error before it, if there was one. */
  readonly isClosed: Promise<Error | undefined>;
  /** What has arrived: `topic payload`. */
  readonly messages: string[];
  /** Resolves when that many messages have arrived. */
  arrived(count: number): Promise<string[]>;
}

export function testClient(mqtt: MqttClient): TestClient {
  const connected = Promise.withResolvers<boolean>();
  const closed = Promise.withResolvers<Error | undefined>();
  const messages: string[] = [];
  let error: Error | undefined;
  let arrival = Promise.withResolvers<void>();
  connected.promise.catch(() => undefined);
  mqtt.on('connect', (packet) => connected.resolve(packet.sessionPresent));
  mqtt.on('error', (failure) => {
    error = failure;
  });
  mqtt.on('close', () => {
    connected.reject(error ?? new Error('The connection was closed.'));
    closed.resolve(error);
  });
  mqtt.on('message', (topic, payload) => {
    messages.push(`${topic} ${payload}`);
    arrival.resolve();
    arrival = Promise.withResolvers();
  });
  return {
    mqtt,
    isConnected: connected.promise,
    isClosed: closed.promise,
    messages,
    async arrived(count) {
      while (messages.length < count) await arrival.promise;
      return messages;
    },
  };
}
