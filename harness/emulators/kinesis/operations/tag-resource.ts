import { TagResource$, type TagResourceCommandInput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { checkArn, checkTags } from '../inputs.ts';
import type { Streams } from '../streams.ts';
import { addTags } from '../tags.ts';
import { Violations } from '../violations.ts';

export function tagResource(streams: Streams): Operation<TagResourceCommandInput> {
  return {
    schema: TagResource$,
    run(input, call) {
      const violations = new Violations();
      if (violations.required('tags', input.Tags)) checkTags(violations, input.Tags);
      checkArn(violations, 'resourceARN', input.ResourceARN);
      violations.raise();
      addTags(streams.get({ StreamARN: input.ResourceARN }, call), input.Tags as Record<string, string>);
    },
  };
}
