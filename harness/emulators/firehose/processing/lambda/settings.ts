import type { BufferingHints } from '../../destinations/destination.ts';

/** The parameters of a `Lambda` processor. */
export interface LambdaSettings {
  readonly functionArn: string;
  /** After the first attempt. */
  readonly retries: number;
  readonly hints: BufferingHints;
  /** Whether the partition keys that the function gives are taken. */
  readonly takesPartitionKeys: boolean;
}

/**
 * Bytes of an event: 6 MB is the most that a synchronous invocation takes
 * (https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html).
 */
export const MAX_EVENT_BYTES = 6 * 1024 * 1024;

/**
 * Pauses between two invocations: doubled each time. AWS does not document them. Failed records of real streams, with
 * four attempts behind a buffer of 60 seconds, ended 80, 88 and 89 seconds after their arrival.
 */
const RETRY_INITIAL_MS = 4000;
const RETRY_MAX_MS = 60_000;

/** How long is waited after the `made`-th attempt. */
export function pauseAfter(made: number): number {
  return Math.min(RETRY_INITIAL_MS * 2 ** Math.min(made - 1, 10), RETRY_MAX_MS);
}
