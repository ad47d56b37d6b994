import { GetIntegrationResponse$, type GetIntegrationResponseRequest } from '@aws-sdk/client-api-gateway';
import { notFound } from '../errors.ts';
import { integrationResponseShape } from '../store/shapes.ts';
import { findIntegration, type MethodAddress } from '../store/store.ts';
import { operation } from './operation.ts';
import { checkStatusCode } from './status-code.ts';

export const getIntegrationResponse = operation(
  GetIntegrationResponse$,
  ({ store }, input: GetIntegrationResponseRequest, call) => {
    const statusCode = checkStatusCode(input.statusCode);
    const response = findIntegration(store, call, input as MethodAddress).responses.get(statusCode);
    if (!response) throw notFound('Invalid Response status code specified');
    return integrationResponseShape(response);
  },
);
