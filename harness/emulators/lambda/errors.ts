import { AwsError } from '../../edge/aws-error.ts';

const USER = { Type: 'User' };

/** Texts checked against AWS by others, unless docs/fidelity/lambda.md says otherwise. */
export const errors = {
  /** The only error whose text AWS names `Message`. */
  notFound: (message: string) =>
    new AwsError('ResourceNotFoundException', message, 404, { Message: message, Type: 'User' }),

  functionNotFound: (arn: string) => errors.notFound(`Function not found: ${arn}`),

  noSuchResource: () => errors.notFound('The resource you requested does not exist.'),

  invalid: (message: string) => new AwsError('InvalidParameterValueException', message, 400, USER),

  /** What the limits of an account do not allow; AWS gives it no `Type`. */
  overLimit: (message: string) => new AwsError('InvalidParameterValueException', message),

  conflict: (message: string) => new AwsError('ResourceConflictException', message, 409, USER),

  inUse: (message: string) => new AwsError('ResourceInUseException', message, 400, USER),

  staleRevision: (call: 'GetFunction/GetAlias' | 'GetPolicy') =>
    new AwsError(
      'PreconditionFailedException',
      `The Revision Id provided does not match the latest Revision Id. Call the ${call} API to retrieve the latest Revision Id`,
      412,
      USER,
    ),

  tooLarge: (message: string) => new AwsError('RequestEntityTooLargeException', message, 413),

  invalidContent: (message: string) => new AwsError('InvalidRequestContentException', message, 400, USER),

  /** AWS gives no text to those of another account. */
  otherAccount: () => new AwsError('AccessDeniedException', 'Access denied', 403, { Message: null }),

  /** Constraints of the API's model. Each of `problems` is what follows "detected: ". */
  violations: (problems: readonly string[]) => new AwsError('ValidationException', violationText(problems)),

  /** Something AWS has and naetmul has not (yet): named, never ignored. */
  unsupported: (what: string) =>
    new AwsError('NotImplementedException', `The Lambda emulator of naetmul does not support ${what}.`, 501),
} as const;

export function violationText(problems: readonly string[]): string {
  return `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${problems.join('; ')}`;
}

/** Refuses a member that would change behaviour if it were honoured. Absent, null, false, '' and empty are harmless. */
export function refuse(value: unknown, what: string): void {
  if (value === undefined || value === null || value === false || value === '') return;
  if (Array.isArray(value) && value.length === 0) return;
  if (typeof value === 'object' && Object.keys(value).length === 0) return;
  throw errors.unsupported(what);
}
