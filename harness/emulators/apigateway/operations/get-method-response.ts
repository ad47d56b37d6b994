import { GetMethodResponse$, type GetMethodResponseRequest } from '@aws-sdk/client-api-gateway';
import { notFound } from '../errors.ts';
import { methodResponseShape } from '../store/shapes.ts';
import { findMethod, type MethodAddress } from '../store/store.ts';
import { operation } from './operation.ts';
import { checkStatusCode } from './status-code.ts';

export const getMethodResponse = operation(GetMethodResponse$, ({ store }, input: GetMethodResponseRequest, call) => {
  const statusCode = checkStatusCode(input.statusCode);
  const response = findMethod(store, call, input as MethodAddress).responses.get(statusCode);
  if (!response) throw notFound('Invalid Response status code specified');
  return methodResponseShape(response);
});
