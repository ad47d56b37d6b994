import { GetPolicy$, type GetPolicyRequest, type GetPolicyResponse } from '@aws-sdk/client-lambda';
import { errors } from '../errors.ts';
import { readFunctionName } from '../names.ts';
import { operation } from './operation.ts';

export const getPolicy = operation(GetPolicy$, ({ functions }, input: GetPolicyRequest, call): GetPolicyResponse => {
  const { arn, qualifier = '$LATEST' } = readFunctionName('GetPolicy', call, input.FunctionName, input.Qualifier);
  const found = qualifier === '$LATEST' ? functions.get(arn) : undefined;
  // Whether it is the function that is missing, its version or its policy, AWS does not say.
  if (!found || found.statements.length === 0) throw errors.noSuchResource();
  const { statements, revisionId } = found;
  const policy = { Version: '2012-10-17', Id: 'default', Statement: statements };
  return { Policy: JSON.stringify(policy), RevisionId: revisionId };
});
