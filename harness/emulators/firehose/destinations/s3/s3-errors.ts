import type { Attempt } from '../destination.ts';

/** https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html, "Amazon S3 Data Delivery Errors" */
const MESSAGES: Readonly<Record<string, string>> = {
  'S3.KMS.NotFoundException':
    'The provided AWS KMS key was not found. If you are using what you believe to be a valid AWS KMS key with the correct role, check if there is a problem with the account to which the AWS KMS key is attached.',
  'S3.KMS.RequestLimitExceeded':
    'The KMS request per second limit was exceeded while attempting to encrypt S3 objects. Increase the request per second limit.',
  'S3.AccessDenied':
    'Access was denied. Ensure that the trust policy for the provided IAM role allows Firehose to assume the role, and the access policy allows access to the S3 bucket.',
  'S3.AccountProblem':
    'There is a problem with your AWS account that prevents the operation from completing successfully. Contact AWS Support.',
  'S3.AllAccessDisabled': 'Access to the account provided has been disabled. Contact AWS Support.',
  'S3.InvalidPayer': 'Access to the account provided has been disabled. Contact AWS Support.',
  'S3.NotSignedUp': 'The account is not signed up for Amazon S3. Sign the account up or use a different account.',
  'S3.NoSuchBucket':
    'The specified bucket does not exist. Create the bucket or use a different bucket that does exist.',
  'S3.MethodNotAllowed':
    "The specified method is not allowed against this resource. Modify the bucket's policy to allow the correct Amazon S3 operation permissions.",
};
const INTERNAL_ERROR =
  'An internal error occurred while attempting to deliver data. Delivery will be retried; if the error persists, then it will be reported to AWS for resolution.';

/** What Firehose says of an error that S3 answered with, or of S3 not answering. */
export function describeS3Error(error: unknown): { readonly code: string; readonly message: string } {
  const code = `S3.${error instanceof Error ? error.name : ''}`;
  const message = MESSAGES[code];
  return message === undefined ? { code: 'InternalError', message: INTERNAL_ERROR } : { code, message };
}

/** Tells of an error of S3 in the stream's error log, unless it came of the stream being stopped. */
export function reportS3Error(error: unknown, attempt: Pick<Attempt, 'reportError' | 'signal'>): void {
  if (attempt.signal.aborted) return;
  const { code, message } = describeS3Error(error);
  attempt.reportError(code, message);
}
