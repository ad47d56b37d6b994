import {
  ListFunctionEventInvokeConfigs$,
  type ListFunctionEventInvokeConfigsRequest,
  type ListFunctionEventInvokeConfigsResponse,
} from '@aws-sdk/client-lambda';
import { errors } from '../errors.ts';
import { readFunctionName } from '../names.ts';
import { configShape } from './event-invoke.ts';
import { operation } from './operation.ts';

/** One or none: there is only `$LATEST`. */
export const listFunctionEventInvokeConfigs = operation(
  ListFunctionEventInvokeConfigs$,
  ({ functions }, input: ListFunctionEventInvokeConfigsRequest, call): ListFunctionEventInvokeConfigsResponse => {
    const { arn } = readFunctionName('ListFunctionEventInvokeConfigs', call, input.FunctionName);
    const found = functions.get(arn);
    if (!found) throw errors.notFound("The function doesn't exist.");
    return { FunctionEventInvokeConfigs: found.eventInvokeConfig ? [configShape(found)] : [] };
  },
);
