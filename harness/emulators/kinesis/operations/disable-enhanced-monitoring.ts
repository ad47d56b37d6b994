import {
  DisableEnhancedMonitoring$,
  type DisableEnhancedMonitoringCommandInput,
  type DisableEnhancedMonitoringCommandOutput,
} from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { readMetrics, shownMetrics } from '../monitoring.ts';
import type { Streams } from '../streams.ts';

export function disableEnhancedMonitoring(
  streams: Streams,
): Operation<DisableEnhancedMonitoringCommandInput, Omit<DisableEnhancedMonitoringCommandOutput, '$metadata'>> {
  return {
    schema: DisableEnhancedMonitoring$,
    run(input, call) {
      const metrics = readMetrics(input);
      const stream = streams.getActive(input, call);
      const before = shownMetrics(stream.shardMetrics);
      for (const metric of metrics) stream.shardMetrics.delete(metric);
      return {
        StreamName: stream.name,
        CurrentShardLevelMetrics: before,
        DesiredShardLevelMetrics: shownMetrics(stream.shardMetrics),
        StreamARN: stream.arn,
      };
    },
  };
}
