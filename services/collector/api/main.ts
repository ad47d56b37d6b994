/** The API server as a process: `node api/main.ts`. Ends on SIGTERM and SIGINT when it has answered what it has taken. */
import { ConfigError, readConfig } from '../config.ts';
import { jsonLog } from '../log.ts';
import { type ApiServer, startServer } from './server.ts';

/** How long the last requests may take, in ms: as long as the queue may, and less than Docker waits (10 s). */
const LAST_REQUESTS_MS = 9_500;

let server: ApiServer;
try {
  server = await startServer(readConfig(process.env), jsonLog);
} catch (error) {
  const { message } = error as Error;
  jsonLog('error', error instanceof ConfigError ? message : `The API server cannot start: ${message}`);
  process.exit(1);
}
jsonLog('info', 'The API server listens', { host: server.host, port: server.port });

let isEnding = false;
const end = async (signal: string): Promise<void> => {
  if (isEnding) return;
  isEnding = true;
  jsonLog('info', 'The API server ends', { signal });
  setTimeout(() => {
    jsonLog('error', 'Some requests were not answered in time');
    process.exit(1);
  }, LAST_REQUESTS_MS).unref();
  await server.close();
  process.exit(0);
};
process.on('SIGTERM', end);
process.on('SIGINT', end);
