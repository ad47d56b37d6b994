import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../../src/log.ts';
import { connectOpenSearch } from '../../src/opensearch.ts';
import { Analytics } from './analytics.ts';
import { createApp } from './app.ts';
import type { Config } from './config.ts';

export interface WebServer {
  readonly host: string;
  readonly port: number;
  /** Takes no more requests, and resolves when those that were taken are answered. */
  close(): Promise<void>;
}

/** Listens at the configured address. OpenSearch is first asked when somebody looks at the page. */
export async function startServer(config: Config, pageFolder: string, log: Log): Promise<WebServer> {
  const openSearch = connectOpenSearch(config.openSearch);
  const analytics = new Analytics(openSearch, config.indexName);
  const server = createServer(createApp({ analytics, pageFolder, log }));
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
      await openSearch[Symbol.asyncDispose]();
    },
  };
}
