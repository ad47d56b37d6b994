import { PutMethod$, type PutMethodRequest } from '@aws-sdk/client-api-gateway';
import { badRequest, conflict, notSupported, refuse } from '../errors.ts';
import type { Method } from '../store/model.ts';
import { methodShape } from '../store/shapes.ts';
import { findResource } from '../store/store.ts';
import { checkModels, checkRequestParameters, HTTP_METHODS } from './method-parameters.ts';
import { operation } from './operation.ts';

export const putMethod = operation(PutMethod$, ({ store }, input: PutMethodRequest, call) => {
  const resource = findResource(store, call, input.restApiId, input.resourceId);
  const httpMethod = input.httpMethod ?? '';
  if (!HTTP_METHODS.includes(httpMethod)) {
    throw badRequest(`Invalid HttpMethod specified. Valid options are ${HTTP_METHODS.join(',')}`);
  }
  checkRequestParameters(input.requestParameters);
  checkAuthorization(input.authorizationType, input.authorizerId);
  refuse(input.requestValidatorId, 'request validators (requestValidatorId)');
  refuse(input.authorizationScopes, 'authorization scopes (authorizationScopes)');
  checkModels(input.requestModels);
  if (resource.methods.has(httpMethod)) throw conflict('Method already exists for this resource');
  const method: Method = {
    httpMethod,
    operationName: input.operationName,
    authorizationType: 'NONE',
    apiKeyRequired: input.apiKeyRequired ?? false,
    requestParameters: input.requestParameters,
    requestModels: input.requestModels,
    responses: new Map(),
  };
  resource.methods.set(httpMethod, method);
  return methodShape(method);
});

export function checkAuthorization(type: string | undefined, authorizerId: string | undefined): void {
  if ((type === 'CUSTOM' || type === 'COGNITO_USER_POOLS') && !authorizerId) {
    throw badRequest(
      'Invalid authorizer ID specified. ' +
        'Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
    );
  }
  if (type !== 'NONE') throw notSupported(`authorization other than NONE (authorizationType ${type})`);
}
