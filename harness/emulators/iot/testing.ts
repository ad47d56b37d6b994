import { IoTClient } from '@aws-sdk/client-iot';
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane';
import { createRandom } from '../../clock/index.ts';
import type { AwsAccess } from '../../edge/emulator.ts';
import { sdk, testEdge } from '../../edge/testing.ts';
import { createIot, IotRegistry } from './index.ts';
import type { MessageBroker, PublishedMessage, RetainedMessage } from './model.ts';

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';
export const ALLOW_ALL = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'iot:*', Resource: '*' }],
});

/** A broker that notes what it is told, and tells its listeners. */
export function fakeBroker() {
  const listeners = new Set<(message: PublishedMessage) => void>();
  const published: PublishedMessage[] = [];
  const retained = new Map<string, RetainedMessage>();
  const clients = new Set<string>();
  const state = { away: false, resets: 0 };
  const broker: MessageBroker = {
    address: () => (state.away ? undefined : { host: '127.0.0.1', port: 8883 }),
    caPem: () => undefined,
    async publish(message) {
      published.push(message);
      const { topic, payload, qos } = message;
      if (message.retain) retained.set(topic, { topic, payload, qos, at: 1_600_000_000_000 });
      for (const listener of listeners) listener(message);
    },
    retained: (topic) => retained.get(topic),
    retainedTopics: () => [...retained.values()],
    disconnect: (clientId) => clients.delete(clientId),
    onPublished(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async reset() {
      state.resets += 1;
    },
  };
  return { broker, published, clients, state };
}

/** The emulators of IoT at an edge, before a broker that notes what it is told. */
export async function iotBench(options: { readonly aws?: AwsAccess } = {}) {
  const edge = await testEdge();
  const fake = fakeBroker();
  const registry = new IotRegistry();
  const counted: string[] = [];
  const noAccess: AwsAccess = {
    emulates: () => false,
    client: () => {
      throw new Error('Nothing is called.');
    },
    send: () => Promise.reject(new Error('Nothing is sent.')),
  };
  const emulators = createIot(
    {
      clock: edge.clock,
      random: createRandom('iot test'),
      ledger: {
        append: (entry, t) => {
          edge.entries.push({ ...entry, n: edge.entries.length + 1, t: t ?? 0 });
          return edge.entries.length;
        },
      },
      aws: options.aws ?? noAccess,
      dataDir: '',
      log: { info() {}, warn() {}, error: (message, cause) => void edge.logged.push({ message, cause }) },
      defaults: { region: REGION, accountId: ACCOUNT },
    },
    {
      registry,
      broker: fake.broker,
      metrics: {
        count: (_namespace, metric, dimensions) => void counted.push([metric, ...Object.values(dimensions)].join(' ')),
      },
    },
  );
  for (const emulator of emulators) edge.edge.register(emulator);
  return {
    ...fake,
    registry,
    counted,
    emulators,
    clock: edge.clock,
    url: edge.url,
    entries: edge.entries,
    logged: edge.logged,
    iot: new IoTClient(sdk(edge.url)),
    data: new IoTDataPlaneClient(sdk(edge.url)),
    [Symbol.asyncDispose]: () => edge[Symbol.asyncDispose](),
  };
}

export type IotBench = Awaited<ReturnType<typeof iotBench>>;
