import {
  AddTagsToResource$,
  type AddTagsToResourceMessage,
  ListTagsForResource$,
  type ListTagsForResourceMessage,
  RemoveTagsFromResource$,
  type RemoveTagsFromResourceMessage,
  type TagListMessage,
} from '@aws-sdk/client-rds';
import type { Call, Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import type { Instance } from '../instance.ts';
import type { Instances } from '../instances.ts';

export function addTagsToResource(instances: Instances): Operation<AddTagsToResourceMessage, void> {
  return {
    schema: AddTagsToResource$,
    run({ ResourceName, Tags = [] }, call) {
      const { tags } = tagged(ResourceName, instances, call);
      for (const { Key = '', Value = '' } of Tags) tags.set(Key, Value);
    },
  };
}

export function removeTagsFromResource(instances: Instances): Operation<RemoveTagsFromResourceMessage, void> {
  return {
    schema: RemoveTagsFromResource$,
    run({ ResourceName, TagKeys = [] }, call) {
      const { tags } = tagged(ResourceName, instances, call);
      for (const key of TagKeys) tags.delete(key);
    },
  };
}

export function listTagsForResource(instances: Instances): Operation<ListTagsForResourceMessage, TagListMessage> {
  return {
    schema: ListTagsForResource$,
    run({ ResourceName }, call) {
      const { tags } = tagged(ResourceName, instances, call);
      return { TagList: [...tags].map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}

function tagged(arn: string | undefined, instances: Instances, call: Call): Instance {
  if (arn === undefined) throw errors.missing('ResourceName');
  const [, identifier] = /^arn:aws[a-z-]*:rds:[a-z0-9-]+:\d{12}:db:(.+)$/.exec(arn) ?? [];
  if (identifier === undefined) throw errors.invalid(`Invalid resource name: ${arn}`);
  return instances.get(identifier, call);
}
