/** The view as a process: `node web/server/main.ts`. Builds the page first where it is missing or out of date. */
import { jsonLog } from '../../src/log.ts';
import { ensurePage } from '../build.ts';
import { ConfigError, readConfig } from './config.ts';
import { startServer, type WebServer } from './server.ts';

/** How long the last requests may take, in ms: less than Docker waits (10 s). */
const LAST_REQUESTS_MS = 9_000;

let server: WebServer;
try {
  const config = readConfig(process.env);
  const { folder, builtInMs } = await ensurePage();
  if (builtInMs !== undefined) jsonLog('info', 'The page was built', { folder, ms: builtInMs });
  server = await startServer(config, folder, jsonLog);
} catch (error) {
  const { message } = error as Error;
  jsonLog('error', error instanceof ConfigError ? message : `The view cannot start: ${message}`);
  process.exit(1);
}
jsonLog('info', 'The view listens', { host: server.host, port: server.port });

let isEnding = false;
const end = async (signal: string): Promise<void> => {
  if (isEnding) return;
  isEnding = true;
  jsonLog('info', 'The view ends', { signal });
  setTimeout(() => process.exit(1), LAST_REQUESTS_MS).unref();
  await server.close();
  process.exit(0);
};
process.on('SIGTERM', end);
process.on('SIGINT', end);
