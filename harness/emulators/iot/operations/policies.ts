import * as api from '@aws-sdk/client-iot';
import { errors } from '../errors.ts';
import { DEFAULT_PAGE } from '../limits.ts';
import { page } from '../page.ts';
import { readPolicyDocument } from '../policy-document.ts';
import type { Home } from '../registry/home.ts';
import type { Certificate, Policy } from '../registry/model.ts';
import { Violations } from '../violations.ts';
import { type OperationMaker, operation } from './operation.ts';
import { readTags } from './tags.ts';

/** Characters, white space and all. Source: API reference, CreatePolicy. */
export const MAX_POLICY_TEXT = 404_600;

const createPolicy = operation(
  api.CreatePolicy$,
  (home, input: api.CreatePolicyRequest, { clock }): api.CreatePolicyResponse => {
    const violations = new Violations();
    const name = violations.policyName(input.policyName);
    const text = violations.text('policyDocument', input.policyDocument, MAX_POLICY_TEXT, undefined, 0);
    violations.raise();
    const document = readPolicyDocument(name, text);
    const tags = readTags(input.tags);
    const arn = home.arn(`policy/${name}`);
    if (home.policies.has(name)) {
      throw errors.exists(`Policy cannot be created - name already exists (name=${name})`, name, arn);
    }
    const createdAt = clock.now();
    home.policies.set(name, {
      name,
      arn,
      createdAt,
      lastVersion: 1,
      modifiedAt: createdAt,
      defaultVersionId: '1',
      versions: new Map([['1', { id: '1', text, document, createdAt }]]),
      tags,
    });
    return { policyName: name, policyArn: arn, policyDocument: text, policyVersionId: '1' };
  },
);

const getPolicy = operation(api.GetPolicy$, (home, input: api.GetPolicyRequest): api.GetPolicyResponse => {
  const { name, arn, defaultVersionId, versions, createdAt, modifiedAt } = policyOf(home, input.policyName);
  return {
    policyName: name,
    policyArn: arn,
    policyDocument: versions.get(defaultVersionId)?.text,
    defaultVersionId,
    creationDate: new Date(createdAt),
    lastModifiedDate: new Date(modifiedAt),
  };
});

const listPolicies = operation(
  api.ListPolicies$,
  (home, { pageSize, marker, ascendingOrder }: api.ListPoliciesRequest): api.ListPoliciesResponse => {
    const violations = new Violations();
    violations.range('pageSize', pageSize);
    violations.raise();
    // By the time they were made, the newest first unless asked otherwise.
    const all = [...home.policies.values()];
    const { items, next } = page(ascendingOrder ? all : all.reverse(), marker, pageSize ?? DEFAULT_PAGE);
    return {
      policies: items.map(({ name, arn }) => ({ policyName: name, policyArn: arn })),
      ...(next && { nextMarker: next }),
    };
  },
);

const deletePolicy = operation(api.DeletePolicy$, (home, input: api.DeletePolicyRequest): void => {
  const { name, versions } = policyOf(home, input.policyName);
  if (versions.size > 1) {
    // AWS's own words.
    throw errors.deleteConflict('The policy cannot be deleted as versions other than than default version exist');
  }
  if (targetsOf(home, name).length > 0) {
    throw errors.deleteConflict(
      `The policy cannot be deleted as the policy is attached to one or more principals (name=${name})`,
    );
  }
  home.policies.delete(name);
});

export const policies: readonly OperationMaker[] = [createPolicy, getPolicy, listPolicies, deletePolicy];

/** @throws InvalidRequestException, ResourceNotFoundException */
export function policyOf(home: Home, policyName: string | undefined): Policy {
  const violations = new Violations();
  const name = violations.policyName(policyName);
  violations.raise();
  return home.policy(name);
}

export function targetsOf(home: Home, policyName: string): readonly Certificate[] {
  return [...home.certificates.values()].filter(({ policyNames }) => policyNames.has(policyName));
}
