/** An answer other than 200, with what is wrong in words for the sender. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** What Kinesis takes in one record. */
export const MAX_EVENT_BYTES = 1024 * 1024;

export function tooLarge(options?: ErrorOptions): Refusal {
  return new Refusal(400, 'The event must have at most 1 MiB.', options);
}
