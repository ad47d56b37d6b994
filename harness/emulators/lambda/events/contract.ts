import type { Clock, Random } from '../../../clock/index.ts';
import type { AwsAccess, Log } from '../../../edge/emulator.ts';
import type { QueueWatch } from '../../../edge/queue-watch.ts';
import type { MetricSink } from '../../../edge/sinks.ts';
import type { EntryNumber, Held, Ledger, LedgerId } from '../../../ledger/index.ts';
import type { AsyncSettingsDirectory, EventSourceMapping } from '../functions/model.ts';
import type { FunctionDirectory, LambdaHost } from '../model.ts';

/** What asynchronous invocations and event source mappings are made from. */
export interface EventParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly ledger: Ledger;
  readonly aws: AwsAccess;
  readonly log: Log;
  readonly metrics: MetricSink;
  readonly queues: QueueWatch;
  readonly host: LambdaHost;
  readonly functions: FunctionDirectory & AsyncSettingsDirectory;
}

/** An invocation that was accepted with 202 and has yet to run. */
export interface AsyncEvent {
  readonly functionArn: string;
  /** The same for every attempt. */
  readonly requestId: string;
  /** JSON. */
  readonly payload: Buffer;
  readonly clientContext?: string | undefined;
  readonly traceId?: string | undefined;
  /** The ledger's entry that led to it, and the events it is about. */
  readonly cause?: EntryNumber | undefined;
  readonly ids?: readonly LedgerId[] | undefined;
}

/** Runs events that nobody waits for. Writes to the ledger that it has accepted them, and what became of them. */
export interface AsyncInvoker {
  enqueue(event: AsyncEvent): void;
  /** What is in the queues, by function. */
  held(): readonly Held[];
  /** Forgets every event. Resolves when the attempts under way have ended. */
  clear(): Promise<void>;
  /** Attempts nothing more. */
  stop(): Promise<void>;
}

/** Runs the pollers of event source mappings. */
export interface EventSources {
  /** Starts the poller of a mapping that is enabled. */
  start(mapping: EventSourceMapping): void;
  /** From the next batch on, the poller does as this one says. Positions in a stream are kept. */
  update(mapping: EventSourceMapping): void;
  /**
   * Takes nothing more from the source; resolves when the batches under way have ended. A stream's positions are kept
   * for another start of the same UUID unless `forget`.
   */
  stop(uuid: string, forget: boolean): Promise<void>;
  /** How the newest batch of a stream ended: `No records processed`, `OK`, `PROBLEM: Function call failed`. */
  lastProcessingResult(uuid: string): string;
  /** Stops every poller and forgets them all. */
  clear(): Promise<void>;
}
