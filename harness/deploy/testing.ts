import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '../clock/index.ts';
import type { Emulator, EmulatorContext } from '../edge/emulator.ts';
import { type TestEdge, testEdge } from '../edge/testing.ts';
import { createApiGateway } from '../emulators/apigateway/index.ts';
import { createCloudWatch } from '../emulators/cloudwatch/index.ts';
import { createFirehose } from '../emulators/firehose/index.ts';
import { createLogs } from '../emulators/logs/index.ts';
import { nativeLocalStack } from '../engines/localstack/index.ts';
import { cacheFolder } from '../engines/setup/cache-folder.ts';
import type { DeployOptions } from './options.ts';

const DEFAULTS = { region: 'ap-northeast-2', accountId: '000000000000' } as const;

/** The real LocalStack, an edge before it, and our emulators: what a template can be deployed to. */
export interface TestAws extends AsyncDisposable, TestEdge {
  readonly options: DeployOptions;
  /** What deployment told. */
  readonly progress: string[];
  /** Forgets what a killed LocalStack forgets. */
  loseLocalStack(): Promise<void>;
}

export async function testAws(name: string): Promise<TestAws> {
  const dataDir = await mkdtemp(join(tmpdir(), 'naetmul-deploy-'));
  const start = () =>
    nativeLocalStack().start({
      dataDir,
      cacheDir: cacheFolder(),
      offline: false,
      progress: () => undefined,
      registerChild: () => undefined,
      signal: new AbortController().signal,
    });
  let localstack = await start();
  const edge = await testEdge({ upstream: () => localstack.endpoint, defaults: DEFAULTS });
  const context: EmulatorContext = {
    clock: edge.clock,
    random: createRandom('deploy'),
    ledger: { append: () => 0 },
    aws: edge.edge.access,
    dataDir,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    defaults: DEFAULTS,
  };
  const metrics = createCloudWatch(context);
  const logs = createLogs(context);
  const sinks = { metrics: metrics.sink, logs: logs.sink };
  const emulators: Emulator[] = [metrics, logs, createApiGateway(context, sinks), createFirehose(context, sinks)];
  for (const emulator of emulators) edge.edge.register(emulator);
  const progress: string[] = [];
  return {
    ...edge,
    progress,
    options: {
      name,
      aws: edge.edge.access,
      ...DEFAULTS,
      progress: (message) => void progress.push(message),
      urlFor: (apiId, stage) => `${edge.url}/_aws/execute-api/${apiId}/${stage}`,
    },
    async loseLocalStack() {
      await localstack.stop();
      localstack = await start();
    },
    async [Symbol.asyncDispose]() {
      for (const emulator of emulators) await emulator.stop?.();
      await edge[Symbol.asyncDispose]();
      await localstack.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
