import * as api from '@aws-sdk/client-iot';
import { errors } from '../errors.ts';
import { MAX_POLICY_VERSIONS } from '../limits.ts';
import { readPolicyDocument } from '../policy-document.ts';
import type { Home } from '../registry/home.ts';
import type { Policy, PolicyVersion } from '../registry/model.ts';
import { Violations } from '../violations.ts';
import { type OperationMaker, operation } from './operation.ts';
import { MAX_POLICY_TEXT, policyOf } from './policies.ts';

const createPolicyVersion = operation(
  api.CreatePolicyVersion$,
  (home, input: api.CreatePolicyVersionRequest, { clock }): api.CreatePolicyVersionResponse => {
    const violations = new Violations();
    const name = violations.policyName(input.policyName);
    const text = violations.text('policyDocument', input.policyDocument, MAX_POLICY_TEXT, undefined, 0);
    violations.raise();
    const document = readPolicyDocument(name, text);
    const policy = home.policy(name);
    if (policy.versions.size >= MAX_POLICY_VERSIONS) throw errors.versionsLimit(name, MAX_POLICY_VERSIONS);
    policy.lastVersion += 1;
    const id = String(policy.lastVersion);
    policy.versions.set(id, { id, text, document, createdAt: clock.now() });
    policy.modifiedAt = clock.now();
    if (input.setAsDefault) policy.defaultVersionId = id;
    return {
      policyArn: policy.arn,
      policyDocument: text,
      policyVersionId: id,
      isDefaultVersion: policy.defaultVersionId === id,
    };
  },
);

const getPolicyVersion = operation(
  api.GetPolicyVersion$,
  (home, input: api.GetPolicyVersionRequest): api.GetPolicyVersionResponse => {
    const { policy, version } = versionOf(home, input);
    return {
      policyArn: policy.arn,
      policyName: policy.name,
      policyDocument: version.text,
      policyVersionId: version.id,
      isDefaultVersion: policy.defaultVersionId === version.id,
      creationDate: new Date(version.createdAt),
      lastModifiedDate: new Date(version.createdAt),
    };
  },
);

const listPolicyVersions = operation(
  api.ListPolicyVersions$,
  (home, input: api.ListPolicyVersionsRequest): api.ListPolicyVersionsResponse => {
    const { versions, defaultVersionId } = policyOf(home, input.policyName);
    return {
      policyVersions: [...versions.values()].reverse().map(({ id, createdAt }) => ({
        versionId: id,
        isDefaultVersion: id === defaultVersionId,
        createDate: new Date(createdAt),
      })),
    };
  },
);

const deletePolicyVersion = operation(
  api.DeletePolicyVersion$,
  (home, input: api.DeletePolicyVersionRequest, { clock }): void => {
    const { policy, version } = versionOf(home, input);
    if (version.id === policy.defaultVersionId) {
      throw errors.deleteConflict(`The default version of a policy cannot be deleted (name=${policy.name})`);
    }
    policy.versions.delete(version.id);
    policy.modifiedAt = clock.now();
  },
);

const setDefaultPolicyVersion = operation(
  api.SetDefaultPolicyVersion$,
  (home, input: api.SetDefaultPolicyVersionRequest, { clock }): void => {
    const { policy, version } = versionOf(home, input);
    policy.defaultVersionId = version.id;
    policy.modifiedAt = clock.now();
  },
);

export const policyVersions: readonly OperationMaker[] = [
  createPolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  deletePolicyVersion,
  setDefaultPolicyVersion,
];

function versionOf(
  home: Home,
  { policyName, policyVersionId }: api.GetPolicyVersionRequest,
): { readonly policy: Policy; readonly version: PolicyVersion } {
  const violations = new Violations();
  const name = violations.policyName(policyName);
  const id = violations.policyVersionId(policyVersionId);
  violations.raise();
  const policy = home.policy(name);
  const version = policy.versions.get(id);
  if (!version) throw errors.notFound('Policy version not found');
  return { policy, version };
}
