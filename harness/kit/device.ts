import { AttachPolicyCommand, CreateKeysAndCertificateCommand, type IoTClient } from '@aws-sdk/client-iot';
import mqtt, { type MqttClient } from 'mqtt';
import { machine } from '../clock/index.ts';

/** How long a broker of this machine may take to answer, in ms of real time. */
const ANSWER_MS = 5_000;

/** What a device shows when it connects. */
export interface DeviceCertificate {
  readonly certificateArn: string;
  readonly cert: string;
  readonly key: string;
}

/** Where devices connect to, and whom they trust. */
export interface DeviceEndpoint {
  readonly host: string;
  readonly port: number;
  /** PEM. */
  readonly ca: string;
}

export interface ConnectOptions {
  readonly clientId: string;
  /** Without one, the device shows none. */
  readonly certificate?: Pick<DeviceCertificate, 'cert' | 'key'>;
  /** False keeps the session while the device is offline. Default true. */
  readonly clean?: boolean;
}

/** A program that is connected by MQTT over TLS, as the workshop's `sub.py`. */
export interface Device {
  readonly clientId: string;
  /** The payloads that came, as text, in order. */
  readonly received: readonly string[];
  /** True when the broker still had the session. */
  readonly sessionPresent: boolean;
  readonly connected: boolean;
  /** Rejects when the broker does not grant it, or ends the connection. */
  subscribe(topic: string): Promise<void>;
  publish(topic: string, payload: string): Promise<void>;
  /** Takes nothing more from its connection, until `resume`. */
  pause(): void;
  resume(): void;
  /** Resolves when the connection has ended. */
  close(): Promise<void>;
}

/** A certificate that AWS IoT makes, is active, and has these policies. */
export async function makeCertificate(iot: IoTClient, policies: readonly string[]): Promise<DeviceCertificate> {
  const made = await iot.send(new CreateKeysAndCertificateCommand({ setAsActive: true }));
  const { certificateArn = '', certificatePem = '', keyPair } = made;
  for (const policyName of policies) await iot.send(new AttachPolicyCommand({ policyName, target: certificateArn }));
  return { certificateArn, cert: certificatePem, key: keyPair?.PrivateKey ?? '' };
}

/** A certificate that an authority of somebody else's made; AWS IoT knows neither. */
export async function strangersCertificate(): Promise<Pick<DeviceCertificate, 'cert' | 'key'>> {
  const { makeCredentials } = await import('../engines/mqtt/certificates.ts');
  return await makeCredentials();
}

/** Connects, once. Rejects when the broker does not let the device in. */
export async function connectDevice(endpoint: DeviceEndpoint, options: ConnectOptions): Promise<Device> {
  const { clientId, certificate, clean = true } = options;
  const client = mqtt.connect({
    protocol: 'mqtts',
    ...endpoint,
    servername: 'localhost',
    ...certificate,
    clientId,
    clean,
    reconnectPeriod: 0,
    connectTimeout: ANSWER_MS,
    // Messages of a session that was kept may come before anybody could ask for them.
    manualConnect: true,
  });
  const received: string[] = [];
  client.on('message', (_topic, payload) => void received.push(payload.toString('utf8')));
  const ended = new Promise<never>((_resolve, reject) => {
    client.once('error', reject);
    client.once('close', () => reject(new Error(`The connection of ${clientId} has ended.`)));
  });
  ended.catch(() => undefined);
  const connected = new Promise<boolean>((resolve) => {
    client.once('connect', ({ sessionPresent }) => resolve(sessionPresent));
  });
  client.connect();
  const sessionPresent = await orEnd(connected, ended, client);
  return {
    clientId,
    received,
    sessionPresent,
    get connected() {
      return client.connected;
    },
    async subscribe(topic) {
      const [granted] = await Promise.race([client.subscribeAsync(topic, { qos: 1 }), ended]);
      if (granted === undefined || granted.qos > 1) throw new Error(`${clientId} may not subscribe to ${topic}.`);
    },
    publish: async (topic, payload) =>
      void (await Promise.race([client.publishAsync(topic, payload, { qos: 1 }), ended])),
    pause: () => void client.stream.pause(),
    resume: () => void client.stream.resume(),
    close: () => client.endAsync(true),
  };
}

/** The first that comes; a client that did not get in is given up. */
async function orEnd<T>(wanted: Promise<T>, ended: Promise<never>, client: MqttClient): Promise<T> {
  const patience = new AbortController();
  const tooLate = machine.sleep(ANSWER_MS, patience.signal).then(() => {
    throw new Error('The broker did not answer.');
  });
  tooLate.catch(() => undefined);
  try {
    return await Promise.race([wanted, ended, tooLate]);
  } catch (error) {
    client.end(true);
    throw error;
  } finally {
    patience.abort();
  }
}
