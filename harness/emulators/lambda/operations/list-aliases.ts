import { ListAliases$, type ListAliasesRequest, type ListAliasesResponse } from '@aws-sdk/client-lambda';
import { readFunctionName } from '../names.ts';
import { operation } from './operation.ts';

/** There are none. */
export const listAliases = operation(
  ListAliases$,
  ({ functions }, input: ListAliasesRequest, call): ListAliasesResponse => {
    functions.latest(readFunctionName('ListAliases', call, input.FunctionName));
    return { Aliases: [] };
  },
);
