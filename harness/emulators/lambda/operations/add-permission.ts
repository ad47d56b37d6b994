import { AddPermission$, type AddPermissionRequest, type AddPermissionResponse } from '@aws-sdk/client-lambda';
import { errors } from '../errors.ts';
import type { Statement } from '../functions/function.ts';
import { operation } from './operation.ts';
import { findForPolicy, principalOf } from './policy.ts';
import { Violations } from './violations.ts';

const ACTION = '(lambda:[*]|lambda:[a-zA-Z]+|[*])';

/** Kept and shown; nobody is kept from anything by it. */
export const addPermission = operation(
  AddPermission$,
  (parts, input: AddPermissionRequest, call): AddPermissionResponse => {
    const violations = new Violations();
    violations.required('statementId', input.StatementId);
    violations.text('statementId', input.StatementId, 1, 100, '([a-zA-Z0-9-_]+)');
    violations.required('action', input.Action);
    violations.text('action', input.Action, 0, Number.POSITIVE_INFINITY, ACTION);
    violations.required('principal', input.Principal);
    violations.raise();
    const { name, found } = findForPolicy(parts, 'AddPermission', call, input.FunctionName, input.Qualifier);
    if (input.RevisionId && input.RevisionId !== found.revisionId) throw errors.staleRevision('GetPolicy');
    const Sid = input.StatementId ?? '';
    if (found.statements.some((one) => one.Sid === Sid)) {
      throw errors.conflict(
        `The statement id (${Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      );
    }
    const condition = conditionOf(input);
    const statement: Statement = {
      Sid,
      Effect: 'Allow',
      Principal: principalOf(input.Principal ?? ''),
      Action: input.Action ?? '',
      Resource: name.arn,
      ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
    };
    found.statements = [...found.statements, statement];
    found.revisionId = parts.random.uuid();
    return { Statement: JSON.stringify(statement) };
  },
);

function conditionOf(input: AddPermissionRequest): NonNullable<Statement['Condition']> {
  const equals = given({
    'AWS:SourceAccount': input.SourceAccount,
    'lambda:EventSourceToken': input.EventSourceToken,
    'lambda:FunctionUrlAuthType': input.FunctionUrlAuthType,
    'aws:PrincipalOrgID': input.PrincipalOrgID,
  });
  const like = given({ 'AWS:SourceArn': input.SourceArn });
  return {
    ...(Object.keys(equals).length > 0 ? { StringEquals: equals } : {}),
    ...(Object.keys(like).length > 0 ? { ArnLike: like } : {}),
  };
}

function given(members: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}
