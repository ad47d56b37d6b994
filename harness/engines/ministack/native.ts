import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../engine.ts';
import { ask } from '../http.ts';
import { StickyPorts } from '../ports.ts';
import { ServerProcess } from '../process.ts';
import { runningServer } from '../running.ts';
import { installMiniStack } from './install.ts';
import { miniStackVersion } from './version.ts';

/** It answers after 0.2 to 1 s on an idle machine of 2 cores. */
const READY_WITHIN_MS = 60_000;
/** Its data is thrown away, so there is nothing that it must be given time to save. */
const STOP_WITHIN_MS = 2_000;

/** MiniStack as a process of this machine, on loopback, with nothing but its own folder. */
export function nativeMiniStack(): Engine {
  const ports = new StickyPorts();
  return {
    name: 'localstack',
    source: 'native',
    async setup(context) {
      await installMiniStack(context);
    },
    async start(context) {
      const { python, packages } = await installMiniStack(context);
      const port = await ports.portFor(context.dataDir);
      const endpoint = `http://127.0.0.1:${port}`;
      const temp = join(context.dataDir, 'tmp');
      mkdirSync(temp, { recursive: true });
      context.progress('starting MiniStack');
      const server = await ServerProcess.start({
        name: 'MiniStack',
        command: python,
        args: ['-m', 'ministack'],
        cwd: context.dataDir,
        env: {
          PATH: process.env.PATH,
          HOME: context.dataDir,
          TMPDIR: temp,
          PYTHONPATH: packages,
          PYTHONNOUSERSITE: '1',
          PYTHONDONTWRITEBYTECODE: '1',
          PYTHONUNBUFFERED: '1',
          PYTHONUTF8: '1',
          TZ: 'UTC',
          GATEWAY_PORT: String(port),
          BIND_HOST: '127.0.0.1',
          // Buckets are found in hosts below this name, which the endpoint writes; see harness/edge/raw-headers.ts.
          MINISTACK_HOST: 'localhost.localstack.cloud',
          // It would remove containers that another MiniStack of this machine has made.
          DOCKER_HOST: `unix://${join(temp, 'no-docker.sock')}`,
          LOG_LEVEL: 'WARNING',
        },
        logFile: join(context.dataDir, 'ministack.log'),
        signal: context.signal,
        registerChild: (child) => context.registerChild(child),
        probe: async (signal) => (await ask(`${endpoint}/_ministack/health`, { signal })).status === 200,
        readyWithinMs: READY_WITHIN_MS,
        stopWithinMs: STOP_WITHIN_MS,
      });
      try {
        const version = await miniStackVersion(endpoint, context.signal);
        return runningServer({ name: 'localstack', endpoint, version: `MiniStack ${version}`, server });
      } catch (error) {
        await server.stop();
        throw error;
      }
    },
  };
}
