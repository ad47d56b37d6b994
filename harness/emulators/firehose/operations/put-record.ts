import { PutRecord$, type PutRecordInput, type PutRecordOutput } from '@aws-sdk/client-firehose';
import type { Operation } from '../../../edge/emulator.ts';
import type { DeliveryStreams } from '../delivery-streams.ts';
import { errors } from '../errors.ts';
import { MAX_RECORD_BYTES } from '../limits.ts';
import { Violations } from '../violations.ts';
import { intakeOf } from './intake.ts';
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
      const startedAt = streams.context.clock.now();
      const stream = directPutStream(streams, name ?? '', call);
      const data = record?.Data ?? new Uint8Array();
      const intake = intakeOf(streams, stream);
      const refused = intake.admit([data], data.length) !== undefined;
      intake.count('PutRecord', {
        records: refused ? 0 : 1,
        bytes: refused ? 0 : data.length,
        refused: refused ? 1 : 0,
        startedAt,
      });
      if (refused) throw errors.slowDown();
      const [RecordId = ''] = recordIds(stream.acceptPut([data], call.requestId));
      return { RecordId, Encrypted: stream.encryption.encrypts };
    },
  };
}
