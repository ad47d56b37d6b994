import { DeleteMethodResponse$, type DeleteMethodResponseRequest } from '@aws-sdk/client-api-gateway';
import { notFound } from '../errors.ts';
import { findMethod, type MethodAddress } from '../store/store.ts';
import { operation } from './operation.ts';
import { checkStatusCode } from './status-code.ts';

export const deleteMethodResponse = operation(
  DeleteMethodResponse$,
  ({ store }, input: DeleteMethodResponseRequest, call) => {
    const statusCode = checkStatusCode(input.statusCode);
    if (!findMethod(store, call, input as MethodAddress).responses.delete(statusCode)) {
      throw notFound('Invalid Response status code specified');
    }
    return {};
  },
);
