import {
  type FunctionEventInvokeConfig,
  PutFunctionEventInvokeConfig$,
  type PutFunctionEventInvokeConfigRequest,
} from '@aws-sdk/client-lambda';
import { readFunctionName } from '../names.ts';
import { checkDestinations, checkModel, configShape, findConfigured } from './event-invoke.ts';
import { operation } from './operation.ts';

/** Replaces what was configured. */
export const putFunctionEventInvokeConfig = operation(
  PutFunctionEventInvokeConfig$,
  (parts, input: PutFunctionEventInvokeConfigRequest, call): FunctionEventInvokeConfig => {
    const name = readFunctionName('PutFunctionEventInvokeConfig', call, input.FunctionName, input.Qualifier);
    checkModel(input);
    const found = findConfigured(parts, name);
    checkDestinations(parts, found, input.DestinationConfig);
    found.eventInvokeConfig = {
      maximumRetryAttempts: input.MaximumRetryAttempts,
      maximumEventAge: input.MaximumEventAgeInSeconds,
      onSuccess: input.DestinationConfig?.OnSuccess?.Destination || undefined,
      onFailure: input.DestinationConfig?.OnFailure?.Destination || undefined,
      lastModified: new Date(parts.clock.now()),
    };
    return configShape(found);
  },
);
