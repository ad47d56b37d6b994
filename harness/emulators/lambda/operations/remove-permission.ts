import { RemovePermission$, type RemovePermissionRequest } from '@aws-sdk/client-lambda';
import { errors } from '../errors.ts';
import { readFunctionName } from '../names.ts';
import { checkRevision } from './apply-change.ts';
import { operation } from './operation.ts';
import { refuseQualifier } from './policy.ts';

export const removePermission = operation(
  RemovePermission$,
  ({ functions, random }, input: RemovePermissionRequest, call) => {
    const name = readFunctionName('RemovePermission', call, input.FunctionName, input.Qualifier);
    const found = functions.get(name.arn);
    if (!found) throw errors.notFound(`No policy found for: ${name.arn}`);
    if (name.qualifier !== '$LATEST') refuseQualifier(name);
    if (found.statements.length === 0) throw errors.notFound('No policy is associated with the given resource.');
    const left = found.statements.filter(({ Sid }) => Sid !== input.StatementId);
    if (left.length === found.statements.length) {
      throw errors.notFound(`Statement ${input.StatementId} is not found in resource policy.`);
    }
    checkRevision(found, input.RevisionId);
    found.statements = left;
    found.revisionId = random.uuid();
  },
);
