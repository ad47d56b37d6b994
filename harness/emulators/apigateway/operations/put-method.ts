import { PutMethod$, type PutMethodRequest } from '@aws-sdk/client-api-gateway';
import { badRequest, conflict, notSupported, refuse } from '../errors.ts';
import type { Method, RestApi } from '../store/model.ts';
import { methodShape } from '../store/shapes.ts';
import { findResource } from '../store/store.ts';
import { checkModels, checkRequestParameters, checkValidator, HTTP_METHODS } from './method-parameters.ts';
import { operation } from './operation.ts';

export const putMethod = operation(PutMethod$, ({ store }, input: PutMethodRequest, call) => {
  const resource = findResource(store, call, input.restApiId, input.resourceId);
  const httpMethod = input.httpMethod ?? '';
  if (!HTTP_METHODS.includes(httpMethod)) {
    throw badRequest(`Invalid HttpMethod specified. Valid options are ${HTTP_METHODS.join(',')}`);
  }
  checkRequestParameters(input.requestParameters);
  const api = store.api(call, input.restApiId);
  const authorization = readAuthorization(api, input);
  checkValidator(api, input.requestValidatorId);
  refuse(input.authorizationScopes, 'authorization scopes (authorizationScopes)');
  checkModels(api, input.requestModels);
  if (resource.methods.has(httpMethod)) throw conflict('Method already exists for this resource');
  const method: Method = {
    httpMethod,
    operationName: input.operationName,
    ...authorization,
    apiKeyRequired: input.apiKeyRequired ?? false,
    requestValidatorId: input.requestValidatorId || undefined,
    requestParameters: input.requestParameters,
    requestModels: input.requestModels,
    responses: new Map(),
  };
  resource.methods.set(httpMethod, method);
  return methodShape(method);
});

/** @throws BadRequestException unless an authorizer of the API goes with the type that needs one */
export function readAuthorization(
  api: RestApi,
  {
    authorizationType = '',
    authorizerId: id,
  }: Pick<PutMethodRequest, 'authorizerId'> & { authorizationType?: string | undefined },
): Pick<Method, 'authorizationType' | 'authorizerId'> {
  // `none` is taken, too (recorded).
  const type = authorizationType.toUpperCase();
  const authorizer = id ? api.authorizers.get(id) : undefined;
  if ((type === 'CUSTOM' || type === 'COGNITO_USER_POOLS') && !authorizer) {
    throw badRequest(
      'Invalid authorizer ID specified. ' +
        'Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
    );
  }
  if (type === 'AWS_IAM')
    throw notSupported('IAM authorization, whose signatures it cannot check (authorizationType AWS_IAM)');
  if (type !== 'NONE' && type !== 'CUSTOM')
    throw notSupported(`the authorization ${authorizationType} (authorizationType)`);
  return type === 'CUSTOM'
    ? { authorizationType: type, authorizerId: id }
    : { authorizationType: 'NONE', authorizerId: undefined };
}
