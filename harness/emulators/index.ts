import type { Emulator, EmulatorContext, TlsNames } from '../edge/emulator.ts';
import type { UpgradeHandler } from '../edge/index.ts';
import type { MetricSink } from '../edge/sinks.ts';
import { API_GATEWAY_FAULTS, createApiGateway } from './apigateway/index.ts';
import { createCloudWatch } from './cloudwatch/index.ts';
import { createFirehose } from './firehose/index.ts';
import type { FirehoseOptions } from './firehose/options.ts';
import { IotBroker, mqttOverWebSocket } from './iot/broker/index.ts';
import { createIot, IotRegistry } from './iot/index.ts';
import { createKinesis } from './kinesis/index.ts';
import type { KinesisOptions } from './kinesis/options.ts';
import { createLambda, LAMBDA_FAULTS, type LambdaOptions } from './lambda/index.ts';
import { createLogs } from './logs/index.ts';
import { createOpenSearch, type OpenSearchOptions } from './opensearch/index.ts';
import { createPinpoint } from './pinpoint/index.ts';
import { createRds, type RdsOptions } from './rds/index.ts';
import { createSqs } from './sqs/index.ts';

/** What emulators need of the bench besides what each gets in its context. */
export interface BenchParts extends Omit<LambdaOptions, 'metrics' | 'logs' | 'queues'> {
  /** The real MySQL that DB instances stand for; undefined while it is away. */
  readonly sqlServer: RdsOptions['server'];
  /** The real OpenSearch that domains share; undefined while it is away. */
  readonly openSearchServer: OpenSearchOptions['server'];
  /** Instead of it, where each domain is to have a server of its own. */
  readonly domainServers?: OpenSearchOptions['ownServers'];
  /** Where custom domain names of APIs get TLS. */
  readonly tls?: TlsNames | undefined;
  /** What AWS leaves open about Firehose. */
  readonly firehose?: FirehoseOptions | undefined;
  /** How Kinesis is played here; undefined where LocalStack plays it. */
  readonly kinesis?: KinesisOptions | undefined;
}

export interface Emulators {
  readonly all: readonly Emulator[];
  /** Where the edge counts what passes it by. */
  readonly metrics: MetricSink;
  /** Decides for the MQTT server who connects and who gets which message. */
  readonly broker: IotBroker;
  /** Who takes over connections to the edge: path → handler. */
  readonly upgrades: Readonly<Record<string, UpgradeHandler>>;
  /** What can be made to go wrong, by the first part of a place's name: see `harness/faults`. */
  readonly faultKinds: Readonly<Record<string, readonly string[]>>;
}

/** Every AWS service that naetmul plays itself. `contextOf` gives each its own folder, log and random numbers. */
export function createEmulators(
  contextOf: (name: string) => EmulatorContext,
  { sqlServer, openSearchServer, domainServers, tls, firehose, kinesis, ...bench }: BenchParts,
): Emulators {
  const logs = createLogs(contextOf('logs'));
  const cloudWatch = createCloudWatch(contextOf('cloudwatch'));
  const sinks = { logs: logs.sink, metrics: cloudWatch.sink };
  const sqs = createSqs(contextOf('sqs'), sinks);
  const iotContext = contextOf('iot');
  const registry = new IotRegistry();
  const broker = new IotBroker(iotContext, { registry, metrics: sinks.metrics });
  return {
    all: [
      createApiGateway(contextOf('apigateway'), { ...sinks, tls, faults: bench.faults }),
      createFirehose(contextOf('firehose'), { ...sinks, options: firehose }),
      // Before the queues: when the bench is reset or stopped, whoever reads them ends first.
      createLambda(contextOf('lambda'), { ...bench, ...sinks, queues: sqs.watch }),
      sqs,
      // After its readers, for the same reason.
      ...(kinesis ? [createKinesis(contextOf('kinesis'), { ...sinks, options: kinesis })] : []),
      createPinpoint(contextOf('pinpoint')),
      createRds(contextOf('rds'), { server: sqlServer }),
      ...createIot(iotContext, { registry, broker, metrics: sinks.metrics }),
      createOpenSearch(contextOf('opensearch'), {
        server: openSearchServer,
        ownServers: domainServers,
        edgeUrl: () => bench.edgeUrl(),
      }),
      // Last, since all the others write to them until they are reset or stopped themselves.
      logs,
      cloudWatch,
    ],
    broker,
    upgrades: { '/mqtt': mqttOverWebSocket(() => broker.server) },
    metrics: cloudWatch.sink,
    faultKinds: { apigateway: API_GATEWAY_FAULTS, lambda: LAMBDA_FAULTS },
  };
}
