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
      const stream = directPutStream(streams, name ?? '', call);
      streams.metrics.count(stream.name, 'IncomingPutRequests', 1);

      const fitting = bytes <= stream.freeBytes ? data.length : countFitting(data, stream.freeBytes);
      const taken = data.slice(0, fitting);
      if (fitting > 0) {
        streams.metrics.count(stream.name, 'IncomingRecords', fitting);
        streams.metrics.count(stream.name, 'IncomingBytes', fitting === data.length ? bytes : sizeOf(taken));
      }
      const accepted = fitting === 0 ? [] : recordIds(stream.acceptPut(taken, call.requestId));
      const RequestResponses: PutRecordBatchResponseEntry[] = accepted.map((RecordId) => ({ RecordId }));
      while (RequestResponses.length < data.length) RequestResponses.push(REFUSED);
      return { FailedPutCount: data.length - accepted.length, Encrypted: false, RequestResponses };
    },
  };
}

/** How many records from the first on have room in `freeBytes`. */
function countFitting(data: readonly Uint8Array[], freeBytes: number): number {
  let left = freeBytes;
  const firstTooMany = data.findIndex((record) => {
    left -= record.length;
    return left < 0;
  });
  return firstTooMany === -1 ? data.length : firstTooMany;
}

function sizeOf(data: readonly Uint8Array[]): number {
  return data.reduce((sum, record) => sum + record.length, 0);
}
