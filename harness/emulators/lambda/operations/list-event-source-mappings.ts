import {
  ListEventSourceMappings$,
  type ListEventSourceMappingsRequest,
  type ListEventSourceMappingsResponse,
} from '@aws-sdk/client-lambda';
import { mappingShape } from '../functions/mappings.ts';
import { DEFAULT_MAPPINGS_PAGE } from '../limits.ts';
import { readFunctionName } from '../names.ts';
import { operation } from './operation.ts';
import { page } from './paging.ts';

export const listEventSourceMappings = operation(
  ListEventSourceMappings$,
  ({ mappings }, input: ListEventSourceMappingsRequest, call): ListEventSourceMappingsResponse => {
    const { EventSourceArn: source, FunctionName } = input;
    const functionArn = FunctionName && readFunctionName('ListEventSourceMappings', call, FunctionName).arn;
    const wanted = mappings
      .list(call)
      .filter(({ mapping }) => !source || mapping.eventSourceArn === source)
      .filter(({ mapping }) => !functionArn || mapping.functionArn === functionArn);
    const { items, next } = page(wanted, input, DEFAULT_MAPPINGS_PAGE);
    return {
      ...next,
      EventSourceMappings: items.map((record) =>
        mappingShape(record, mappings.lastProcessingResult(record.mapping.uuid)),
      ),
    };
  },
);
