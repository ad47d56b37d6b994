import {
  GetShardIterator$,
  type GetShardIteratorCommandInput,
  type GetShardIteratorCommandOutput,
} from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { parseSequenceNumber } from '../engine/sequence-number.ts';
import { type Shard, shardId } from '../engine/shard.ts';
import type { Stream } from '../engine/stream.ts';
import { errors } from '../errors.ts';
import { checkNames, checkShardId, shardIndexOf } from '../inputs.ts';
import { SEQUENCE_NUMBER_PATTERN } from '../limits.ts';
import { locate, type Streams } from '../streams.ts';
import { Violations } from '../violations.ts';

type Input = GetShardIteratorCommandInput;

const TYPES = ['AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_TIMESTAMP', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON'];

export function getShardIterator(streams: Streams): Operation<Input, Omit<GetShardIteratorCommandOutput, '$metadata'>> {
  return {
    schema: GetShardIterator$,
    run(input, call) {
      const violations = new Violations();
      checkNames(violations, input);
      if (violations.required('shardId', input.ShardId)) checkShardId(violations, 'shardId', input.ShardId);
      if (violations.required('shardIteratorType', input.ShardIteratorType)) {
        violations.oneOf('shardIteratorType', input.ShardIteratorType, TYPES);
      }
      const { StartingSequenceNumber: starting } = input;
      violations.text('startingSequenceNumber', starting, 0, Number.POSITIVE_INFINITY, SEQUENCE_NUMBER_PATTERN);
      violations.raise();
      const location = locate(input, call);
      const { name, accountId, region } = location;
      const index = shardIndexOf(input.ShardId as string);
      if (index === undefined) throw errors.noSuchShard(input.ShardId as string, name, accountId);
      const stream = streams.at(location);
      const shard = stream?.shard(index);
      if (!stream || !shard) throw errors.shardNotFound(shardId(index), name, accountId);
      const now = streams.context.clock.now();
      const position = { accountId, region, stream: name, streamId: stream.id, shardIndex: index };
      const next = positionOf(input, stream, shard, now);
      return { ShardIterator: streams.iterators.seal({ ...position, next }, now) };
    },
  };
}

/** The number of the record to begin with. */
function positionOf(input: Input, stream: Stream, shard: Shard, now: number): number {
  const { ShardIteratorType: type, StartingSequenceNumber: starting } = input;
  if (starting !== undefined) {
    if (type === 'TRIM_HORIZON' || type === 'LATEST') throw eitherOr(type, 'also a StartingSequenceNumber');
    if (type !== 'AT_TIMESTAMP') {
      const number = numberOf(starting, stream, shard);
      return Math.min(type === 'AT_SEQUENCE_NUMBER' ? number : number + 1, shard.next);
    }
  }
  if (type === 'TRIM_HORIZON') return 0;
  if (type === 'LATEST') return shard.next;
  if (type !== 'AT_TIMESTAMP') throw eitherOr(type as string, 'no StartingSequenceNumber');
  if (input.Timestamp === undefined) {
    throw errors.invalid(
      'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. ' +
        'Current request has no timestamp parameter.',
    );
  }
  const timestamp = input.Timestamp.getTime();
  if (timestamp > now) {
    throw errors.invalid(
      'The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. ' +
        `timestampInMillis: ${timestamp}, currentTimestampInMillis: ${now}`,
    );
  }
  return shard.since(timestamp);
}

function numberOf(starting: string, { name, accountId }: Stream, shard: Shard): number {
  const parsed = parseSequenceNumber(starting);
  const used =
    `StartingSequenceNumber ${starting} used in GetShardIterator on shard ${shard.id} in stream ${name} under account ` +
    `${accountId} is invalid`;
  if (!parsed) throw errors.invalid(`${used}.`);
  if (parsed.shardIndex !== shard.index) {
    throw errors.invalid(
      `Invalid StartingSequenceNumber. It encodes ${shardId(parsed.shardIndex)}, while it was used in a call to a shard ` +
        `with ${shard.id}`,
    );
  }
  if (!shard.gave(parsed)) throw errors.invalid(`${used} because it did not come from this stream.`);
  return Number(parsed.counter);
}

function eitherOr(type: string, specified: string) {
  return errors.invalid(
    'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON ' +
      `or LATEST and no StartingSequenceNumber. Request specified ${type} and ${specified}.`,
  );
}
