import {
  EnableEnhancedMonitoring$,
  type EnableEnhancedMonitoringCommandInput,
  type EnableEnhancedMonitoringCommandOutput,
} from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { readMetrics, shownMetrics } from '../monitoring.ts';
import type { Streams } from '../streams.ts';

export function enableEnhancedMonitoring(
  streams: Streams,
): Operation<EnableEnhancedMonitoringCommandInput, Omit<EnableEnhancedMonitoringCommandOutput, '$metadata'>> {
  return {
    schema: EnableEnhancedMonitoring$,
    run(input, call) {
      const metrics = readMetrics(input);
      const stream = streams.getActive(input, call);
      const before = shownMetrics(stream.shardMetrics);
      for (const metric of metrics) stream.shardMetrics.add(metric);
      return {
        StreamName: stream.name,
        CurrentShardLevelMetrics: before,
        DesiredShardLevelMetrics: shownMetrics(stream.shardMetrics),
        StreamARN: stream.arn,
      };
    },
  };
}
