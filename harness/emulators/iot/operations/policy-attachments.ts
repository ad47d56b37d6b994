import * as api from '@aws-sdk/client-iot';
import { errors } from '../errors.ts';
import { DEFAULT_PAGE, MAX_POLICIES_PER_PRINCIPAL } from '../limits.ts';
import { page } from '../page.ts';
import type { Home } from '../registry/home.ts';
import type { Policy } from '../registry/model.ts';
import { Violations } from '../violations.ts';
import { type OperationMaker, operation } from './operation.ts';
import { policyOf, targetsOf } from './policies.ts';

interface Paging {
  readonly marker?: string | undefined;
  readonly pageSize?: number | undefined;
}

const attachPolicy = operation(api.AttachPolicy$, (home, { policyName, target }: api.AttachPolicyRequest): void =>
  attach(home, policyName, 'target', target),
);

const attachPrincipalPolicy = operation(
  api.AttachPrincipalPolicy$,
  (home, { policyName, principal }: api.AttachPrincipalPolicyRequest): void =>
    attach(home, policyName, 'principal', principal),
);

const detachPolicy = operation(api.DetachPolicy$, (home, { policyName, target }: api.DetachPolicyRequest): void =>
  detach(home, policyName, 'target', target),
);

const detachPrincipalPolicy = operation(
  api.DetachPrincipalPolicy$,
  (home, { policyName, principal }: api.DetachPrincipalPolicyRequest): void =>
    detach(home, policyName, 'principal', principal),
);

const listAttachedPolicies = operation(
  api.ListAttachedPolicies$,
  (home, { target, ...paging }: api.ListAttachedPoliciesRequest): api.ListAttachedPoliciesResponse =>
    policiesOf(home, 'target', target, paging),
);

const listPrincipalPolicies = operation(
  api.ListPrincipalPolicies$,
  (home, { principal, ...paging }: api.ListPrincipalPoliciesRequest): api.ListPrincipalPoliciesResponse =>
    policiesOf(home, 'principal', principal, paging),
);

const listTargetsForPolicy = operation(
  api.ListTargetsForPolicy$,
  (home, { policyName, ...paging }: api.ListTargetsForPolicyRequest): api.ListTargetsForPolicyResponse => {
    const { items, ...next } = targets(home, policyName, paging);
    return { targets: items, ...next };
  },
);

const listPolicyPrincipals = operation(
  api.ListPolicyPrincipals$,
  (home, { policyName, ...paging }: api.ListPolicyPrincipalsRequest): api.ListPolicyPrincipalsResponse => {
    const { items, ...next } = targets(home, policyName, paging);
    return { principals: items, ...next };
  },
);

export const policyAttachments: readonly OperationMaker[] = [
  attachPolicy,
  attachPrincipalPolicy,
  detachPolicy,
  detachPrincipalPolicy,
  listAttachedPolicies,
  listPrincipalPolicies,
  listTargetsForPolicy,
  listPolicyPrincipals,
];

function attach(home: Home, policyName: string | undefined, member: string, target: string | undefined): void {
  const { policy, arn } = checked(home, policyName, member, target);
  const { policyNames } = home.principal(arn);
  if (!policyNames.has(policy.name) && policyNames.size >= MAX_POLICIES_PER_PRINCIPAL) {
    throw errors.overLimit(`A principal may have at most ${MAX_POLICIES_PER_PRINCIPAL} policies: ${arn}`);
  }
  policyNames.add(policy.name);
}

function detach(home: Home, policyName: string | undefined, member: string, target: string | undefined): void {
  const { policy, arn } = checked(home, policyName, member, target);
  home.principal(arn).policyNames.delete(policy.name);
}

function checked(
  home: Home,
  policyName: string | undefined,
  member: string,
  target: string | undefined,
): { readonly policy: Policy; readonly arn: string } {
  const violations = new Violations();
  const name = violations.policyName(policyName);
  const arn = violations.text(member, target, Number.POSITIVE_INFINITY);
  violations.raise();
  return { policy: home.policy(name), arn };
}

function policiesOf(
  home: Home,
  member: string,
  target: string | undefined,
  { marker, pageSize }: Paging,
): { policies: api.Policy[]; nextMarker?: string } {
  const violations = new Violations();
  const arn = violations.text(member, target, Number.POSITIVE_INFINITY);
  violations.range('pageSize', pageSize);
  violations.raise();
  const { items, next } = page([...home.principal(arn).policyNames], marker, pageSize ?? DEFAULT_PAGE);
  return {
    policies: items.map((policyName) => ({ policyName, policyArn: home.policy(policyName).arn })),
    ...(next && { nextMarker: next }),
  };
}

function targets(
  home: Home,
  policyName: string | undefined,
  { marker, pageSize }: Paging,
): { items: string[]; nextMarker?: string } {
  const violations = new Violations();
  violations.range('pageSize', pageSize);
  violations.raise();
  const arns = targetsOf(home, policyOf(home, policyName).name).map(({ arn }) => arn);
  const { items, next } = page(arns, marker, pageSize ?? DEFAULT_PAGE);
  return { items: [...items], ...(next && { nextMarker: next }) };
}
