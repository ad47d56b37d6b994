import {
  type FunctionEventInvokeConfig,
  UpdateFunctionEventInvokeConfig$,
  type UpdateFunctionEventInvokeConfigRequest,
} from '@aws-sdk/client-lambda';
import { readFunctionName } from '../names.ts';
import { checkDestinations, checkModel, configShape, findConfig, findConfigured } from './event-invoke.ts';
import { operation } from './operation.ts';

/** Changes what is given and keeps the rest. */
export const updateFunctionEventInvokeConfig = operation(
  UpdateFunctionEventInvokeConfig$,
  (parts, input: UpdateFunctionEventInvokeConfigRequest, call): FunctionEventInvokeConfig => {
    const name = readFunctionName('UpdateFunctionEventInvokeConfig', call, input.FunctionName, input.Qualifier);
    checkModel(input);
    findConfigured(parts, name);
    const found = findConfig(parts, name);
    const old = found.eventInvokeConfig;
    const { OnSuccess, OnFailure } = input.DestinationConfig ?? {};
    checkDestinations(parts, found, input.DestinationConfig);
    found.eventInvokeConfig = {
      maximumRetryAttempts: input.MaximumRetryAttempts ?? old.maximumRetryAttempts,
      maximumEventAge: input.MaximumEventAgeInSeconds ?? old.maximumEventAge,
      onSuccess: OnSuccess ? OnSuccess.Destination || undefined : old.onSuccess,
      onFailure: OnFailure ? OnFailure.Destination || undefined : old.onFailure,
      lastModified: new Date(parts.clock.now()),
    };
    return configShape(found);
  },
);
