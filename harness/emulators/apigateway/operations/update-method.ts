import { UpdateMethod$, type UpdateMethodRequest } from '@aws-sdk/client-api-gateway';
import { invalidPath, onlyReplace, patchEntry, readPatches } from '../patch.ts';
import { methodShape } from '../store/shapes.ts';
import { findMethod, type MethodAddress } from '../store/store.ts';
import { checkModels, checkRequestParameters, checkValidator } from './method-parameters.ts';
import { operation } from './operation.ts';
import { readAuthorization } from './put-method.ts';

const PLAIN = new Set(['operationName', 'authorizationType', 'authorizerId', 'apiKeyRequired', 'requestValidatorId']);

export const updateMethod = operation(UpdateMethod$, ({ store }, input: UpdateMethodRequest, call) => {
  const method = findMethod(store, call, input as MethodAddress);
  const api = store.api(call, input.restApiId);
  const wanted: { authorizationType: string; authorizerId?: string | undefined } = {
    authorizationType: method.authorizationType,
    authorizerId: method.authorizerId,
  };
  for (const patch of readPatches(input.patchOperations, 'updateMethodInput')) {
    const { op, value = '' } = patch;
    const [member = '', key, ...rest] = patch.segments;
    const mapLike = member === 'requestParameters' || member === 'requestModels';
    if (mapLike ? key === undefined || rest.length > 0 : key !== undefined) throw invalidPath(patch);
    if (!mapLike && !PLAIN.has(member)) throw invalidPath(patch);
    if (!mapLike) onlyReplace(patch);
    switch (member) {
      case 'requestParameters': {
        const next = patchEntry(method.requestParameters, key as string, op, value === 'true');
        checkRequestParameters(next);
        method.requestParameters = next;
        break;
      }
      case 'requestModels': {
        const next = patchEntry(method.requestModels, key as string, op, value);
        checkModels(api, next);
        method.requestModels = next;
        break;
      }
      case 'operationName':
        method.operationName = value || undefined;
        break;
      case 'authorizationType':
        wanted.authorizationType = value;
        break;
      case 'authorizerId':
        wanted.authorizerId = value || undefined;
        break;
      case 'apiKeyRequired':
        method.apiKeyRequired = value === 'true';
        break;
      case 'requestValidatorId':
        checkValidator(api, value);
        method.requestValidatorId = value || undefined;
        break;
    }
  }
  Object.assign(method, readAuthorization(api, wanted));
  return methodShape(method);
});
