import { PutRecord$, type PutRecordInput, type PutRecordOutput } from '@aws-sdk/client-firehose';
import type { Operation } from '../../../edge/emulator.ts';
import type { DeliveryStreams } from '../delivery-streams.ts';
import { errors } from '../errors.ts';
import { MAX_RECORD_BYTES } from '../limits.ts';
import { Violations } from '../violations.ts';
import { checkName } from './names.ts';
import { directPutStream, recordIds } from './puts.ts';

export function putRecord(streams: DeliveryStreams): Operation<PutRecordInput, PutRecordOutput> {
  return {
    schema: PutRecord$,
    run({ DeliveryStreamName: name, Record: record }, call) {
      const violations = new Violations();
      checkName(name, violations);
      if (violations.required('record', record) && violations.required('record.data', record.Data)) {
        violations.size('record.data', record.Data.length, 0, MAX_RECORD_BYTES);
      }
      violations.raise();
      const stream = directPutStream(streams, name ?? '', call);
      const data = record?.Data ?? new Uint8Array();
      streams.metrics.count(stream.name, 'IncomingPutRequests', 1);
      if (data.length > stream.freeBytes) throw errors.slowDown();
      streams.metrics.count(stream.name, 'IncomingRecords', 1);
      streams.metrics.count(stream.name, 'IncomingBytes', data.length);
      const [RecordId = ''] = recordIds(stream.acceptPut([data], call.requestId));
      return { RecordId, Encrypted: false };
    },
  };
}
