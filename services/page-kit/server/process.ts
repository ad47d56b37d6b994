import type { BuiltPage } from '../build.ts';
import { ConfigError, type Environment } from './config.ts';
import type { WebServer } from './listen.ts';
import type { Log } from './log.ts';

export interface ProcessOptions<Config> {
  /** What the log calls it: `The web site`. */
  readonly name: string;
  /** Errors: `ConfigError`. */
  readConfig(env: Environment): Config;
  ensurePage(): Promise<BuiltPage>;
  startServer(config: Config, pageFolder: string, log: Log): Promise<WebServer>;
  readonly log: Log;
}

/** How long the last requests may take, in ms: less than Docker waits (10 s). */
const LAST_REQUESTS_MS = 9_000;

/** Runs a server as this process, until a signal ends it. */
export async function runServer<Config>(options: ProcessOptions<Config>): Promise<void> {
  const { name, log } = options;
  let server: WebServer;
  try {
    const config = options.readConfig(process.env);
    const { folder, builtInMs } = await options.ensurePage();
    if (builtInMs !== undefined) log('info', 'The page was built', { folder, ms: builtInMs });
    server = await options.startServer(config, folder, log);
  } catch (error) {
    const { message } = error as Error;
    log('error', error instanceof ConfigError ? message : `${name} cannot start: ${message}`);
    process.exit(1);
  }
  log('info', `${name} listens`, { host: server.host, port: server.port });

  let isEnding = false;
  const end = async (signal: string): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    log('info', `${name} ends`, { signal });
    setTimeout(() => process.exit(1), LAST_REQUESTS_MS).unref();
    await server.close();
    process.exit(0);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
