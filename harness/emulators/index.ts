import type { Emulator, EmulatorContext } from '../edge/emulator.ts';
import type { MetricSink } from '../edge/sinks.ts';
import { createApiGateway } from './apigateway/index.ts';
import { createCloudWatch } from './cloudwatch/index.ts';
import { createFirehose } from './firehose/index.ts';
import { createLogs } from './logs/index.ts';

export interface Emulators {
  readonly all: readonly Emulator[];
  /** Where the edge counts what passes it by. */
  readonly metrics: MetricSink;
}

/** Every AWS service that naetmul plays itself. `contextOf` gives each its own folder, log and random numbers. */
export function createEmulators(contextOf: (name: string) => EmulatorContext): Emulators {
  const logs = createLogs(contextOf('logs'));
  const cloudWatch = createCloudWatch(contextOf('cloudwatch'));
  const sinks = { logs: logs.sink, metrics: cloudWatch.sink };
  return {
    all: [
      logs,
      cloudWatch,
      createApiGateway(contextOf('apigateway'), sinks),
      createFirehose(contextOf('firehose'), sinks),
    ],
    metrics: cloudWatch.sink,
  };
}
