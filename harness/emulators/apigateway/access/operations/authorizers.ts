import {
  type Authorizer as AuthorizerShape,
  CreateAuthorizer$,
  type CreateAuthorizerRequest,
  DeleteAuthorizer$,
  type DeleteAuthorizerRequest,
  GetAuthorizer$,
  type GetAuthorizerRequest,
  GetAuthorizers$,
  type GetAuthorizersRequest,
} from '@aws-sdk/client-api-gateway';
import { conflict, notFound, refuse } from '../../errors.ts';
import { operation } from '../../operations/operation.ts';
import { page } from '../../operations/paging.ts';
import { newPartId } from '../../store/ids.ts';
import type { Authorizer, RestApi } from '../../store/model.ts';
import { present } from '../../store/shapes.ts';
import { checkAuthorizer, checkType, readTtl } from './authorizer-checks.ts';

export const createAuthorizer = operation(CreateAuthorizer$, (parts, input: CreateAuthorizerRequest, call) => {
  const { store, random } = parts;
  const api = store.apis.get(input.restApiId ?? '');
  // Recorded: a wrong id is not said to be one.
  if (api?.region !== call.region || api.accountId !== call.accountId) {
    throw conflict('Unable to complete operation due to concurrent modification. Please try again later.');
  }
  const type = checkType(input.type);
  refuse(input.providerARNs, 'authorizers of Cognito user pools (providerARNs)');
  const authorizer: Authorizer = {
    id: newPartId(random),
    name: input.name ?? '',
    type,
    authType: input.authType,
    authorizerUri: input.authorizerUri ?? '',
    authorizerCredentials: input.authorizerCredentials,
    identitySource: input.identitySource ?? (type === 'TOKEN' ? 'method.request.header.Authorization' : undefined),
    identityValidationExpression: input.identityValidationExpression,
    authorizerResultTtlInSeconds: readTtl(input.authorizerResultTtlInSeconds),
  };
  checkAuthorizer(authorizer);
  if ([...api.authorizers.values()].some(({ name }) => name === authorizer.name)) {
    throw conflict(`Authorizer name must be unique. Authorizer ${authorizer.name} already exists in this RestApi.`);
  }
  api.authorizers.set(authorizer.id, authorizer);
  return authorizerShape(authorizer, input.authorizerResultTtlInSeconds !== undefined);
});

export const getAuthorizer = operation(GetAuthorizer$, ({ store }, input: GetAuthorizerRequest, call) =>
  authorizerShape(findAuthorizer(store.api(call, input.restApiId), input.authorizerId)),
);

export const getAuthorizers = operation(GetAuthorizers$, ({ store }, input: GetAuthorizersRequest, call) => {
  const all = [...store.api(call, input.restApiId).authorizers.values()];
  const { items, position } = page(all, input, ({ id }) => id);
  return { items: items.map((authorizer) => authorizerShape(authorizer)), position };
});

export const deleteAuthorizer = operation(DeleteAuthorizer$, ({ store }, input: DeleteAuthorizerRequest, call) => {
  const api = store.api(call, input.restApiId);
  const { id } = findAuthorizer(api, input.authorizerId);
  const methods = [...api.resources.values()].flatMap((resource) => [...resource.methods.values()]);
  if (methods.some(({ authorizerId }) => authorizerId === id)) {
    throw conflict('Cannot delete authorizer, is referenced in method');
  }
  api.authorizers.delete(id);
  return {};
});

export function findAuthorizer(api: RestApi, id: string | undefined): Authorizer {
  const authorizer = api.authorizers.get(id ?? '');
  if (!authorizer) throw notFound('Invalid Authorizer identifier specified');
  return authorizer;
}

/** AWS shows the default of a time to live only when it is asked again. */
export function authorizerShape(authorizer: Authorizer, withTtl = true): AuthorizerShape {
  const { authorizerResultTtlInSeconds, hidesTtl, ...rest } = authorizer;
  return present({
    ...rest,
    authType: authorizer.authType ?? 'custom',
    authorizerResultTtlInSeconds: withTtl && !hidesTtl ? authorizerResultTtlInSeconds : undefined,
  });
}
