import { UpdateAuthorizer$, type UpdateAuthorizerRequest } from '@aws-sdk/client-api-gateway';
import { operation } from '../../operations/operation.ts';
import { onlyReplace, type Patch, readPatches, unknownPath } from '../../patch.ts';
import type { Authorizer } from '../../store/model.ts';
import { checkAuthorizer, checkType, readTtl } from './authorizer-checks.ts';
import { authorizerShape, findAuthorizer } from './authorizers.ts';

const PATHS = [
  '/name',
  '/type',
  '/authorizerUri',
  '/authorizerCredentials',
  '/authorizerResultTtlInSeconds',
  '/authType',
  '/identitySource',
  '/identityValidationExpression',
];

/** All patches are applied, or none. */
export const updateAuthorizer = operation(UpdateAuthorizer$, ({ store }, input: UpdateAuthorizerRequest, call) => {
  const api = store.api(call, input.restApiId);
  const next = { ...findAuthorizer(api, input.authorizerId) };
  for (const patch of readPatches(input.patchOperations, 'updateAuthorizerInput')) apply(patch, next);
  checkAuthorizer(next);
  api.authorizers.set(next.id, next);
  return authorizerShape(next);
});

function apply(patch: Patch, authorizer: Authorizer): void {
  const { path, value = '' } = patch;
  if (!PATHS.includes(path)) throw unknownPath(patch, PATHS);
  onlyReplace(patch);
  switch (path) {
    case '/type':
      authorizer.type = checkType(value);
      return;
    case '/authorizerResultTtlInSeconds':
      authorizer.hidesTtl = false;
      authorizer.authorizerResultTtlInSeconds = readTtl(value === '' ? undefined : Number(value));
      return;
    case '/name':
      authorizer.name = value;
      return;
    case '/authorizerUri':
      authorizer.authorizerUri = value;
      return;
    default:
      authorizer[
        path.slice(1) as 'authType' | 'authorizerCredentials' | 'identitySource' | 'identityValidationExpression'
      ] = value || undefined;
  }
}
