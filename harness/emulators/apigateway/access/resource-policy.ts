import { type AccessPolicy, parsePolicy } from '../../../policies/resource-policy.ts';
import { badRequest, notSupported } from '../errors.ts';
import type { RestApi } from '../store/model.ts';

/** @throws BadRequestException for a policy that cannot be read; NotImplementedException for what is not evaluated */
export function checkApiPolicy(
  document: string,
  { id, region, accountId }: Pick<RestApi, 'id' | 'region' | 'accountId'>,
): void {
  readApiPolicy(document, `arn:aws:execute-api:${region}:${accountId}:${id}`);
}

/**
 * Reads an API's resource policy. A resource may leave the API out, `execute-api:/stage/method/path`, as the console's
 * examples do.
 *
 * @param apiArn `arn:aws:execute-api:{region}:{account}:{api}`
 */
export function readApiPolicy(document: string, apiArn: string): AccessPolicy {
  const policy = document.replaceAll(/"execute-api:\//g, `"${apiArn}/`);
  return parsePolicy(policy, {
    invalid: badRequest(
      'Invalid policy document. Please check the policy syntax and ensure that Principals are valid.',
    ),
    unsupported: (what) => notSupported(what),
  });
}
