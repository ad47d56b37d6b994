import type { Violations } from '../violations.ts';

const MAX_ARN_LENGTH = 512;
const ROLE_ARN_PATTERN = 'arn:.*:iam::\\d{12}:role/[a-zA-Z_0-9+=,.@\\-_/]+';

/** The constraints of the API model (2015-08-04) on the ARN of a role. */
export function checkRoleArn(path: string, arn: string | undefined, violations: Violations, isUpdate = false): void {
  if (isUpdate || violations.required(path, arn)) violations.text(path, arn, 1, MAX_ARN_LENGTH, ROLE_ARN_PATTERN);
}
