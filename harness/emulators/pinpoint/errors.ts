import { AwsError } from '../../edge/aws-error.ts';

/** Texts as AWS was seen to answer, unless docs/fidelity/pinpoint.md says otherwise. */
export const errors = {
  bad: (message: string) => new AwsError('BadRequestException', message),
  missing: (member: string) => errors.bad(`The request must include ${member}`),
  noSuchApp: () => new AwsError('NotFoundException', 'Application not found', 404),
  notFound: () => new AwsError('NotFoundException', 'Resource not found', 404),
  conflict: (message: string) => new AwsError('ConflictException', message, 409),
  tooLarge: (bytes: number) =>
    new AwsError('PayloadTooLargeException', `The request is larger than ${bytes} bytes`, 413),
  streamValidation: (reason: string) =>
    errors.bad(`Destination stream validation failed, make sure the IAM Role is configured properly: ${reason}`),

  /** Something AWS has and naetmul has not: named, never ignored. */
  unsupported: (what: string) =>
    new AwsError('NotImplementedException', `The Pinpoint emulator of naetmul does not support ${what}.`, 501),
} as const;

/** An error as Pinpoint's answers show it: with `Message` and `RequestID`. */
export function withRequestId({ code, message, status }: AwsError, requestId: string): AwsError {
  return new AwsError(code, message, status, { Message: message, RequestID: requestId });
}

/** Refuses the members of `given` that would change behaviour if they were honoured; empty ones are harmless. */
export function refuseOthers(given: object | undefined, known: readonly string[], of: string): void {
  for (const [name, value] of Object.entries(given ?? {})) {
    if (!known.includes(name) && !isEmpty(value)) throw errors.unsupported(`${name} of ${of}`);
  }
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '' || value === 0) return true;
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}
