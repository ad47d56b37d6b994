import { AwsError } from '../../edge/aws-error.ts';

export const badRequest = (message: string): AwsError => new AwsError('BadRequestException', message, 400);
export const notFound = (message: string): AwsError => new AwsError('NotFoundException', message, 404);
export const conflict = (message: string): AwsError => new AwsError('ConflictException', message, 409);
export const limitExceeded = (message: string): AwsError => new AwsError('LimitExceededException', message, 429);

/** The error for constraints of the API's model. Each of `problems` is what follows "detected: ". */
export function validationError(problems: readonly string[]): AwsError {
  const count = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`;
  return new AwsError('ValidationException', `${count} detected: ${problems.join('; ')}`, 400);
}

/** What AWS can do and this emulator cannot. `what` names the member and its meaning. */
export function notSupported(what: string): AwsError {
  return new AwsError('NotImplementedException', `The API Gateway emulator of naetmul does not support ${what}.`, 501);
}

/** Refuses a member that would change behaviour if it were honoured. Absent, null, false, '' and empty are harmless. */
export function refuse(value: unknown, what: string): void {
  if (value === undefined || value === null || value === false || value === '') return;
  if (Array.isArray(value) && value.length === 0) return;
  if (typeof value === 'object' && Object.keys(value).length === 0) return;
  throw notSupported(what);
}
