import { UntagResource$, type UntagResourceCommandInput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { checkArn, checkTagKeys } from '../inputs.ts';
import type { Streams } from '../streams.ts';
import { removeTags } from '../tags.ts';
import { Violations } from '../violations.ts';

export function untagResource(streams: Streams): Operation<UntagResourceCommandInput> {
  return {
    schema: UntagResource$,
    run(input, call) {
      const violations = new Violations();
      if (violations.required('tagKeys', input.TagKeys)) checkTagKeys(violations, input.TagKeys);
      checkArn(violations, 'resourceARN', input.ResourceARN);
      violations.raise();
      removeTags(streams.get({ StreamARN: input.ResourceARN }, call), input.TagKeys as string[]);
    },
  };
}
