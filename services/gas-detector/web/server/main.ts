/** The web site as a process: `node web/server/main.ts`. Builds the page first where it is missing or out of date. */
import { jsonLog } from '../../../page-kit/server/log.ts';
import { runServer } from '../../../page-kit/server/process.ts';
import { ensurePage } from '../build.ts';
import { readConfig } from './config.ts';
import { startServer } from './server.ts';

await runServer({ name: 'The web site', readConfig, ensurePage, startServer, log: jsonLog });
