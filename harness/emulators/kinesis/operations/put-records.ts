import {
  PutRecords$,
  type PutRecordsCommandInput,
  type PutRecordsCommandOutput,
  type PutRecordsResultEntry,
} from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { errors, rateExceeded } from '../errors.ts';
import { checkNames } from '../inputs.ts';
import { MAX_PUT_BYTES, MAX_PUT_RECORDS } from '../limits.ts';
import { checkRecord, maxRecordBytes, noted, type RecordInput, readRecord } from '../putting.ts';
import type { Streams } from '../streams.ts';
import { Violations } from '../violations.ts';

type Output = Omit<PutRecordsCommandOutput, '$metadata'>;

export function putRecords(streams: Streams): Operation<PutRecordsCommandInput, Output> {
  return {
    schema: PutRecords$,
    run: (input, call) =>
      noted(streams, call, 'PutRecords', input, input.Records ?? [], (found) => {
        const { Records = [] } = input;
        const violations = new Violations();
        checkNames(violations, input);
        if (violations.required('records', input.Records)) {
          violations.size('records', Records.length, 1, MAX_PUT_RECORDS);
          const maxBytes = maxRecordBytes(found);
          for (const [at, record] of Records.entries()) {
            checkRecord(violations, `records.${at + 1}.member.`, record, maxBytes);
          }
        }
        violations.raise();
        if (sizeOf(Records) > MAX_PUT_BYTES) throw errors.invalid('Records size exceeds 10 MB limit');
        const stream = streams.getServing(input, call);
        // All are read before any is put: a bad hash key refuses the whole call.
        const results = Records.map(readRecord).map((record): PutRecordsResultEntry => {
          const { shard, sequenceNumber } = stream.put(record);
          if (sequenceNumber !== undefined) return { SequenceNumber: sequenceNumber, ShardId: shard.id };
          streams.journal.throttledWriting(stream, shard);
          const ErrorMessage = rateExceeded(shard.id, stream.name, stream.accountId);
          return { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage };
        });
        const output: Output = {
          FailedRecordCount: results.filter(({ ErrorCode }) => ErrorCode !== undefined).length,
          Records: results,
          ...(stream.keyId === undefined ? {} : { EncryptionType: 'KMS' }),
        };
        return { output, results };
      }),
  };
}

function sizeOf(records: readonly RecordInput[]): number {
  return records.reduce(
    (sum, { Data, PartitionKey = '' }) => sum + (Data?.length ?? 0) + Buffer.byteLength(PartitionKey),
    0,
  );
}
