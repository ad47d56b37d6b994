import {
  PutRecordBatch$,
  type PutRecordBatchInput,
  type PutRecordBatchOutput,
  type PutRecordBatchResponseEntry,
} from '@aws-sdk/client-firehose';
import type { Operation } from '../../../edge/emulator.ts';
import type { DeliveryStreams } from '../delivery-streams.ts';
import { errors, SLOW_DOWN } from '../errors.ts';
import { MAX_BATCH_BYTES, MAX_BATCH_RECORDS, MAX_RECORD_BYTES } from '../limits.ts';
import { Violations } from '../violations.ts';
import { intakeOf } from './intake.ts';
import { checkName } from './names.ts';
import { directPutStream, recordIds } from './puts.ts';

const REFUSED: PutRecordBatchResponseEntry = { ErrorCode: 'ServiceUnavailableException', ErrorMessage: SLOW_DOWN };

export function putRecordBatch(streams: DeliveryStreams): Operation<PutRecordBatchInput, PutRecordBatchOutput> {
  return {
    schema: PutRecordBatch$,
    run({ DeliveryStreamName: name, Records: records }, call) {
      const violations = new Violations();
      checkName(name, violations);
      const data: Uint8Array[] = [];
      let bytes = 0;
      if (violations.required('records', records)) {
        violations.list('records', records, 1, MAX_BATCH_RECORDS);
        records.forEach((record, index) => {
          const content = record?.Data;
          // Members of lists are numbered from 1 in AWS's messages.
          if (!content) violations.required(`records.${index + 1}.member.data`, content);
          else if (content.length > MAX_RECORD_BYTES) {
            violations.size(`records.${index + 1}.member.data`, content.length, 0, MAX_RECORD_BYTES);
          } else {
            data.push(content);
            bytes += content.length;
          }
        });
      }
      violations.raise();
      if (bytes > MAX_BATCH_BYTES) throw errors.invalid('Records size exceeds 4 MB limit');
      const startedAt = streams.context.clock.now();
      const stream = directPutStream(streams, name ?? '', call);
      const intake = intakeOf(streams, stream);
      const admitted = intake.admit(data, bytes);
      const taken = admitted ? admitted.map((index) => data[index] as Uint8Array) : data;
      intake.count('PutRecordBatch', {
        records: taken.length,
        bytes: admitted ? sizeOf(taken) : bytes,
        refused: data.length - taken.length,
        startedAt,
      });
      const entries =
        taken.length === 0 ? [] : recordIds(stream.acceptPut(taken, call.requestId)).map((RecordId) => ({ RecordId }));
      return {
        FailedPutCount: data.length - taken.length,
        Encrypted: stream.encryption.encrypts,
        RequestResponses: admitted ? spread(entries, admitted, data.length) : entries,
      };
    },
  };
}

/** One entry for each record of a batch, in its order: those that were not let in are refused. */
function spread(
  entries: readonly PutRecordBatchResponseEntry[],
  admitted: readonly number[],
  length: number,
): PutRecordBatchResponseEntry[] {
  const all = new Array<PutRecordBatchResponseEntry>(length).fill(REFUSED);
  admitted.forEach((index, n) => {
    all[index] = entries[n] ?? REFUSED;
  });
  return all;
}

function sizeOf(data: readonly Uint8Array[]): number {
  return data.reduce((sum, record) => sum + record.length, 0);
}
