import { UpdateAccount$, type UpdateAccountRequest } from '@aws-sdk/client-api-gateway';
import { badRequest, notSupported } from '../errors.ts';
import { invalidPath, readPatches } from '../patch.ts';
import { accountShape } from './account-shape.ts';
import { operation } from './operation.ts';

const ROLE_ARN = /^arn:aws[\w-]*:iam::\d{12}:role\/.+$/;

export const updateAccount = operation(UpdateAccount$, ({ store }, input: UpdateAccountRequest, call) => {
  const account = store.account(call);
  for (const patch of readPatches(input.patchOperations, 'updateAccountInput')) {
    if (patch.path === '/features') throw notSupported('account features (patch path /features)');
    if (patch.path !== '/cloudwatchRoleArn') throw invalidPath(patch);
    const removed = patch.op === 'remove' || !patch.value;
    if (!removed && !ROLE_ARN.test(patch.value ?? '')) {
      throw badRequest(
        'The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.',
      );
    }
    account.cloudwatchRoleArn = removed ? undefined : patch.value;
  }
  return accountShape(account);
});
