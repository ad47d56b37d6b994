import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import { liveAddress } from './live.ts';
import type { Log } from './log.ts';
import { Readings } from './readings.ts';
import { connectSearch } from './search-client.ts';

export interface WebServer {
  readonly host: string;
  readonly port: number;
  /** Takes no more requests, and resolves when those that were taken are answered. */
  close(): Promise<void>;
}

/** Listens at the configured address. OpenSearch is first asked when somebody looks at the page. */
export async function startServer(config: Config, pageFolder: string, log: Log): Promise<WebServer> {
  const search = await connectSearch(config);
  const app = createApp({
    readings: new Readings(search),
    live: () => liveAddress(config, new Date()),
    pageFolder,
    log,
  });
  const server = createServer(app);
  server.listen(config.port, config.host);
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
      await search.close();
    },
  };
}
