import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '../clock/index.ts';
import type { Emulator, EmulatorContext } from '../edge/emulator.ts';
import { type TestEdge, testEdge } from '../edge/testing.ts';
import { createApiGateway } from '../emulators/apigateway/index.ts';
import { createCloudWatch } from '../emulators/cloudwatch/index.ts';
import { createFirehose } from '../emulators/firehose/index.ts';
import { createLambda } from '../emulators/lambda/index.ts';
import { createLogs } from '../emulators/logs/index.ts';
import { createOpenSearch } from '../emulators/opensearch/index.ts';
import { createPinpoint } from '../emulators/pinpoint/index.ts';
import { createRds } from '../emulators/rds/index.ts';
import { createSqs } from '../emulators/sqs/index.ts';
import type { Engine } from '../engines/engine.ts';
import { nativeLocalStack } from '../engines/localstack/index.ts';
import { mysqlAddress } from '../engines/mysql/address.ts';
import { nativeMysql } from '../engines/mysql/index.ts';
import { nativeOpenSearch } from '../engines/opensearch/index.ts';
import { startEngine } from '../engines/testing.ts';
import { FaultPlan } from '../faults/index.ts';
import type { DeployOptions } from './options.ts';

const DEFAULTS = { region: 'ap-northeast-2', accountId: '000000000000' } as const;

/** The real servers that a test asks for, an edge before them, and our emulators: what a template can be deployed to. */
export interface TestAws extends AsyncDisposable, TestEdge {
  readonly options: DeployOptions;
  /** A folder for files of the test, removed in the end. */
  readonly dataDir: string;
  /** What deployment told. */
  readonly progress: string[];
  /** Forgets what a killed LocalStack forgets. */
  loseLocalStack(): Promise<void>;
  /** What a reset of the bench does between taking down and making anew. */
  resetEmulators(): Promise<void>;
}

/** Which real servers a test needs. */
export interface TestServers {
  /** By default true; without it there is only what we play ourselves. */
  readonly localstack?: boolean;
  /** For DB instances. */
  readonly mysql?: boolean;
  /** For domains. */
  readonly openSearch?: boolean;
}

export async function testAws(name: string, servers: TestServers = {}): Promise<TestAws> {
  const dataDir = await mkdtemp(join(tmpdir(), 'naetmul-deploy-'));
  const startIf = async (asked: boolean | undefined, engine: Engine) =>
    asked ? await startEngine(engine, join(dataDir, engine.name)) : undefined;
  const startLocalStack = () => startIf(servers.localstack ?? true, nativeLocalStack());
  const [mysql, openSearch, firstLocalStack] = await Promise.all([
    startIf(servers.mysql, nativeMysql()),
    startIf(servers.openSearch, nativeOpenSearch()),
    startLocalStack(),
  ]);
  let localstack = firstLocalStack;
  const edge = await testEdge({ upstream: () => localstack?.endpoint, defaults: DEFAULTS });
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
  const sqs = createSqs(context, sinks);
  const lambda = { ...sinks, queues: sqs.watch, faults: new FaultPlan(), edgeUrl: () => edge.url };
  const emulators: Emulator[] = [
    metrics,
    logs,
    createApiGateway(context, sinks),
    createFirehose(context, sinks),
    createLambda(context, lambda),
    sqs,
    createPinpoint(context),
    createRds(context, { server: () => mysql && mysqlAddress(mysql.endpoint) }),
    createOpenSearch(context, { server: () => openSearch && { url: openSearch.endpoint }, edgeUrl: () => edge.url }),
  ];
  for (const emulator of emulators) edge.edge.register(emulator);
  const progress: string[] = [];
  return {
    ...edge,
    progress,
    dataDir,
    options: {
      name,
      aws: edge.edge.access,
      ...DEFAULTS,
      progress: (message) => void progress.push(message),
      urlFor: (apiId, stage) => `${edge.url}/_aws/execute-api/${apiId}/${stage}`,
    },
    async loseLocalStack() {
      await localstack?.stop();
      localstack = await startLocalStack();
    },
    async resetEmulators() {
      for (const emulator of emulators) await emulator.reset?.();
    },
    async [Symbol.asyncDispose]() {
      for (const emulator of emulators) await emulator.stop?.();
      await edge[Symbol.asyncDispose]();
      for (const server of [localstack, mysql, openSearch]) await server?.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
