import { PutMethodResponse$, type PutMethodResponseRequest } from '@aws-sdk/client-api-gateway';
import { conflict } from '../errors.ts';
import type { MethodResponse } from '../store/model.ts';
import { methodResponseShape } from '../store/shapes.ts';
import { findMethod, type MethodAddress } from '../store/store.ts';
import { checkModels, checkResponseParameters } from './method-parameters.ts';
import { operation } from './operation.ts';
import { checkStatusCode } from './status-code.ts';

export const putMethodResponse = operation(PutMethodResponse$, ({ store }, input: PutMethodResponseRequest, call) => {
  const statusCode = checkStatusCode(input.statusCode);
  const method = findMethod(store, call, input as MethodAddress);
  checkResponseParameters(input.responseParameters);
  checkModels(store.api(call, input.restApiId), input.responseModels);
  if (method.responses.has(statusCode)) throw conflict('Response already exists for this resource');
  const response: MethodResponse = {
    statusCode,
    responseParameters: input.responseParameters,
    responseModels: input.responseModels,
  };
  method.responses.set(statusCode, response);
  return methodResponseShape(response);
});
