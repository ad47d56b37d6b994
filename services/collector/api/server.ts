import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Config } from '../config.ts';
import { Database } from '../database.ts';
import type { Log } from '../log.ts';
import { createApp } from './app.ts';
import { findEvents } from './find-events.ts';
import { readDescription } from './openapi.ts';
import { queueSender } from './sqs.ts';

const DATABASE = { connections: 10, connectWithinMs: 3_000, answerWithinMs: 5_000, waiting: 1_000 };

/** Longer than nginx keeps its idle connections (60 s), so that it is nginx who ends them. */
const KEEP_ALIVE_MS = 75_000;

export interface ApiServer {
  readonly host: string;
  readonly port: number;
  /** Takes no more requests, and resolves when those that were taken are answered. */
  close(): Promise<void>;
}

/** Listens at the configured address. The queue and the database are first asked when somebody needs them. */
export async function startServer(config: Config, log: Log): Promise<ApiServer> {
  const queue = queueSender(config);
  const database = new Database(config.database, DATABASE);
  const app = createApp({
    send: (message) => queue.batcher.send(message),
    find: (userId) => findEvents(database, userId),
    log,
    description: readDescription(),
  });
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, app);
  let isClosing = false;
  server.prependListener('request', (_request, response) => {
    if (isClosing) response.setHeader('connection', 'close');
    // A connection whose last request was taken before that is kept alive, and is idle now.
    response.once('close', () => isClosing && setImmediate(() => server.closeIdleConnections()));
  });
  // Whoever only looks whether the port is open may hold a connection. Node takes it for busy, and would wait a minute.
  const unused = new Set<Socket>();
  server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }) => unused.delete(socket));
  server.listen(config.port, config.host);
  await once(server, 'listening');
  const { address, port } = server.address() as AddressInfo;
  return {
    host: address,
    port,
    async close() {
      isClosing = true;
      const closed = once(server, 'close');
      server.close();
      for (const socket of unused) socket.destroy();
      await closed;
      await queue.batcher.drain();
      queue.close();
      await database.close();
    },
  };
}
