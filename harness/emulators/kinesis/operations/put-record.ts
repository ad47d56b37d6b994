import { PutRecord$, type PutRecordCommandInput, type PutRecordCommandOutput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { parseSequenceNumber } from '../engine/sequence-number.ts';
import type { Stream } from '../engine/stream.ts';
import { errors } from '../errors.ts';
import { checkNames } from '../inputs.ts';
import { SEQUENCE_NUMBER_PATTERN } from '../limits.ts';
import { checkRecord, maxRecordBytes, noted, readRecord } from '../putting.ts';
import type { Streams } from '../streams.ts';
import { Violations } from '../violations.ts';

type Output = Omit<PutRecordCommandOutput, '$metadata'>;

export function putRecord(streams: Streams): Operation<PutRecordCommandInput, Output> {
  return {
    schema: PutRecord$,
    run: (input, call) =>
      noted(streams, call, 'PutRecord', input, [input], (found) => {
        const { SequenceNumberForOrdering: ordering } = input;
        const violations = new Violations();
        checkNames(violations, input);
        checkRecord(violations, '', input, maxRecordBytes(found));
        violations.text('sequenceNumberForOrdering', ordering, 0, Number.POSITIVE_INFINITY, SEQUENCE_NUMBER_PATTERN);
        violations.raise();
        const stream = streams.getServing(input, call);
        const record = readRecord(input);
        if (ordering !== undefined) checkOrdering(ordering, stream, streams.context.clock.now());
        // A shard's numbers only grow: any that it gave is smaller than the next.
        const { shard, sequenceNumber } = stream.put(record);
        if (sequenceNumber === undefined) {
          streams.journal.throttledWriting(stream, shard);
          throw errors.throttled(shard.id, stream.name, stream.accountId);
        }
        const output: Output = {
          SequenceNumber: sequenceNumber,
          ShardId: shard.id,
          ...(stream.keyId === undefined ? {} : { EncryptionType: 'KMS' }),
        };
        return { output, results: [output] };
      }),
  };
}

/** A number that a shard gave may lie in the future: children's begin a second after their parents', and time goes back. */
function checkOrdering(ordering: string, stream: Stream, now: number): void {
  const parsed = parseSequenceNumber(ordering);
  if (parsed && (parsed.put * 1000 <= now || stream.shard(parsed.shardIndex)?.hasReached(parsed))) return;
  const { name, accountId } = stream;
  throw errors.invalid(
    `ExclusiveMinimumSequenceNumber ${ordering} used in PutRecord on stream ${name} under account ${accountId} is invalid.`,
  );
}
