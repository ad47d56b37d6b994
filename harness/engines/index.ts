import { externalAws, withCapabilityCheck } from './aws/index.ts';
import type { DockerOptions } from './docker/index.ts';
import type { Engine } from './engine.ts';
import { dockerLocalStack, externalLocalStack, nativeLocalStack } from './localstack/index.ts';
import { nativeMiniStack } from './ministack/index.ts';
import { mqttBroker } from './mqtt/index.ts';
import { dockerMysql, externalMysql, type NativeMysqlOptions, nativeMysql, type SqlFlavour } from './mysql/index.ts';
import { dockerOpenSearch, externalOpenSearch, nativeOpenSearch } from './opensearch/index.ts';
import { checkOverrides, kinesisPlayer, type Stack } from './stack.ts';

export interface EnginesOptions {
  /** Where engines come from that are not given by an address. By default `native`. */
  readonly stack?: Stack;
  /** Containers are found again that an earlier run has kept, and kept for the next one. By default false. */
  readonly reuse?: boolean;
  /** Name → URL of servers that already run, or → the name of what is chosen (`--engine name=url`). */
  readonly overrides?: Readonly<Record<string, string>>;
  /** The port of MQTT over TLS; 0 takes a free one. By default 8883. */
  readonly mqttPort?: number;
  /** The address that MQTT listens on. By default loopback. */
  readonly host?: string;
  /** The host and port of the edge, for the URLs that LocalStack makes up; a function is asked at each start. */
  readonly publicHost?: string | (() => string);
}

/**
 * The four engines, not started. Each is independent of the others, so they can be set up and started side by side.
 * Errors: `ENGINE_UNKNOWN`, `ENGINE_URL_INVALID`.
 */
export function createEngines(options: EnginesOptions = {}): readonly Engine[] {
  const overrides = options.overrides ?? {};
  const { opensearch, mysql, ...others } = checkOverrides(overrides);
  const stack = COLUMNS[options.stack ?? 'native'];
  const { publicHost, reuse = false } = options;
  const kinesis = kinesisPlayer(overrides) === 'localstack';
  return [
    otherAws(others) ?? stack.localstack({ reuse, kinesis, ...(publicHost && { publicHost }) }),
    opensearch === undefined ? stack.opensearch({ reuse }) : externalOpenSearch(opensearch),
    mysql?.includes('://') ? externalMysql(mysql) : stack.mysql({ reuse, flavour: mysql as SqlFlavour | undefined }),
    mqttBroker({ port: options.mqttPort, host: options.host }),
  ];
}

/** The servers that are not given by an address. MariaDB has no image here: who asks for it gets a process. */
const COLUMNS = {
  native: { localstack: nativeLocalStack, opensearch: () => nativeOpenSearch(), mysql: nativeMysql },
  docker: {
    localstack: dockerLocalStack,
    opensearch: dockerOpenSearch,
    mysql: ({ reuse, flavour }: DockerOptions & NativeMysqlOptions) =>
      flavour === 'mariadb' ? nativeMysql({ flavour }) : dockerMysql({ reuse }),
  },
} as const;

/** Who stands behind the endpoint instead of the LocalStack that the stack has; undefined for that one. */
function otherAws({ aws, localstack, ...others }: Readonly<Partial<Record<string, string>>>): Engine | undefined {
  const services = ['s3', 'iam', 'sts', ...(kinesisPlayer(others) === 'naetmul' ? [] : ['kinesis' as const])] as const;
  const checked = (engine: Engine) => withCapabilityCheck(engine, services);
  if (localstack !== undefined) return checked(externalLocalStack(localstack));
  if (aws === 'ministack') return checked(nativeMiniStack());
  return aws === undefined || aws === 'localstack' ? undefined : checked(externalAws(aws));
}

export { type EngineContextOptions, engineContext } from './context.ts';
export type { Engine, EngineContext, EngineExit, EngineName, EngineSource, RunningEngine } from './engine.ts';
export { makeRunsRoot, openRun, type Run, runsRoot, type Swept, sweepLeftovers } from './leftovers.ts';
export { LOCALSTACK_VERSION, localstackTool } from './localstack/index.ts';
export { MQTT_PORT, type RunningMqtt } from './mqtt/index.ts';
export { type MysqlAddress, mysqlAddress } from './mysql/address.ts';
export { mysqlOnPath } from './mysql/index.ts';
export { freePort, isFree, portTaken, whoListens } from './ports.ts';
export { checkPrerequisites, type Prerequisite } from './prerequisites.ts';
export { cacheFolder, compileCacheFolder } from './setup/cache-folder.ts';
export {
  dockerAnswers,
  type KinesisPlayer,
  kinesisPlayer,
  parseOverrides,
  resolveStack,
  type Stack,
  type StackKind,
} from './stack.ts';
