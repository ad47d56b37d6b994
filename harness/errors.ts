/** Whose fault a failure is: something the user can put right, or a defect of naetmul itself. */
export type Blame = 'user' | 'naetmul';

export interface NaetmulErrorOptions {
  /** What the reader can do about it: one or two plain sentences. */
  readonly remedy?: string;
  readonly blame?: Blame;
  readonly cause?: unknown;
}

/**
 * The one error class of the harness.
 *
 * `code` is stable and meant for programs (`PORT_TAKEN`, `TEMPLATE_UNSUPPORTED_PROPERTY`); `message` is one sentence
 * that names what was wrong; `remedy` says what to do. Errors that an emulated AWS service answers with are
 * `AwsError` (harness/edge/aws-error.ts) instead.
 */
export class NaetmulError extends Error {
  override readonly name = 'NaetmulError';
  readonly code: string;
  readonly remedy: string | undefined;
  readonly blame: Blame;

  constructor(code: string, message: string, options: NaetmulErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy;
    this.blame = options.blame ?? 'user';
  }
}
