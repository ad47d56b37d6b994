import {
  UpdateShardCount$,
  type UpdateShardCountCommandInput,
  type UpdateShardCountCommandOutput,
} from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { inTheLastDay } from '../daily.ts';
import type { Stream } from '../engine/stream.ts';
import { errors } from '../errors.ts';
import { checkNames } from '../inputs.ts';
import { MAX_RESIZE_TARGET, MAX_RESIZES_PER_DAY, MAX_SHARDS, MIN_SHARDS } from '../limits.ts';
import { refuseOnDemand } from '../resharding.ts';
import type { Streams } from '../streams.ts';
import { Violations } from '../violations.ts';

export function updateShardCount(
  streams: Streams,
): Operation<UpdateShardCountCommandInput, Omit<UpdateShardCountCommandOutput, '$metadata'>> {
  return {
    schema: UpdateShardCount$,
    run(input, call) {
      const violations = new Violations();
      checkNames(violations, input);
      if (violations.required('targetShardCount', input.TargetShardCount)) {
        violations.range('targetShardCount', input.TargetShardCount, MIN_SHARDS, MAX_SHARDS);
      }
      if (violations.required('scalingType', input.ScalingType)) {
        violations.oneOf('scalingType', input.ScalingType, ['UNIFORM_SCALING']);
      }
      violations.raise();
      const stream = streams.getActive(input, call);
      const target = input.TargetShardCount as number;
      const current = stream.openShards.length;
      refuseOnDemand(stream);
      checkTarget(stream, current, target, streams.context.clock.now());
      streams.allowShards(target - current, target - current, stream);
      stream.resizes.push(streams.context.clock.now());
      streams.update(stream, () => stream.reshard(target), Math.max(0, target - current));
      return {
        StreamName: stream.name,
        CurrentShardCount: current,
        TargetShardCount: target,
        StreamARN: stream.arn,
      };
    },
  };
}

/** The limits that the API reference gives for UpdateShardCount. */
function checkTarget({ name, resizes }: Stream, current: number, target: number, now: number): void {
  if (target === current) {
    throw errors.invalid(`TargetShardCount cannot be the same as the current shard count, which is ${current}.`);
  }
  if (target > 2 * current) {
    throw errors.limit(
      `UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: ${current} ` +
        `Target shard count: ${target}`,
    );
  }
  if (target < current / 2) {
    throw errors.limit(
      'UpdateShardCount cannot scale down below half your current open shard count. Current open shard count: ' +
        `${current} Target shard count: ${target}`,
    );
  }
  if (target > MAX_RESIZE_TARGET) {
    throw errors.limit(`UpdateShardCount cannot scale up to more than ${MAX_RESIZE_TARGET} shards.`);
  }
  if (inTheLastDay(resizes, now) >= MAX_RESIZES_PER_DAY) {
    throw errors.limit(`UpdateShardCount can be called ${MAX_RESIZES_PER_DAY} times in 24 hours for stream ${name}.`);
  }
}
