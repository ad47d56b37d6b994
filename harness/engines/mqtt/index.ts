import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { Aedes } from 'aedes';
import type { Engine, EngineContext, EngineExit, RunningEngine } from '../engine.ts';
import { portTaken } from '../ports.ts';
import { localCredentials } from './credentials.ts';

/** The port of MQTT over TLS, as AWS IoT has it. */
export const MQTT_PORT = 8883;

export interface MqttOptions {
  /** The port on loopback; 0 takes a free one. By default 8883. */
  readonly port?: number;
}

/** The broker, with what the IoT emulator and clients need of it. */
export interface RunningMqtt extends RunningEngine {
  readonly broker: Aedes;
  /** The PEM file of the authority that clients are to trust. */
  readonly caFile: string;
  readonly host: string;
  readonly port: number;
}

export interface MqttEngine extends Engine {
  start(context: EngineContext): Promise<RunningMqtt>;
}

/** Aedes, a real MQTT broker, inside the harness: MQTT 3.1.1 over TLS with a certificate of this user's own authority. */
export function mqttBroker(options: MqttOptions = {}): MqttEngine {
  return {
    name: 'mqtt',
    source: 'inprocess',
    // Aedes is a dependency of naetmul and came with it.
    async setup() {},
    async start(context) {
      context.progress('starting the MQTT broker');
      const credentials = await localCredentials(context.cacheDir);
      const caFile = join(context.dataDir, 'ca.pem');
      writeFileSync(caFile, credentials.ca);
      const broker = await Aedes.createBroker();
      const server = createServer({ key: credentials.key, cert: credentials.cert }, (socket) => {
        broker.handle(socket);
      });
      // A client that speaks no TLS or does not trust the authority is its own trouble, not the broker's.
      server.on('tlsClientError', () => undefined);
      try {
        await listen(server, options.port ?? MQTT_PORT);
      } catch (error) {
        await closeBroker(broker);
        throw error;
      }
      return running(broker, server, caFile);
    },
  };
}

function running(broker: Aedes, server: Server, caFile: string): RunningMqtt {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  const { port } = address;
  const exit = Promise.withResolvers<EngineExit>();
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= close(broker, server).then(() => exit.resolve({ code: 0, signal: null, expected: true }));
    return stopping;
  };
  return {
    name: 'mqtt',
    source: 'inprocess',
    endpoint: `mqtts://127.0.0.1:${port}`,
    version: aedesVersion(),
    pid: undefined,
    broker,
    caFile,
    host: '127.0.0.1',
    port,
    logs: async () => [],
    exited: exit.promise,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function listen(server: Server, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host: '127.0.0.1' }, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw await portTaken(
      port,
      'MQTT over TLS',
      'Stop that program, or choose another port with --mqtt-port (0 takes a free one).',
      error,
    );
  }
}

/** Aedes ends its clients; only then can the server's close come to an end. */
async function close(broker: Aedes, server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await closeBroker(broker);
  await closed;
}

function closeBroker(broker: Aedes): Promise<void> {
  return new Promise((resolve) => broker.close(() => resolve()));
}

function aedesVersion(): string {
  const file = new URL('package.json', import.meta.resolve('aedes'));
  return `aedes ${(JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version}`;
}
