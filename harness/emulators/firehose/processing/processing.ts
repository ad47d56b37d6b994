import type { ProcessingConfiguration } from '@aws-sdk/client-firehose';
import type { Batch } from '../buffer.ts';
import type { Attempt, BufferingHints } from '../destinations/destination.ts';
import type { FailedRecord } from '../failed-record.ts';
import type { Run } from '../runs.ts';
import type { TakenApart } from './parts.ts';

/** What a `ProcessingConfiguration` does to records between their arrival and the destination's buffer. */
export interface Processing {
  /** As given, to be described. */
  readonly configuration: ProcessingConfiguration;
  /** How long records are collected for one call of the transforming function; undefined: processed as they come. */
  readonly hints: BufferingHints | undefined;
  /**
   * Processes a batch, retries included. Every record of the batch is accounted for in the result. Rejects only when
   * stopped.
   */
  run(batch: Batch, attempt: Attempt): Promise<Processed>;
}

export interface Processed {
  /** What goes on to the destination, in the order in which it came. */
  readonly runs: readonly Run[];
  /** Taken out on purpose: the function said `Dropped`. */
  readonly dropped: readonly Run[];
  readonly failed: readonly FailedRecord[];
  /**
   * Records in whose place their parts are now in `runs`, `dropped` and `failed`. The ledger is to be told before it is
   * told of these: see `entriesOf`.
   */
  readonly takenApart?: readonly TakenApart[];
}
