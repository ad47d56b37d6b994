import { type ContainerSpec, type DockerOptions, dockerEngine } from '../docker/engine.ts';
import { IMAGES } from '../docker/images.ts';
import { dockerDaemon } from '../docker/runtime.ts';
import type { Engine } from '../engine.ts';
import { ask } from '../http.ts';
import { completeModules } from './complete.ts';
import { emptyOpenSearch } from './empty.ts';
import { openSearchVersion } from './version.ts';

const READY_WITHIN_MS = 180_000;
const STOP_WITHIN_MS = 10_000;
/** As the native server has it. */
const HEAP = '512m';

/** OpenSearch in a container: with all of its plugins but the one that asks for passwords and certificates. */
export function dockerOpenSearch(options: DockerOptions): Engine {
  const spec: ContainerSpec = {
    name: 'opensearch',
    title: 'OpenSearch',
    port: 9200,
    keepsData: true,
    readyWithinMs: READY_WITHIN_MS,
    stopWithinMs: STOP_WITHIN_MS,
    async container({ bindings, context }) {
      const { OpenSearchContainer } = await import('@testcontainers/opensearch');
      class OnLoopback extends OpenSearchContainer {
        protected override async beforeContainerCreated(): Promise<void> {
          this.hostConfig.PortBindings = { ...bindings };
        }

        protected override async containerCreated(id: string): Promise<void> {
          await completeModules((await dockerDaemon()).container.getById(id), context);
        }
      }
      return new OnLoopback(IMAGES.opensearch).withSecurityEnabled(false).withEnvironment({
        DISABLE_SECURITY_PLUGIN: 'true',
        DISABLE_INSTALL_DEMO_CONFIG: 'true',
        DISABLE_PERFORMANCE_ANALYZER_AGENT_CLI: 'true',
        OPENSEARCH_JAVA_OPTS: `-Xms${HEAP} -Xmx${HEAP}`,
        'cluster.name': 'naetmul',
        'node.name': 'naetmul',
        'cluster.routing.allocation.disk.threshold_enabled': 'false',
      });
    },
    endpoint: (host, port) => `http://${host}:${port}`,
    answers: async (endpoint, signal) =>
      (await ask(`${endpoint}/_cluster/health?local=true`, { signal })).status === 200,
    version: openSearchVersion,
    empty: emptyOpenSearch,
  };
  return dockerEngine(spec, options);
}
