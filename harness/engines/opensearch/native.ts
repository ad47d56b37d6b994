import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine, EngineContext } from '../engine.ts';
import { ask } from '../http.ts';
import { freePort, StickyPorts } from '../ports.ts';
import { type Owner, othersCanReach, readableCopy, serverOwner } from '../privileges.ts';
import { ServerProcess } from '../process.ts';
import { runningServer } from '../running.ts';
import { archiveFlags, hasArchiveForOtherPath, makeArchive } from './archive.ts';
import { javaArguments, layOut, type OpenSearchFiles } from './command.ts';
import { installOpenSearch } from './install.ts';
import { findJava, type Java } from './java.ts';
import { openSearchVersion } from './version.ts';

const READY_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 5_000;
/** With an archive to be written at its end, about 4 s on 2 cores. */
const TRAINED_STOP_WITHIN_MS = 120_000;

/** OpenSearch as a process of this machine, on loopback. As root it runs as `nobody`, for it refuses to be root. */
export function nativeOpenSearch(): Engine {
  const ports = new StickyPorts();
  return {
    name: 'opensearch',
    source: 'native',
    async setup(context) {
      const [folder, java] = await Promise.all([installOpenSearch(context), findJava(context.signal)]);
      const owner = serverOwner();
      const files = filesOf(folder, context.dataDir, owner);
      if (hasArchiveForOtherPath(context.cacheDir, java, files.home)) return;
      const training: OpenSearchFiles = { home: files.home, dataDir: join(context.dataDir, 'training') };
      await makeArchive(context, java, training, async (flags) => {
        const { server, endpoint } = await boot(context, {
          java,
          files: training,
          owner,
          port: await freePort(),
          archive: flags,
          stopWithinMs: TRAINED_STOP_WITHIN_MS,
        });
        await exercise(endpoint, context.signal);
        await server.stop();
      });
      rmSync(training.dataDir, { recursive: true, force: true });
    },
    async start(context) {
      const [folder, java] = await Promise.all([installOpenSearch(context), findJava(context.signal)]);
      const owner = serverOwner();
      const files = filesOf(folder, context.dataDir, owner);
      const port = await ports.portFor(context.dataDir);
      context.progress('starting OpenSearch');
      const archive = archiveFlags(context.cacheDir, java, files, owner);
      const { server, endpoint } = await boot(context, {
        java,
        files,
        owner,
        port,
        archive,
        stopWithinMs: STOP_WITHIN_MS,
      });
      try {
        const version = await openSearchVersion(endpoint, context.signal);
        return runningServer({ name: 'opensearch', endpoint, version, server });
      } catch (error) {
        await server.stop();
        throw error;
      }
    },
  };
}

/** The cache of root lies under /root, where `nobody` cannot go: then the run's folder gets hard links to it. */
function filesOf(folder: string, dataDir: string, owner: Owner | undefined): OpenSearchFiles {
  if (owner === undefined || othersCanReach(folder)) return { home: folder, dataDir };
  const home = join(dataDir, 'home');
  if (!existsSync(home)) readableCopy(folder, home);
  return { home, dataDir };
}

interface Boot {
  readonly java: Java;
  readonly files: OpenSearchFiles;
  readonly owner: Owner | undefined;
  readonly port: number;
  /** What Java is told about the class archive. */
  readonly archive: readonly string[];
  readonly stopWithinMs: number;
}

async function boot(
  context: EngineContext,
  { java, files, owner, port, archive, stopWithinMs }: Boot,
): Promise<{ readonly server: ServerProcess; readonly endpoint: string }> {
  layOut(files, owner);
  const endpoint = `http://127.0.0.1:${port}`;
  const server = await ServerProcess.start({
    name: 'OpenSearch',
    command: java.executable,
    args: javaArguments(java, files, { http: port, transport: await freePort() }, archive),
    // Variables such as JAVA_TOOL_OPTIONS of the user could change what was measured and archived.
    env: { PATH: process.env.PATH, HOME: files.dataDir, TZ: 'UTC', LC_ALL: 'C' },
    cwd: files.dataDir,
    owner,
    logFile: join(files.dataDir, 'opensearch.log'),
    signal: context.signal,
    registerChild: (child) => context.registerChild(child),
    probe: async (signal) => (await ask(`${endpoint}/_cluster/health?local=true`, { signal })).status === 200,
    readyWithinMs: READY_WITHIN_MS,
    stopWithinMs,
  });
  return { server, endpoint };
}

/** Has the server load the classes of indexing and searching too, so that they are in the archive. */
async function exercise(endpoint: string, signal: AbortSignal): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const call = (method: string, path: string, body?: string): Promise<unknown> =>
    ask(`${endpoint}${path}`, { method, headers, signal, ...(body === undefined ? {} : { body }) });
  const mappings = '{"mappings":{"properties":{"at":{"type":"date"},"word":{"type":"keyword"}}}}';
  await call('PUT', '/_index_template/warm', `{"index_patterns":["warm*"],"template":${mappings}}`);
  await call('POST', '/_bulk?refresh=true', '{"index":{"_index":"warm"}}\n{"at":"2026-01-01","word":"a","text":"b"}\n');
  await call('POST', '/warm/_search', '{"query":{"match":{"text":"b"}},"aggs":{"w":{"terms":{"field":"word"}}}}');
  await call('GET', '/_cat/indices?format=json');
  await call('DELETE', '/warm');
}
