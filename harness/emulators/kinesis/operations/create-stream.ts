import { CreateStream$, type CreateStreamCommandInput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import { checkTags } from '../inputs.ts';
import {
  DEFAULT_RECORD_KIB,
  MAX_NAME_LENGTH,
  MAX_RECORD_KIB,
  MAX_SHARDS,
  MIN_SHARDS,
  NAME_PATTERN,
  ON_DEMAND_SHARDS,
} from '../limits.ts';
import type { Streams } from '../streams.ts';
import { checkNewTags } from '../tags.ts';
import { Violations } from '../violations.ts';

export function createStream(streams: Streams): Operation<CreateStreamCommandInput> {
  return {
    schema: CreateStream$,
    run(input, call) {
      const { StreamName: name, ShardCount, StreamModeDetails, Tags = {} } = input;
      const { WarmThroughputMiBps, RecordDistributionStrategy, MaxRecordSizeInKiB = DEFAULT_RECORD_KIB } = input;
      const violations = new Violations();
      if (violations.required('streamName', name)) {
        violations.text('streamName', name, 1, MAX_NAME_LENGTH, NAME_PATTERN);
      }
      violations.range('shardCount', ShardCount, MIN_SHARDS, MAX_SHARDS);
      violations.range('maxRecordSizeInKiB', MaxRecordSizeInKiB, DEFAULT_RECORD_KIB, MAX_RECORD_KIB);
      const mode = StreamModeDetails?.StreamMode ?? 'PROVISIONED';
      violations.oneOf('streamModeDetails.streamMode', mode, ['PROVISIONED', 'ON_DEMAND']);
      if (input.Tags !== undefined) checkTags(violations, Tags);
      violations.raise();
      if (WarmThroughputMiBps !== undefined) throw errors.invalid('WarmThroughputMiBps is not supported by naetmul.');
      if (RecordDistributionStrategy !== undefined) {
        throw errors.invalid('RecordDistributionStrategy is not supported by naetmul.');
      }
      if (mode === 'PROVISIONED' && ShardCount === undefined) {
        throw errors.validation('ShardCount is required for streams in the PROVISIONED mode.');
      }
      if (mode === 'ON_DEMAND' && ShardCount !== undefined) {
        throw errors.validation('ShardCount cannot be given for streams in the ON_DEMAND mode.');
      }
      checkNewTags({ name: name as string, accountId: call.accountId, tags: new Map() }, Tags);
      const stream = streams.create(name as string, mode, ShardCount ?? ON_DEMAND_SHARDS, call);
      stream.recordKiB = MaxRecordSizeInKiB;
      for (const [key, value] of Object.entries(Tags)) stream.tags.set(key, value);
    },
  };
}
