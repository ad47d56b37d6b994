import { listen, type WebServer } from '../../../page-kit/server/listen.ts';
import type { Log } from '../../../page-kit/server/log.ts';
import { connectOpenSearch } from '../../src/opensearch.ts';
import { Analytics } from './analytics.ts';
import { createApp } from './app.ts';
import type { Config } from './config.ts';

/** Listens at the configured address. OpenSearch is first asked when somebody looks at the page. */
export async function startServer(config: Config, pageFolder: string, log: Log): Promise<WebServer> {
  const openSearch = connectOpenSearch(config.openSearch);
  const app = createApp({ analytics: new Analytics(openSearch, config.indexName), pageFolder, log });
  return listen(app, { host: config.host, port: config.port, afterClose: () => openSearch[Symbol.asyncDispose]() });
}
