import { validationError } from '../errors.ts';

const STATUS_CODE = /^[1-5]\d\d$/;

/** The status code that names a response. API model: StatusCode. */
export function checkStatusCode(statusCode: string | undefined): string {
  if (statusCode === undefined || !STATUS_CODE.test(statusCode)) {
    throw validationError([
      `Value '${statusCode}' at 'statusCode' failed to satisfy constraint: ` +
        'Member must satisfy regular expression pattern: [1-5]\\d\\d',
    ]);
  }
  return statusCode;
}
