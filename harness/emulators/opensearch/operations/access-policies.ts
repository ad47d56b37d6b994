import { type AccessPolicy, isOpen, parsePolicy } from '../../../policies/resource-policy.ts';
import { errors } from '../errors.ts';
import type { Options } from '../options.ts';

/** @throws AwsError for a policy that cannot be read, and for one that AWS takes for too open */
export function checkedPolicy({ AccessPolicies }: Pick<Options, 'AccessPolicies'>): AccessPolicy {
  const policy = parsePolicy(AccessPolicies, {
    invalid: errors.invalidType(`Error setting policy: [${AccessPolicies}]`),
    unsupported: errors.unsupported,
  });
  if (isOpen(policy)) {
    throw errors.invalid('Enable fine-grained access control or apply a restrictive access policy to your domain');
  }
  return policy;
}
