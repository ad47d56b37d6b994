import { AwsError } from '../../edge/aws-error.ts';

/** Texts as AWS was seen to answer, unless docs/fidelity/iot.md says otherwise. */
export const errors = {
  invalid: (message: string) => new AwsError('InvalidRequestException', message),

  /** Constraints of the API's model. Each of `problems` is what follows "detected: ". */
  violations: (problems: readonly string[]) =>
    errors.invalid(
      `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${problems.join('; ')}`,
    ),

  notFound: (message: string) => new AwsError('ResourceNotFoundException', message, 404),

  exists: (message: string, resourceId: string, resourceArn: string) =>
    new AwsError('ResourceAlreadyExistsException', message, 409, { resourceId, resourceArn }),

  malformedPolicy: (why = '') =>
    new AwsError('MalformedPolicyException', `Policy document is Malformed${why === '' ? '' : `: ${why}`}`),

  deleteConflict: (message: string) => new AwsError('DeleteConflictException', message, 409),

  certificateState: (message: string, id: string) =>
    new AwsError('CertificateStateException', `${message} Id: ${id}`, 406),

  invalidCertificate: (message: string) => new AwsError('CertificateValidationException', message),

  versionsLimit: (policyName: string, most: number) =>
    new AwsError(
      'VersionsLimitExceededException',
      `The policy ${policyName} already has the maximum number of versions (${most})`,
      409,
    ),

  versionConflict: (thingName: string) =>
    new AwsError(
      'VersionConflictException',
      `The version for thing ${thingName} does not match the expected version.`,
      409,
    ),

  overLimit: (message: string) => new AwsError('LimitExceededException', message, 410),

  sqlParse: (message: string) => new AwsError('SqlParseException', message),

  /** AWS says no more of a rule that does not exist. */
  noSuchRule: (ruleName: string) =>
    new AwsError('UnauthorizedException', `Access to topic rule '${ruleName}' was denied`, 401),

  tooLarge: (message: string) => new AwsError('RequestEntityTooLargeException', message, 413),

  unavailable: (message: string) => new AwsError('ServiceUnavailableException', message, 503),

  /** Something AWS has and naetmul has not: named, never ignored. */
  unsupported: (what: string) =>
    new AwsError('NotImplementedException', `The IoT emulator of naetmul does not support ${what}.`, 501),
} as const;

/** Refuses a member that would change behaviour if it were honoured. Absent, false, '' and empty are harmless. */
export function refuse(value: unknown, what: string): void {
  if (value === undefined || value === null || value === false || value === '') return;
  if (typeof value === 'object' && Object.keys(value).length === 0) return;
  throw errors.unsupported(what);
}
