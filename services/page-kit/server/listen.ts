import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface WebServer {
  readonly host: string;
  readonly port: number;
  /** Takes no more requests, and resolves when those that were taken are answered. */
  close(): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  /** 0: one that is free. */
  readonly port: number;
  /** Closes what the answers were made with; called after the last one. */
  afterClose(): PromiseLike<void>;
}

export async function listen(app: RequestListener, options: ListenOptions): Promise<WebServer> {
  const server = createServer(app);
  // Browsers open connections before they need them. Node takes those for busy, and would wait a minute for each.
  const unused = new Set<Socket>();
  server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }) => unused.delete(socket));
  server.listen(options.port, options.host);
  await once(server, 'listening');
  const { address, port } = server.address() as AddressInfo;
  return {
    host: address,
    port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      for (const socket of unused) socket.destroy();
      await closed;
      await options.afterClose();
    },
  };
}
