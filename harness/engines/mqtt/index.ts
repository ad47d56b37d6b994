import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { MqttRules, MqttServer, Peer } from '../../emulators/iot/broker/server.ts';
import type { Engine, EngineContext, EngineExit, RunningEngine } from '../engine.ts';
import { portTaken } from '../ports.ts';
import type { Speaker } from './aedes.ts';
import { localCredentials } from './credentials.ts';

/** The port of MQTT over TLS, as AWS IoT has it. */
export const MQTT_PORT = 8883;
/** What devices name in ALPN that reach AWS IoT on port 443. Source: AWS IoT developer guide, "Device communication protocols". */
const ALPN = 'x-amzn-mqtt-ca';

const LOOPBACK = '127.0.0.1';

export interface MqttOptions {
  /** The address to listen on. By default loopback, by which clients are told of it in any case. */
  readonly host?: string | undefined;
  /** 0 takes a free one. By default 8883. */
  readonly port?: number | undefined;
}

/** The broker's server, for the IoT emulator's rules. */
export interface RunningMqtt extends RunningEngine, MqttServer {
  /** The PEM file of the authority that clients are to trust. */
  readonly caFile: string;
  readonly exited: Promise<EngineExit>;
}

export interface MqttEngine extends Engine {
  start(context: EngineContext): Promise<RunningMqtt>;
}

/**
 * Aedes, a real MQTT broker, inside the harness: MQTT 3.1.1 over TLS with a certificate of this user's own authority.
 * Who may connect, and who gets which message, is decided by the rules that it is given; it takes nobody in without.
 */
export function mqttBroker(options: MqttOptions = {}): MqttEngine {
  // One for all starts: devices that were given the address must be able to come back after a restart.
  let port = options.port ?? MQTT_PORT;
  return {
    name: 'mqtt',
    source: 'inprocess',
    // Aedes is a dependency of naetmul and came with it.
    async setup() {},
    async start(context) {
      context.progress('starting the MQTT broker');
      const { ca, cert, key } = await localCredentials(context.cacheDir);
      const caFile = join(context.dataDir, 'ca.pem');
      writeFileSync(caFile, ca);
      const clients = new Clients();
      const server = createServer(
        {
          key,
          cert,
          requestCert: true,
          // Whose certificates are known is not a question of who signed them.
          rejectUnauthorized: false,
          ALPNCallback: ({ protocols }) => (protocols.includes(ALPN) ? ALPN : protocols[0]),
        },
        (socket) => clients.take(socket, peerOf(socket)),
      );
      // A client that speaks no TLS or does not trust the authority is its own trouble, not the broker's.
      server.on('tlsClientError', () => undefined);
      await listen(server, options.host ?? LOOPBACK, port);
      const started = running(clients, server, caFile, ca);
      port = started.port;
      return started;
    },
  };
}

/** Everybody who is connected. Aedes is loaded when the first one comes. */
class Clients {
  readonly #connected = new Set<Duplex>();
  #rules: MqttRules | undefined;
  #speaker: Promise<Speaker> | undefined;
  #closed = false;

  serve(rules: MqttRules): void {
    if (this.#rules) throw new Error('The MQTT broker has its rules already.');
    this.#rules = rules;
  }

  take(stream: Duplex, peer: Peer): void {
    stream.on('error', () => stream.destroy());
    this.#connected.add(stream);
    stream.once('close', () => this.#connected.delete(stream));
    const rules = this.#rules;
    if (this.#closed || rules?.admits(peer) !== true) {
      stream.destroy();
      return;
    }
    this.#speaker ??= import('./aedes.ts').then(({ createSpeaker }) => createSpeaker(rules));
    void this.#speaker.then((speaker) => {
      if (!stream.destroyed) speaker.accept(stream, peer);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const speaker = await this.#speaker;
    await speaker?.close();
    for (const stream of this.#connected) stream.destroy();
  }
}

function peerOf(socket: TLSSocket): Peer {
  return {
    kind: 'certificate',
    der: socket.getPeerX509Certificate()?.raw,
    address: (socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
  };
}

function running(clients: Clients, server: Server, caFile: string, ca: string): RunningMqtt {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  const { port } = address;
  const exit = Promise.withResolvers<EngineExit>();
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= close(clients, server).then(() => exit.resolve({ code: 0, signal: null, expected: true }));
    return stopping;
  };
  return {
    name: 'mqtt',
    source: 'inprocess',
    endpoint: `mqtts://${LOOPBACK}:${port}`,
    version: aedesVersion(),
    pid: undefined,
    caFile,
    ca,
    host: LOOPBACK,
    port,
    serve: (rules) => clients.serve(rules),
    accept: (stream, peer) => clients.take(stream, peer),
    logs: async () => [],
    exited: exit.promise,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host }, () => {
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

/** The server's close comes to an end only when every connection has ended. */
async function close(clients: Clients, server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await clients.close();
  await closed;
}

function aedesVersion(): string {
  const file = new URL('package.json', import.meta.resolve('aedes'));
  return `aedes ${(JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version}`;
}
