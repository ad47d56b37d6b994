import { UpdateMaxRecordSize$, type UpdateMaxRecordSizeCommandInput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { checkArn } from '../inputs.ts';
import { DEFAULT_RECORD_KIB, MAX_RECORD_KIB } from '../limits.ts';
import type { Streams } from '../streams.ts';
import { Violations } from '../violations.ts';

export function updateMaxRecordSize(streams: Streams): Operation<UpdateMaxRecordSizeCommandInput> {
  return {
    schema: UpdateMaxRecordSize$,
    run(input, call) {
      const { MaxRecordSizeInKiB: size, StreamARN } = input;
      const violations = new Violations();
      checkArn(violations, 'streamARN', StreamARN);
      if (violations.required('maxRecordSizeInKiB', size)) {
        violations.range('maxRecordSizeInKiB', size, DEFAULT_RECORD_KIB, MAX_RECORD_KIB);
      }
      violations.raise();
      const stream = streams.getActive({ StreamARN }, call);
      streams.update(stream, () => {
        stream.recordKiB = size as number;
      });
    },
  };
}
