import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Aedes } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';

/** A real MQTT broker, over WebSocket only. */
export interface TestBroker {
  /** `ws://127.0.0.1:…/mqtt`. */
  readonly url: string;
  readonly port: number;
  /** Resolves when so many clients have subscribed. */
  subscribed(clients: number): Promise<void>;
  publish(topic: string, message: unknown): Promise<void>;
  stop(): Promise<void>;
}

export async function startBroker(port = 0): Promise<TestBroker> {
  const broker = await Aedes.createBroker();
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  const sockets = new WebSocketServer({ server, path: '/mqtt', handleProtocols: () => 'mqtt' });
  sockets.on('connection', (socket) => broker.handle(createWebSocketStream(socket)));
  let subscribed = 0;
  broker.on('subscribe', () => {
    subscribed += 1;
  });
  const address = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${address.port}/mqtt`,
    port: address.port,
    async subscribed(clients) {
      while (subscribed < clients) await once(broker, 'subscribe');
    },
    publish: (topic, message) =>
      new Promise((resolve, reject) => {
        const payload = Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
        const packet = { cmd: 'publish' as const, topic, payload, qos: 1 as const, retain: false, dup: false };
        broker.publish(packet, (error) => (error ? reject(error) : resolve()));
      }),
    async stop() {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise<void>((resolve) => broker.close(resolve));
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
