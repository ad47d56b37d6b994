import type { Shard } from './engine/shard.ts';
import { shardId as idOf } from './engine/shard.ts';
import type { Stream } from './engine/stream.ts';
import { errors } from './errors.ts';
import { shardIndexOf } from './inputs.ts';

/** Streams that scale by themselves are not to be split, merged or resized. */
export function refuseOnDemand({ mode, name }: Stream): void {
  if (mode !== 'ON_DEMAND') return;
  throw errors.validation(`Request is invalid. Stream ${name} is in the ON_DEMAND mode and scales by itself.`);
}

/** An open shard that is to be split or merged. */
export function shardToChange(stream: Stream, shardId: string): Shard {
  const { name, accountId } = stream;
  const index = shardIndexOf(shardId);
  const shard = index === undefined ? undefined : stream.shard(index);
  if (!shard) throw errors.noSuchShard(index === undefined ? shardId : idOf(index), name, accountId);
  if (!shard.isOpen) {
    throw errors.invalid(
      `Shard ${shard.id} in stream ${name} under account ${accountId} has already been merged or split, and thus is not ` +
        'eligible for merging or splitting.',
    );
  }
  return shard;
}
