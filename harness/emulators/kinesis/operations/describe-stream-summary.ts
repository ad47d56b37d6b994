import {
  DescribeStreamSummary$,
  type DescribeStreamSummaryCommandInput,
  type DescribeStreamSummaryCommandOutput,
} from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { describeStream } from '../descriptions.ts';
import { requireNames } from '../inputs.ts';
import type { Streams } from '../streams.ts';

export function describeStreamSummary(
  streams: Streams,
): Operation<DescribeStreamSummaryCommandInput, Omit<DescribeStreamSummaryCommandOutput, '$metadata'>> {
  return {
    schema: DescribeStreamSummary$,
    run(input, call) {
      requireNames(input);
      const stream = streams.get(input, call);
      const StreamDescriptionSummary = {
        ...describeStream(stream),
        OpenShardCount: stream.openShards.length,
        ConsumerCount: 0,
        MaxRecordSizeInKiB: stream.recordKiB,
      };
      streams.seen(stream);
      return { StreamDescriptionSummary };
    },
  };
}
