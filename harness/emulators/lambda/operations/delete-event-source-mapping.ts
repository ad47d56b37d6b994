import {
  DeleteEventSourceMapping$,
  type DeleteEventSourceMappingRequest,
  type EventSourceMappingConfiguration,
} from '@aws-sdk/client-lambda';
import { errors } from '../errors.ts';
import { mappingShape } from '../functions/mappings.ts';
import { findMapping } from './get-event-source-mapping.ts';
import { operation } from './operation.ts';

export const deleteEventSourceMapping = operation(
  DeleteEventSourceMapping$,
  (parts, input: DeleteEventSourceMappingRequest, call): EventSourceMappingConfiguration => {
    const record = findMapping(parts, call, input.UUID);
    if (record.state === 'Deleting') {
      throw errors.inUse('Cannot delete the event source mapping because it is in use.');
    }
    parts.mappings.delete(record);
    return mappingShape(record, parts.mappings.lastProcessingResult(record.mapping.uuid));
  },
);
