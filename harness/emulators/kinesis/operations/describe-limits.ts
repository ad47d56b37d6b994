import { DescribeLimits$, type DescribeLimitsCommandOutput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { ON_DEMAND_STREAM_LIMIT, shardLimitOf } from '../limits.ts';
import type { Streams } from '../streams.ts';

export function describeLimits(streams: Streams): Operation<object, Omit<DescribeLimitsCommandOutput, '$metadata'>> {
  return {
    schema: DescribeLimits$,
    run: (_input, call) => ({
      ShardLimit: shardLimitOf(call.region),
      OpenShardCount: streams.openShards(call),
      OnDemandStreamCount: streams.onDemandStreams(call),
      OnDemandStreamCountLimit: ON_DEMAND_STREAM_LIMIT,
    }),
  };
}
