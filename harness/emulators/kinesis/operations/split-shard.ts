import { SplitShard$, type SplitShardCommandInput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import { checkNames, checkShardId } from '../inputs.ts';
import { HASH_KEY_PATTERN } from '../limits.ts';
import { refuseOnDemand, shardToChange } from '../resharding.ts';
import type { Streams } from '../streams.ts';
import { Violations } from '../violations.ts';

export function splitShard(streams: Streams): Operation<SplitShardCommandInput> {
  return {
    schema: SplitShard$,
    run(input, call) {
      const violations = new Violations();
      checkNames(violations, input);
      if (violations.required('shardToSplit', input.ShardToSplit)) {
        checkShardId(violations, 'shardToSplit', input.ShardToSplit);
      }
      if (violations.required('newStartingHashKey', input.NewStartingHashKey)) {
        violations.text('newStartingHashKey', input.NewStartingHashKey, 0, Number.POSITIVE_INFINITY, HASH_KEY_PATTERN);
      }
      violations.raise();
      const stream = streams.getActive(input, call);
      refuseOnDemand(stream);
      const { name, accountId } = stream;
      const shard = shardToChange(stream, input.ShardToSplit as string);
      streams.allowShards(1, 1, stream);
      const newStart = BigInt(input.NewStartingHashKey as string);
      const { start, end } = shard.range;
      if (newStart <= start + 1n || newStart >= end) {
        throw errors.invalid(
          `NewStartingHashKey ${newStart} used in SplitShard() on shard ${shard.id} in stream ${name} under account ` +
            `${accountId} is not both greater than one plus the shard's StartingHashKey ${start} and less than the ` +
            `shard's EndingHashKey ${end}.`,
        );
      }
      streams.update(stream, () => stream.split(shard, newStart), 1);
    },
  };
}
