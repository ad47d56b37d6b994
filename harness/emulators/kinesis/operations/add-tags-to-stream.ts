import { AddTagsToStream$, type AddTagsToStreamCommandInput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { checkNames, checkTags } from '../inputs.ts';
import type { Streams } from '../streams.ts';
import { addTags } from '../tags.ts';
import { Violations } from '../violations.ts';

export function addTagsToStream(streams: Streams): Operation<AddTagsToStreamCommandInput> {
  return {
    schema: AddTagsToStream$,
    run(input, call) {
      const violations = new Violations();
      if (violations.required('tags', input.Tags)) checkTags(violations, input.Tags);
      checkNames(violations, input);
      violations.raise();
      addTags(streams.get(input, call), input.Tags as Record<string, string>);
    },
  };
}
