import {
  type FunctionConfiguration,
  UpdateFunctionConfiguration$,
  type UpdateFunctionConfigurationRequest,
} from '@aws-sdk/client-lambda';
import type { Configuration } from '../functions/function.ts';
import { readFunctionName } from '../names.ts';
import { applyChange, checkRevision } from './apply-change.ts';
import { checkMeaning, checkModel } from './function-checks.ts';
import { operation } from './operation.ts';
import { Violations } from './violations.ts';

export const updateFunctionConfiguration = operation(
  UpdateFunctionConfiguration$,
  (parts, input: UpdateFunctionConfigurationRequest, call): FunctionConfiguration => {
    const name = readFunctionName('UpdateFunctionConfiguration', call, input.FunctionName);
    const violations = new Violations();
    checkModel(input, violations);
    violations.raise();
    const changed = parts.functions.latest(name);
    checkRevision(changed, input.RevisionId);
    checkMeaning(input, parts.canRun);
    return applyChange(parts, changed, { configuration: merged(changed.configuration, input) });
  },
);

/** What is not given stays; what is given empty is emptied. */
function merged(old: Configuration, input: UpdateFunctionConfigurationRequest): Configuration {
  return {
    runtime: input.Runtime ?? old.runtime,
    handler: input.Handler ?? old.handler,
    role: input.Role ?? old.role,
    description: input.Description ?? old.description,
    timeout: input.Timeout ?? old.timeout,
    memorySize: input.MemorySize ?? old.memorySize,
    environment: input.Environment ? (input.Environment.Variables ?? {}) : old.environment,
    architecture: old.architecture,
    ephemeralStorage: input.EphemeralStorage?.Size ?? old.ephemeralStorage,
    tracingMode: input.TracingConfig?.Mode ?? old.tracingMode,
    snapStart: input.SnapStart?.ApplyOn ?? old.snapStart,
    logGroup: input.LoggingConfig?.LogGroup ?? old.logGroup,
    // An empty DeadLetterConfig changes nothing; an empty TargetArn takes the queue away.
    deadLetterArn: (input.DeadLetterConfig?.TargetArn ?? old.deadLetterArn) || undefined,
    vpc: input.VpcConfig ?? old.vpc,
  };
}
