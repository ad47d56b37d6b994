import type { Clock, Random, Timer } from '../../../clock/index.ts';
import type { Log } from '../../../edge/emulator.ts';
import type { EntryNumber, Held, Ledger, LedgerId } from '../../../ledger/index.ts';
import { type Destination, type PutOutcome, reasonOf } from './destination.ts';

/** How long events are gathered, in ms: Pinpoint streams "in near real time". */
const GATHER_MS = 5000;

/** What one PutRecordBatch or PutRecords takes. Source: API references of Firehose and Kinesis. */
const MAX_BATCH_RECORDS = 500;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** Between tries, in ms: doubled from the first to the last. AWS says nothing of it. */
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 60_000;

/** How long an event is tried, in ms. AWS says nothing of it. */
const RETENTION_MS = 24 * 3_600_000;

export interface EventStreamParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly ledger: Ledger;
  readonly log: Log;
}

/** What PutEventStream said, besides the destination. */
export interface EventStreamSettings {
  readonly roleArn: string;
  /** ms since the epoch. */
  readonly modifiedAt: number;
  readonly modifiedBy: string;
}

/** An event as it is to be streamed. */
export interface NewEvent {
  readonly id: LedgerId;
  /** What it came of. */
  readonly cause: EntryNumber | undefined;
  /** The record. */
  readonly record: { readonly event_type: string };
}

interface Waiting {
  readonly id: LedgerId;
  /** The ledger's entry that says that it was accepted. */
  readonly entry: EntryNumber;
  readonly data: Buffer;
  readonly partitionKey: string;
  /** ms since the epoch. */
  readonly acceptedAt: number;
}

/** The event stream of an app: takes events on, and passes each on as one record, at least once, in order. */
export class EventStream {
  settings: EventStreamSettings;
  readonly #parts: EventStreamParts;
  readonly #where: string;
  #destination: Destination;
  #waiting: Waiting[] = [];
  #timer: Timer | undefined;
  #putting = false;
  #failures = 0;
  #closed = false;

  /** @param where the app's place in the ledger */
  constructor(parts: EventStreamParts, where: string, destination: Destination, settings: EventStreamSettings) {
    this.#parts = parts;
    this.#where = where;
    this.#destination = destination;
    this.settings = settings;
  }

  get destination(): Destination {
    return this.#destination;
  }

  /** From now on everything goes to another destination, also what waits. */
  redirect(destination: Destination, settings: EventStreamSettings): void {
    this.#destination = destination;
    this.settings = settings;
    if (this.#failures === 0) return;
    this.#failures = 0;
    this.#arm(0);
  }

  accept({ id, cause, record }: NewEvent): void {
    const { clock, random, ledger } = this.#parts;
    const detail = { event_type: record.event_type };
    const entry = ledger.append({ where: this.#where, what: 'accepted', ids: [id], cause, detail });
    const data = Buffer.from(JSON.stringify(record));
    this.#waiting.push({ id, entry, data, partitionKey: random.uuid(), acceptedAt: clock.now() });
    // Whoever waits because of a failure waits on, however many come.
    if (this.#failures > 0) return;
    if (this.#waiting.length === MAX_BATCH_RECORDS) this.#arm(0);
    else if (!this.#timer) this.#arm(GATHER_MS);
  }

  held(): Held[] {
    return this.#waiting.length === 0 ? [] : [{ where: this.#where, ids: this.#waiting.map(({ id }) => id) }];
  }

  /** Puts nothing any more, and holds what waits. */
  stop(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  /** Ends it for the user, who has to do without what waits. */
  delete(reason: string): void {
    this.stop();
    const dropped = this.#waiting.map(({ id }) => id);
    this.#waiting = [];
    if (dropped.length === 0) return;
    this.#parts.ledger.append({ where: this.#where, what: 'dropped', ids: dropped, detail: { reason } });
  }

  #arm(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#parts.clock.setTimer(
      `pinpoint event stream to ${this.#destination.place}`,
      delayMs,
      async () => {
        this.#timer = undefined;
        if (this.#putting) return;
        this.#putting = true;
        try {
          await this.#putAll();
        } finally {
          this.#putting = false;
        }
      },
    );
  }

  async #putAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#batch();
      const outcomes = await this.#put(batch);
      const failed = this.#settle(batch, outcomes);
      if (this.#closed) return;
      this.#waiting.splice(0, batch.length, ...failed);
      if (failed.length === 0) {
        this.#failures = 0;
        continue;
      }
      this.#failures += 1;
      this.#giveUpOld();
      if (this.#waiting.length > 0) this.#arm(Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LAST_RETRY_MS));
      else this.#failures = 0;
      return;
    }
  }

  #batch(): readonly Waiting[] {
    let bytes = 0;
    const tooMany = this.#waiting.findIndex(({ data, partitionKey }, index) => {
      bytes += data.length + partitionKey.length;
      return index === MAX_BATCH_RECORDS || (index > 0 && bytes > MAX_BATCH_BYTES);
    });
    return tooMany < 0 ? this.#waiting.slice() : this.#waiting.slice(0, tooMany);
  }

  async #put(batch: readonly Waiting[]): Promise<readonly PutOutcome[]> {
    try {
      return await this.#destination.put(batch);
    } catch (error) {
      const reason = reasonOf(error);
      if (this.#failures === 0) {
        this.#parts.log.warn(`Events of ${this.#where} cannot be put to ${this.#destination.place}: ${reason}`);
      }
      return batch.map(() => ({ error: reason }));
    }
  }

  /** Writes down what became of the records; returns those to be tried again. */
  #settle(batch: readonly Waiting[], outcomes: readonly PutOutcome[]): Waiting[] {
    const { ledger } = this.#parts;
    const failed: Waiting[] = [];
    const reasons = new Map<string, LedgerId[]>();
    for (const [index, event] of batch.entries()) {
      const outcome = outcomes[index] ?? { error: 'The answer does not say what became of the record.' };
      if ('into' in outcome) {
        ledger.append({
          where: this.#where,
          what: 'consumed',
          ids: [event.id],
          into: [outcome.into],
          cause: event.entry,
          detail: { by: this.#destination.place },
        });
        continue;
      }
      failed.push(event);
      const ids = reasons.get(outcome.error);
      if (ids) ids.push(event.id);
      else reasons.set(outcome.error, [event.id]);
    }
    if (!this.#closed) {
      for (const [reason, ids] of reasons) {
        const detail = { destination: this.#destination.place, attempt: this.#failures + 1, reason };
        ledger.append({ where: this.#where, what: 'retried', ids, detail });
      }
    }
    return failed;
  }

  #giveUpOld(): void {
    const { clock, ledger } = this.#parts;
    const oldest = clock.now() - RETENTION_MS;
    const lost = this.#waiting.filter(({ acceptedAt }) => acceptedAt <= oldest);
    if (lost.length === 0) return;
    this.#waiting = this.#waiting.filter(({ acceptedAt }) => acceptedAt > oldest);
    const reason = `not taken by ${this.#destination.place} within 24 h`;
    ledger.append({ where: this.#where, what: 'lost', ids: lost.map(({ id }) => id), detail: { reason } });
  }
}
