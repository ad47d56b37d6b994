import type { FailureCode } from '../shared/failure.ts';

/** A request that is answered with an error: the status, a code for programs, and a sentence for people. */
export class Refusal<Code extends string = FailureCode> extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: Code;

  constructor(status: number, code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.code = code;
  }
}
