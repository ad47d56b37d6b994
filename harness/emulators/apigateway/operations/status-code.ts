import { validationError } from '../errors.ts';

const STATUS_CODE = /^[1-5]\d\d$/;

/** The status code that names a response. API model: StatusCode. */
export function checkStatusCode(statusCode: string | undefined): string {
  const problems = statusCodeProblems(statusCode);
  if (problems.length > 0) throw validationError(problems);
  return statusCode as string;
}

export function statusCodeProblems(statusCode: string | undefined): string[] {
  if (statusCode !== undefined && STATUS_CODE.test(statusCode)) return [];
  return [
    `Value '${statusCode}' at 'statusCode' failed to satisfy constraint: ` +
      'Member must satisfy regular expression pattern: [1-5]\\d\\d',
  ];
}
