import { errors } from '../errors.ts';
import type { Options } from '../options.ts';
import { type AccessPolicy, isOpen, parsePolicy } from '../policy.ts';

/** @throws AwsError for a policy that cannot be read, and for one that AWS takes for too open */
export function checkedPolicy({ AccessPolicies }: Pick<Options, 'AccessPolicies'>): AccessPolicy {
  const policy = parsePolicy(AccessPolicies);
  if (isOpen(policy)) {
    throw errors.invalid('Enable fine-grained access control or apply a restrictive access policy to your domain');
  }
  return policy;
}
