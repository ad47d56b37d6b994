import {
  DescribeStream$,
  type DescribeStreamCommandInput,
  type DescribeStreamCommandOutput,
} from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { describeStream as describe, describeShard } from '../descriptions.ts';
import { checkNames, checkShardId } from '../inputs.ts';
import { DEFAULT_PAGE, MAX_PAGE } from '../limits.ts';
import type { Streams } from '../streams.ts';
import { Violations } from '../violations.ts';

export function describeStream(
  streams: Streams,
): Operation<DescribeStreamCommandInput, Omit<DescribeStreamCommandOutput, '$metadata'>> {
  return {
    schema: DescribeStream$,
    run(input, call) {
      const { Limit = DEFAULT_PAGE, ExclusiveStartShardId: after = '' } = input;
      const violations = new Violations();
      checkNames(violations, input);
      violations.range('limit', Limit, 1, MAX_PAGE);
      checkShardId(violations, 'exclusiveStartShardId', input.ExclusiveStartShardId);
      violations.raise();
      const stream = streams.get(input, call);
      const shards = stream.shards.filter(({ id }) => id > after);
      const StreamDescription = {
        ...describe(stream),
        Shards: shards.slice(0, Limit).map(describeShard),
        HasMoreShards: shards.length > Limit,
      };
      streams.seen(stream);
      return { StreamDescription };
    },
  };
}
