import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

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
      await closed;
      await options.afterClose();
    },
  };
}
