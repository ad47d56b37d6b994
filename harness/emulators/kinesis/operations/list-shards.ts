import {
  ListShards$,
  type ListShardsCommandInput,
  type ListShardsCommandOutput,
  type ShardFilter,
} from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { describeShard } from '../descriptions.ts';
import type { Shard } from '../engine/shard.ts';
import type { Stream } from '../engine/stream.ts';
import { errors } from '../errors.ts';
import { checkNames, checkShardId } from '../inputs.ts';
import { DEFAULT_SHARDS_PAGE, MAX_NEXT_TOKEN_LENGTH, MAX_PAGE } from '../limits.ts';
import type { Streams } from '../streams.ts';
import { type PageToken, readToken, writeToken } from '../tokens.ts';
import { Violations } from '../violations.ts';

const FILTERS = [
  'AFTER_SHARD_ID',
  'AT_TRIM_HORIZON',
  'FROM_TRIM_HORIZON',
  'AT_LATEST',
  'AT_TIMESTAMP',
  'FROM_TIMESTAMP',
];

/** A filter as a token can carry it. */
interface Filter {
  readonly type: string;
  readonly shardId: string;
  /** ms since the epoch. */
  readonly timestamp: number;
}

export function listShards(
  streams: Streams,
): Operation<ListShardsCommandInput, Omit<ListShardsCommandOutput, '$metadata'>> {
  return {
    schema: ListShards$,
    run(input, call) {
      const { MaxResults = DEFAULT_SHARDS_PAGE, NextToken, ...asked } = input;
      check(input);
      const now = streams.context.clock.now();
      const token = NextToken === undefined ? undefined : readToken(NextToken, now);
      const stream = token
        ? streams.get({ StreamARN: token.stream }, call)
        : streams.get({ StreamName: asked.StreamName, StreamARN: asked.StreamARN }, call);
      checkCreation(stream, token?.createdAt ?? asked.StreamCreationTimestamp?.getTime());
      const filter = token ? (token.filter as Filter | undefined) : readFilter(asked.ShardFilter, now);
      const after = token?.after ?? asked.ExclusiveStartShardId ?? '';
      const horizon = now - stream.retentionMs;
      const found = stream.shards.filter((shard) => shard.id > after && passes(shard, filter, horizon));
      const page = found.slice(0, MaxResults);
      const last = page.at(-1);
      if (found.length <= MaxResults || !last) return { Shards: page.map(describeShard) };
      const next: PageToken = { after: last.id, stream: stream.arn, filter, createdAt: stream.createdAt };
      return { Shards: page.map(describeShard), NextToken: writeToken(next, now) };
    },
  };
}

function check(input: ListShardsCommandInput): void {
  const { StreamName, StreamARN, NextToken, ExclusiveStartShardId, MaxResults, ShardFilter } = input;
  const violations = new Violations();
  const isNamed = StreamName !== undefined || StreamARN !== undefined;
  if (isNamed) checkNames(violations, input);
  checkShardId(violations, 'exclusiveStartShardId', ExclusiveStartShardId);
  violations.range('maxResults', MaxResults, 1, MAX_PAGE);
  violations.text('nextToken', NextToken, 1, MAX_NEXT_TOKEN_LENGTH);
  if (ShardFilter !== undefined) {
    if (violations.required('shardFilter.type', ShardFilter.Type)) {
      violations.oneOf('shardFilter.type', ShardFilter.Type, FILTERS);
    }
    checkShardId(violations, 'shardFilter.shardId', ShardFilter.ShardId);
  }
  violations.raise();
  if (NextToken === undefined) {
    if (!isNamed) throw errors.invalid('Either NextToken or StreamName should be provided.');
    return;
  }
  const others = {
    StreamName,
    StreamARN,
    ExclusiveStartShardId,
    ShardFilter,
    StreamCreationTimestamp: input.StreamCreationTimestamp,
  };
  for (const [name, value] of Object.entries(others)) {
    if (value !== undefined) throw errors.invalid(`NextToken and ${name} cannot be provided together.`);
  }
}

/** Another stream of the same name is another. */
function checkCreation({ name, accountId, createdAt }: Stream, asked: number | undefined): void {
  // JSON has whole seconds or three decimals, as the client likes.
  if (asked === undefined || Math.floor(asked / 1000) === Math.floor(createdAt / 1000)) return;
  throw errors.streamNotFound(name, accountId);
}

function readFilter(filter: ShardFilter | undefined, now: number): Filter | undefined {
  if (filter === undefined) return undefined;
  const { Type: type = '', ShardId: shardId, Timestamp: timestamp } = filter;
  if (type === 'AFTER_SHARD_ID' && shardId === undefined) {
    throw errors.invalid('ShardId must be provided when ShardFilter type is AFTER_SHARD_ID.');
  }
  if (type.endsWith('_TIMESTAMP')) {
    if (timestamp === undefined) throw errors.invalid(`Timestamp must be provided when ShardFilter type is ${type}.`);
    if (timestamp.getTime() > now) throw errors.invalid('Timestamp in ShardFilter cannot be in the future.');
  }
  return { type, shardId: shardId ?? '', timestamp: timestamp?.getTime() ?? 0 };
}

/** @param horizon before which nothing is kept, ms since the epoch */
function passes(shard: Shard, filter: Filter | undefined, horizon: number): boolean {
  const { openedAt, closedAt = Number.POSITIVE_INFINITY } = shard;
  // A shard was still open at the instant at which it was closed (API reference, ShardFilter).
  const wasOpen = (instant: number) => openedAt <= instant && closedAt >= instant;
  switch (filter?.type) {
    case 'AFTER_SHARD_ID':
      return shard.id > filter.shardId;
    case 'AT_LATEST':
      return shard.isOpen;
    case 'AT_TRIM_HORIZON':
      // The first shards of a stream younger than its retention are where reading would begin.
      return shard.parents.length === 0 ? closedAt >= horizon : wasOpen(horizon);
    case 'AT_TIMESTAMP':
      return wasOpen(filter.timestamp);
    case 'FROM_TIMESTAMP':
      return closedAt >= filter.timestamp;
    default:
      return closedAt >= horizon;
  }
}
