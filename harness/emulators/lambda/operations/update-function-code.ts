import {
  type FunctionConfiguration,
  UpdateFunctionCode$,
  type UpdateFunctionCodeRequest,
} from '@aws-sdk/client-lambda';
import { errors, refuse } from '../errors.ts';
import { shapeOf } from '../functions/function.ts';
import { readFunctionName } from '../names.ts';
import { applyChange, checkRevision } from './apply-change.ts';
import { checkRequestSize } from './create-function.ts';
import { checkArchitectures } from './function-checks.ts';
import { operation } from './operation.ts';
import { Violations } from './violations.ts';

export const updateFunctionCode = operation(
  UpdateFunctionCode$,
  async (parts, input: UpdateFunctionCodeRequest, call): Promise<FunctionConfiguration> => {
    checkRequestSize(call, 'UpdateFunctionCode');
    const name = readFunctionName('UpdateFunctionCode', call, input.FunctionName);
    const violations = new Violations();
    checkArchitectures(input.Architectures, violations);
    violations.raise();
    refuse(input.Publish, 'versions (Publish)');
    refuse(input.PublishTo, 'versions (PublishTo)');
    const changed = parts.functions.latest(name);
    checkRevision(changed, input.RevisionId);
    if (input.ImageUri) {
      throw errors.invalid("Please don't provide ImageUri when updating a function with packageType Zip.");
    }
    const code = await parts.code.read(input, call.region);
    const configuration = {
      ...changed.configuration,
      ...(input.Architectures?.[0] ? { architecture: input.Architectures[0] } : {}),
    };
    if (input.DryRun) return shapeOf({ ...changed, code, configuration }, 'settled');
    return applyChange(parts, changed, { code, configuration });
  },
);
