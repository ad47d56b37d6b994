import { RemoveTagsFromStream$, type RemoveTagsFromStreamCommandInput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { checkNames, checkTagKeys } from '../inputs.ts';
import type { Streams } from '../streams.ts';
import { removeTags } from '../tags.ts';
import { Violations } from '../violations.ts';

export function removeTagsFromStream(streams: Streams): Operation<RemoveTagsFromStreamCommandInput> {
  return {
    schema: RemoveTagsFromStream$,
    run(input, call) {
      const violations = new Violations();
      if (violations.required('tagKeys', input.TagKeys)) checkTagKeys(violations, input.TagKeys);
      checkNames(violations, input);
      violations.raise();
      removeTags(streams.get(input, call), input.TagKeys as string[]);
    },
  };
}
