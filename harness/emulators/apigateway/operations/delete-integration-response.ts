import { DeleteIntegrationResponse$, type DeleteIntegrationResponseRequest } from '@aws-sdk/client-api-gateway';
import { notFound } from '../errors.ts';
import { findIntegration, type MethodAddress } from '../store/store.ts';
import { operation } from './operation.ts';
import { checkStatusCode } from './status-code.ts';

export const deleteIntegrationResponse = operation(
  DeleteIntegrationResponse$,
  ({ store }, input: DeleteIntegrationResponseRequest, call) => {
    const statusCode = checkStatusCode(input.statusCode);
    if (!findIntegration(store, call, input as MethodAddress).responses.delete(statusCode)) {
      throw notFound('Invalid Response status code specified');
    }
    return {};
  },
);
