import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { machine } from '../../harness/clock/index.ts';
import type { FanOutJob, FanOutResult } from './jobs.ts';

const TOPIC = 'pi/1';
/** Messages that are on their way to the broker at once. */
const IN_FLIGHT = 16;

/** Publishes with QoS 1 to many subscribers over TLS, and waits until all have everything. */
export async function fanOut(job: FanOutJob): Promise<FanOutResult> {
  const options: IClientOptions = {
    protocol: 'mqtts',
    host: '127.0.0.1',
    servername: 'localhost',
    port: job.port,
    ca: job.ca,
    cert: job.cert,
    key: job.key,
    reconnectPeriod: 0,
  };
  const clients: MqttClient[] = [];
  const join = async (clientId: string) => {
    const client = await connectAsync({ ...options, clientId });
    clients.push(client);
    return client;
  };
  try {
    const wanted = job.subscribers * job.messages;
    let received = 0;
    const all = Promise.withResolvers<void>();
    await Promise.all(
      Array.from({ length: job.subscribers }, async (_, n) => {
        const subscriber = await join(`pi-${n}`);
        subscriber.on('message', () => {
          if (++received === wanted) all.resolve();
        });
        await subscriber.subscribeAsync(TOPIC, { qos: 1 });
      }),
    );
    const publisher = await join('pi-publisher');
    const payload = Buffer.alloc(job.bytes, 'x');
    const began = machine.monotonic();
    let sent = 0;
    await Promise.all(
      Array.from({ length: IN_FLIGHT }, async () => {
        while (sent++ < job.messages) await publisher.publishAsync(TOPIC, payload, { qos: 1 });
      }),
    );
    await all.promise;
    return { deliveries: wanted, ms: machine.monotonic() - began };
  } finally {
    await Promise.all(clients.map((client) => client.endAsync(true)));
  }
}
