import {
  CreateEventSourceMapping$,
  type CreateEventSourceMappingRequest,
  type EventSourceMappingConfiguration,
} from '@aws-sdk/client-lambda';
import { errors } from '../errors.ts';
import { type MappingRecord, mappingShape } from '../functions/mappings.ts';
import { MAX_TAGS } from '../limits.ts';
import { readFunctionName } from '../names.ts';
import { checkSource } from './event-source.ts';
import { checkModel, kindOf, mappingOf } from './mapping-checks.ts';
import { operation } from './operation.ts';

export const createEventSourceMapping = operation(
  CreateEventSourceMapping$,
  async (parts, input: CreateEventSourceMappingRequest, call): Promise<EventSourceMappingConfiguration> => {
    const { functions, mappings, clock, random } = parts;
    const name = readFunctionName('CreateEventSourceMapping', call, input.FunctionName);
    checkModel(input);
    const eventSourceArn = input.EventSourceArn ?? '';
    kindOf(eventSourceArn);
    const place = { region: call.region, accountId: call.accountId, functionArn: name.arn, eventSourceArn };
    const mapping = await mappingOf(parts, input, { uuid: random.uuid(), ...place });
    const found = functions.get(name.arn);
    if (!found || (name.qualifier ?? '$LATEST') !== '$LATEST') throw errors.invalid('Function does not exist');
    await checkSource(parts, mapping, found.revision);
    if (Object.keys(input.Tags ?? {}).length > MAX_TAGS) {
      throw errors.invalid('Number of tags exceeds resource tag limit.');
    }
    const same = mappings.findSame(eventSourceArn, name.arn);
    if (same) throw alreadyThere(same, name.name);
    const enabled = input.Enabled ?? true;
    const record: MappingRecord = {
      mapping,
      shownFunctionArn: name.qualifiedArn,
      state: enabled ? 'Enabled' : 'Disabled',
      lastModified: clock.now(),
      tags: new Map(Object.entries(input.Tags ?? {})),
    };
    await mappings.add(record);
    return mappingShape(record, mappings.lastProcessingResult(mapping.uuid), enabled ? 'Creating' : 'Disabled');
  },
);

/** The blanks around what is quoted are AWS's. */
function alreadyThere({ mapping }: MappingRecord, name: string) {
  const { kind, eventSourceArn, uuid } = mapping;
  const advice = `Please update or delete the existing mapping with UUID ${uuid}`;
  return errors.conflict(
    kind === 'sqs'
      ? `An event source mapping with SQS arn (" ${eventSourceArn} ") and function (" ${name} ") already exists. ${advice}`
      : `The event source arn (" ${eventSourceArn} ") and function (" ${name} ") provided mapping already exists. ${advice}`,
  );
}
