/** The view as a process: `node web/server/main.ts`. Builds the page first where it is missing or out of date. */
import { runServer } from '../../../page-kit/server/process.ts';
import { jsonLog } from '../../src/log.ts';
import { ensurePage } from '../build.ts';
import { readConfig } from './config.ts';
import { startServer } from './server.ts';

await runServer({ name: 'The view', readConfig, ensurePage, startServer, log: jsonLog });
