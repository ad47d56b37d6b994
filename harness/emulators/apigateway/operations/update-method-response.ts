import { UpdateMethodResponse$, type UpdateMethodResponseRequest } from '@aws-sdk/client-api-gateway';
import { notFound, validationError } from '../errors.ts';
import { invalidPath, patchEntry, patchProblems, readPatches } from '../patch.ts';
import type { MethodResponse } from '../store/model.ts';
import { methodResponseShape } from '../store/shapes.ts';
import { findMethod, type MethodAddress } from '../store/store.ts';
import { checkModels, checkResponseParameters } from './method-parameters.ts';
import { operation } from './operation.ts';
import { statusCodeProblems } from './status-code.ts';

const INPUT = 'updateMethodResponseInput';

/** All patches are applied, or none. */
export const updateMethodResponse = operation(
  UpdateMethodResponse$,
  ({ store }, input: UpdateMethodResponseRequest, call) => {
    const { statusCode = '' } = input;
    const problems = [...patchProblems(input.patchOperations, INPUT), ...statusCodeProblems(statusCode)];
    if (problems.length > 0) throw validationError(problems);
    const { responses } = findMethod(store, call, input as MethodAddress);
    const known = responses.get(statusCode);
    if (!known) throw notFound('Invalid Response status code specified');
    const next: MethodResponse = { ...known };
    for (const patch of readPatches(input.patchOperations, INPUT)) {
      const { op, value = '' } = patch;
      const [member, key, ...rest] = patch.segments;
      if (key === undefined || rest.length > 0) throw invalidPath(patch);
      if (member === 'responseParameters') {
        if (op !== 'add') checkThere(next.responseParameters, key, 'Invalid parameter name specified');
        next.responseParameters = patchEntry(next.responseParameters, key, op, value === 'true');
      } else if (member === 'responseModels') {
        if (op !== 'add') checkThere(next.responseModels, key, 'Content-Type specified was not found');
        next.responseModels = patchEntry(next.responseModels, key, op, value);
      } else {
        throw invalidPath(patch);
      }
    }
    checkResponseParameters(next.responseParameters);
    checkModels(store.api(call, input.restApiId), next.responseModels);
    responses.set(statusCode, next);
    return methodResponseShape(next);
  },
);

function checkThere(entries: object | undefined, key: string, message: string): void {
  if (!Object.hasOwn(entries ?? {}, key)) throw notFound(message);
}
