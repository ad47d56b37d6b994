import { type ContainerSpec, type DockerOptions, dockerEngine } from '../docker/engine.ts';
import { IMAGES } from '../docker/images.ts';
import type { Engine } from '../engine.ts';
import { ask } from '../http.ts';
import { type LocalStackOptions, publicHostOf } from './native.ts';
import { SETTINGS } from './settings.ts';
import { localStackVersion } from './version.ts';
import { warmUp } from './warm-up.ts';

const READY_WITHIN_MS = 180_000;
/** Its data is thrown away, so there is nothing that it must be given time to save. */
const STOP_WITHIN_MS = 2_000;

/** LocalStack in a container. It keeps everything in memory, so a container that died is replaced. */
export function dockerLocalStack(options: LocalStackOptions & DockerOptions): Engine {
  const spec: ContainerSpec = {
    name: 'localstack',
    title: 'LocalStack',
    port: 4566,
    keepsData: false,
    readyWithinMs: READY_WITHIN_MS,
    stopWithinMs: STOP_WITHIN_MS,
    async container({ bindings }) {
      const { LocalstackContainer } = await import('@testcontainers/localstack');
      class OnLoopback extends LocalstackContainer {
        // Instead of what the module does here: its label for the containers of Lambda functions, which there are none
        // of, is another one in each run, and a container that was kept would never be found again.
        protected override async beforeContainerCreated(): Promise<void> {
          this.hostConfig.PortBindings = { ...bindings };
        }
      }
      return new OnLoopback(IMAGES.localstack).withEnvironment({
        LOCALSTACK_HOST: publicHostOf(options) ?? 'localhost:4566',
        ...SETTINGS,
      });
    },
    endpoint: (host, port) => `http://${host}:${port}`,
    answers: async (endpoint, signal) => (await ask(`${endpoint}/_localstack/health`, { signal })).status === 200,
    version: localStackVersion,
    prepare: (endpoint, signal) => warmUp(endpoint, signal, options.kinesis),
  };
  return dockerEngine(spec, options);
}
