import { DeleteIntegrationResponse$, type DeleteIntegrationResponseRequest } from '@aws-sdk/client-api-gateway';
import { notFound } from '../errors.ts';
import { findResource, type MethodAddress } from '../store/store.ts';
import { operation } from './operation.ts';
import { checkStatusCode } from './status-code.ts';

export const deleteIntegrationResponse = operation(
  DeleteIntegrationResponse$,
  ({ store }, input: DeleteIntegrationResponseRequest, call) => {
    const statusCode = checkStatusCode(input.statusCode);
    const { restApiId, resourceId, httpMethod } = input as MethodAddress;
    // A method that is not there is told as an integration that is not there (recorded).
    const { integration } = findResource(store, call, restApiId, resourceId).methods.get(httpMethod ?? '') ?? {};
    if (!integration) throw notFound('Invalid Integration identifier specified');
    if (!integration.responses.delete(statusCode)) throw notFound('Invalid Response status code specified');
    return {};
  },
);
