/** A request that is answered with an error: the status, and a reason for whoever sent it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** Further headers of the answer, such as `Allow`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    reason: string,
    options: { readonly cause?: unknown; readonly headers?: Record<string, string> } = {},
  ) {
    super(reason, { cause: options.cause });
    this.status = status;
    this.headers = options.headers ?? {};
  }
}
