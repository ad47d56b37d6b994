/**
 * An error that an emulated AWS service answers with. `code` is AWS's name of it (`ResourceNotFoundException`),
 * `message` its exact text, `status` the HTTP status. `members` are further members of the error's body.
 */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.members = members;
  }
}
