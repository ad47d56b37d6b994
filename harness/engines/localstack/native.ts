import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Engine, EngineContext } from '../engine.ts';
import { ask } from '../http.ts';
import { StickyPorts } from '../ports.ts';
import { ServerProcess } from '../process.ts';
import { runningServer } from '../running.ts';
import { installLocalStack, installLocalStackKinesis, STATIC_LIBS } from './install.ts';
import { SETTINGS } from './settings.ts';
import { localStackVersion } from './version.ts';
import { warmUp } from './warm-up.ts';

export interface LocalStackOptions {
  /**
   * The host and port that LocalStack writes into the URLs it makes up (SQS queues above all), such as
   * `localhost:4566` for the edge. By default its own address. A function is asked at each start.
   */
  readonly publicHost?: string | (() => string);
  /** Whether its Kinesis is installed and loaded, too. By default true. */
  readonly kinesis?: boolean;
}

/** It answers after 1 to 3 s on an idle machine of 2 cores. */
const READY_WITHIN_MS = 120_000;
/** Its data is thrown away, so there is nothing that it must be given time to save. */
const STOP_WITHIN_MS = 2_000;

/** LocalStack in host mode: a process of this machine, without Docker, that keeps to its folder and to loopback. */
export function nativeLocalStack(options: LocalStackOptions = {}): Engine {
  const ports = new StickyPorts();
  const { kinesis = true } = options;
  /** Its own folder comes first. */
  const install = async (context: EngineContext): Promise<readonly [string, ...string[]]> => {
    const folder = await installLocalStack(context);
    return kinesis ? [folder, await installLocalStackKinesis(folder, context)] : [folder];
  };
  return {
    name: 'localstack',
    source: 'native',
    async setup(context) {
      await install(context);
    },
    async start(context) {
      const folders = await install(context);
      const [folder] = folders;
      const port = await ports.portFor(context.dataDir);
      const endpoint = `http://127.0.0.1:${port}`;
      const root = join(context.dataDir, 'root');
      const temp = join(context.dataDir, 'tmp');
      // LocalStack keeps everything in memory: what an earlier start in this folder left has no meaning any more.
      for (const old of [root, temp]) rmSync(old, { recursive: true, force: true });
      mkdirSync(temp, { recursive: true });
      // Its libraries are used where they were installed; everything else it writes goes into the run's folder.
      linkLibraries(folders, join(root, STATIC_LIBS));

      context.progress('starting LocalStack');
      const server = await ServerProcess.start({
        name: 'LocalStack',
        command: join(folder, 'venv', 'bin', 'python'),
        args: [join(import.meta.dirname, 'launch.py')],
        cwd: context.dataDir,
        env: {
          // kinesis-mock is run by the `node` that comes first here, and LocalStack looks for `which` and `rm`.
          PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
          HOME: root,
          TMPDIR: temp,
          FILESYSTEM_ROOT: root,
          GATEWAY_LISTEN: `127.0.0.1:${port}`,
          LOCALSTACK_HOST: publicHostOf(options) ?? `localhost:${port}`,
          // Inside a container it would else take itself for its own image and write to /var/lib/localstack.
          OVERRIDE_IN_DOCKER: '0',
          ...SETTINGS,
          PYTHONUTF8: '1',
          PYTHONDONTWRITEBYTECODE: '1',
          PYTHONUNBUFFERED: '1',
        },
        logFile: join(context.dataDir, 'localstack.log'),
        signal: context.signal,
        registerChild: (child) => context.registerChild(child),
        probe: async (signal) => (await ask(`${endpoint}/_localstack/health`, { signal })).status === 200,
        readyWithinMs: READY_WITHIN_MS,
        stopWithinMs: STOP_WITHIN_MS,
      });
      try {
        const [version] = await Promise.all([
          localStackVersion(endpoint, context.signal),
          warmUp(endpoint, context.signal, kinesis),
        ]);
        return runningServer({ name: 'localstack', endpoint, version, server });
      } catch (error) {
        await server.stop();
        throw error;
      }
    },
  };
}

export function publicHostOf({ publicHost }: LocalStackOptions): string | undefined {
  return typeof publicHost === 'function' ? publicHost() : publicHost;
}

/** Makes one folder of what was installed into several. */
function linkLibraries(folders: readonly string[], libraries: string): void {
  mkdirSync(libraries, { recursive: true });
  const found = folders.flatMap((folder) => {
    const installed = join(folder, 'root', STATIC_LIBS);
    return readdirSync(installed).map((name) => [name, join(installed, name)] as const);
  });
  for (const [name, target] of new Map(found)) symlinkSync(target, join(libraries, name));
}
