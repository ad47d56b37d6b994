import { AwsError } from '../../edge/aws-error.ts';

/** The statuses are those of the API reference, where most of the service's own errors are 409. */
export const errors = {
  alreadyExists: (name: string) => new AwsError('ResourceAlreadyExistsException', `Domain ${name} already exists`, 409),
  notFound: (name: string) => new AwsError('ResourceNotFoundException', `Domain not found: ${name}`, 409),
  invalid: (message: string) => new AwsError('ValidationException', message),
  invalidType: (message: string) => new AwsError('InvalidTypeException', message, 409),
  /** What a member violates of the model's constraints, all at once, as AWS puts it. */
  violations: (found: readonly string[]) =>
    new AwsError(
      'ValidationException',
      `${found.length} validation error${found.length === 1 ? '' : 's'} detected: ${found.join('; ')}`,
    ),
  /** Something AWS has and naetmul has not: named, never ignored. */
  unsupported: (what: string) =>
    new AwsError('NotImplementedException', `The OpenSearch emulator of naetmul does not support ${what}.`, 501),
} as const;
