import { MergeShards$, type MergeShardsCommandInput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import { checkNames, checkShardId } from '../inputs.ts';
import { refuseOnDemand, shardToChange } from '../resharding.ts';
import type { Streams } from '../streams.ts';
import { Violations } from '../violations.ts';

export function mergeShards(streams: Streams): Operation<MergeShardsCommandInput> {
  return {
    schema: MergeShards$,
    run(input, call) {
      const violations = new Violations();
      checkNames(violations, input);
      if (violations.required('shardToMerge', input.ShardToMerge)) {
        checkShardId(violations, 'shardToMerge', input.ShardToMerge);
      }
      if (violations.required('adjacentShardToMerge', input.AdjacentShardToMerge)) {
        checkShardId(violations, 'adjacentShardToMerge', input.AdjacentShardToMerge);
      }
      violations.raise();
      const stream = streams.getActive(input, call);
      refuseOnDemand(stream);
      const left = shardToChange(stream, input.ShardToMerge as string);
      const right = shardToChange(stream, input.AdjacentShardToMerge as string);
      if (left.range.end + 1n !== right.range.start) {
        throw errors.invalid(
          `Shards ${left.id} and ${right.id} in stream ${stream.name} under account ${stream.accountId} are not an ` +
            'adjacent pair of shards eligible for merging',
        );
      }
      streams.update(stream, () => stream.merge(left, right));
    },
  };
}
