import {
  type EventSourceMappingConfiguration,
  UpdateEventSourceMapping$,
  type UpdateEventSourceMappingRequest,
} from '@aws-sdk/client-lambda';
import { errors } from '../errors.ts';
import { mappingShape } from '../functions/mappings.ts';
import { readFunctionName } from '../names.ts';
import { checkSource } from './event-source.ts';
import { findMapping } from './get-event-source-mapping.ts';
import { checkModel, mappingOf } from './mapping-checks.ts';
import { operation } from './operation.ts';

export const updateEventSourceMapping = operation(
  UpdateEventSourceMapping$,
  async (parts, input: UpdateEventSourceMappingRequest, call): Promise<EventSourceMappingConfiguration> => {
    const { functions, mappings } = parts;
    checkModel(input);
    const record = findMapping(parts, call, input.UUID);
    if (record.state === 'Deleting') {
      throw errors.inUse('Cannot update the event source mapping because it is in use.');
    }
    const { uuid, region, accountId, eventSourceArn } = record.mapping;
    const name = input.FunctionName && readFunctionName('UpdateEventSourceMapping', call, input.FunctionName);
    const functionArn = name ? name.arn : record.mapping.functionArn;
    const place = { uuid, region, accountId, functionArn, eventSourceArn };
    const mapping = await mappingOf(parts, input, place, record.mapping);
    const found = functions.get(functionArn);
    if (name && (!found || (name.qualifier ?? '$LATEST') !== '$LATEST'))
      throw errors.invalid('Function does not exist');
    if (found) await checkSource(parts, mapping, found.revision);
    const wasEnabled = record.state === 'Enabled';
    const enabled = input.Enabled ?? wasEnabled;
    if (name) record.shownFunctionArn = name.qualifiedArn;
    record.lastModified = parts.clock.now();
    await mappings.change(record, mapping, enabled);
    const shown = enabled === wasEnabled ? 'Updating' : enabled ? 'Enabling' : 'Disabling';
    return mappingShape(record, mappings.lastProcessingResult(uuid), shown);
  },
);
