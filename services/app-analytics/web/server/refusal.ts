import type { FailureCode } from '../shared/api.ts';

/** A request that is answered with an error: the status, a code for programs, and a sentence for people. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: FailureCode;

  constructor(status: number, code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.code = code;
  }
}
