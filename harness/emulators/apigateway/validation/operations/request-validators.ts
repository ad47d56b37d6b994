import {
  CreateRequestValidator$,
  type CreateRequestValidatorRequest,
  DeleteRequestValidator$,
  type DeleteRequestValidatorRequest,
  GetRequestValidator$,
  type GetRequestValidatorRequest,
  GetRequestValidators$,
  type GetRequestValidatorsRequest,
  UpdateRequestValidator$,
  type UpdateRequestValidatorRequest,
} from '@aws-sdk/client-api-gateway';
import type { Call } from '../../../../edge/emulator.ts';
import { badRequest, conflict, notFound } from '../../errors.ts';
import { operation } from '../../operations/operation.ts';
import { page } from '../../operations/paging.ts';
import { readPatches, unknownPath, unsupportedOp } from '../../patch.ts';
import { newPartId } from '../../store/ids.ts';
import type { RequestValidator, RestApi } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';

const PATHS = ['/name', '/validateRequestParameters', '/validateRequestBody'];

export const createRequestValidator = operation(
  CreateRequestValidator$,
  ({ store, random }, input: CreateRequestValidatorRequest, call) => {
    const api = findApi(store, call, input.restApiId);
    if (!api) throw badRequest('Invalid REST API identifier specified');
    const validator: RequestValidator = {
      id: newPartId(random),
      name: input.name ?? '',
      validateRequestBody: input.validateRequestBody ?? false,
      validateRequestParameters: input.validateRequestParameters ?? false,
    };
    checkName(validator.name);
    api.requestValidators.set(validator.id, validator);
    return { ...validator };
  },
);

export const getRequestValidator = operation(
  GetRequestValidator$,
  ({ store }, input: GetRequestValidatorRequest, call) => ({ ...findValidator(store, call, input).validator }),
);

export const getRequestValidators = operation(
  GetRequestValidators$,
  ({ store }, input: GetRequestValidatorsRequest, call) => {
    const all = [...store.api(call, input.restApiId).requestValidators.values()];
    const { items, position } = page(all, input, ({ id }) => id);
    return { items: items.map((validator) => ({ ...validator })), position };
  },
);

/** All patches are applied, or none. */
export const updateRequestValidator = operation(
  UpdateRequestValidator$,
  ({ store }, input: UpdateRequestValidatorRequest, call) => {
    const { api, validator } = findValidator(store, call, input);
    const next = { ...validator };
    for (const patch of readPatches(input.patchOperations, 'updateRequestValidatorInput')) {
      const { op, path, value = '' } = patch;
      if (op !== 'replace') throw unsupportedOp(path, op);
      if (path === '/name') {
        checkName(value);
        next.name = value;
      } else if (path === '/validateRequestBody' || path === '/validateRequestParameters') {
        next[path.slice(1) as 'validateRequestBody' | 'validateRequestParameters'] = value.toLowerCase() === 'true';
      } else {
        throw unknownPath(patch, PATHS);
      }
    }
    api.requestValidators.set(next.id, next);
    return { ...next };
  },
);

export const deleteRequestValidator = operation(
  DeleteRequestValidator$,
  ({ store }, input: DeleteRequestValidatorRequest, call) => {
    const { api, validator } = findValidator(store, call, input);
    for (const resource of api.resources.values()) {
      for (const method of resource.methods.values()) {
        if (method.requestValidatorId !== validator.id) continue;
        throw conflict(
          `Cannot delete request validator '${validator.id}', ` +
            `is referenced in method request: ${resource.path}/${method.httpMethod}`,
        );
      }
    }
    api.requestValidators.delete(validator.id);
    return {};
  },
);

function checkName(name: string): void {
  if (!name) throw badRequest('Request Validator name cannot be blank');
}

function findApi(store: Store, call: Call, id: string | undefined): RestApi | undefined {
  const api = store.apis.get(id ?? '');
  return api?.region === call.region && api.accountId === call.accountId ? api : undefined;
}

/** The validator; a wrong API is reported as a wrong validator (recorded). */
function findValidator(
  store: Store,
  call: Call,
  at: { readonly restApiId: string | undefined; readonly requestValidatorId: string | undefined },
): { api: RestApi; validator: RequestValidator } {
  const api = findApi(store, call, at.restApiId);
  const validator = api?.requestValidators.get(at.requestValidatorId ?? '');
  if (!api || !validator) throw notFound('Invalid Request Validator identifier specified');
  return { api, validator };
}
