import { GetPolicy$, type GetPolicyRequest, type GetPolicyResponse } from '@aws-sdk/client-lambda';
import { errors } from '../errors.ts';
import { readFunctionName } from '../names.ts';
import { operation } from './operation.ts';

export const getPolicy = operation(GetPolicy$, ({ functions }, input: GetPolicyRequest, call): GetPolicyResponse => {
  const { statements, revisionId } = functions.latest(
    readFunctionName('GetPolicy', call, input.FunctionName, input.Qualifier),
  );
  if (statements.length === 0) throw errors.noSuchResource();
  const policy = { Version: '2012-10-17', Id: 'default', Statement: statements };
  return { Policy: JSON.stringify(policy), RevisionId: revisionId };
});
