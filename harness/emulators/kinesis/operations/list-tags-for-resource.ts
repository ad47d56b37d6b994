import {
  ListTagsForResource$,
  type ListTagsForResourceCommandInput,
  type ListTagsForResourceCommandOutput,
} from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { checkArn } from '../inputs.ts';
import type { Streams } from '../streams.ts';
import { listTags } from '../tags.ts';
import { Violations } from '../violations.ts';

export function listTagsForResource(
  streams: Streams,
): Operation<ListTagsForResourceCommandInput, Omit<ListTagsForResourceCommandOutput, '$metadata'>> {
  return {
    schema: ListTagsForResource$,
    run(input, call) {
      const violations = new Violations();
      checkArn(violations, 'resourceARN', input.ResourceARN);
      violations.raise();
      return { Tags: listTags(streams.get({ StreamARN: input.ResourceARN }, call)) };
    },
  };
}
