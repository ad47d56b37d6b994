import { listen, type WebServer } from '../../../page-kit/server/listen.ts';
import type { Log } from '../../../page-kit/server/log.ts';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import { liveAddress } from './live.ts';
import { Readings } from './readings.ts';
import { connectSearch } from './search-client.ts';

/** Listens at the configured address. OpenSearch is first asked when somebody looks at the page. */
export async function startServer(config: Config, pageFolder: string, log: Log): Promise<WebServer> {
  const search = await connectSearch(config);
  const app = createApp({
    readings: new Readings(search),
    live: () => liveAddress(config, new Date()),
    pageFolder,
    log,
  });
  return listen(app, { host: config.host, port: config.port, afterClose: () => search.close() });
}
