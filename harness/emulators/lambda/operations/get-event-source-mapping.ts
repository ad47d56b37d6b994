import {
  type EventSourceMappingConfiguration,
  GetEventSourceMapping$,
  type GetEventSourceMappingRequest,
} from '@aws-sdk/client-lambda';
import type { Call } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import { type MappingRecord, mappingShape } from '../functions/mappings.ts';
import { operation, type Parts } from './operation.ts';

export const getEventSourceMapping = operation(
  GetEventSourceMapping$,
  (parts, input: GetEventSourceMappingRequest, call): EventSourceMappingConfiguration => {
    const record = findMapping(parts, call, input.UUID);
    return mappingShape(record, parts.mappings.lastProcessingResult(record.mapping.uuid));
  },
);

/** @throws ResourceNotFoundException */
export function findMapping({ mappings }: Parts, call: Call, uuid: string | undefined): MappingRecord {
  const record = mappings.get(uuid ?? '');
  const { region, accountId } = record?.mapping ?? {};
  if (!record || region !== call.region || accountId !== call.accountId) throw errors.noSuchResource();
  return record;
}
