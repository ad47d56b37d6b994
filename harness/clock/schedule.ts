import type { Lock } from './clock.ts';

/** A timer, or a poll, that waits for its instant. */
export interface Entry {
  readonly name: string;
  /** Virtual ms since the epoch. */
  due: number;
  /** Orders entries that are due at the same instant. */
  readonly order: number;
  readonly fire: (lock: Lock) => void | Promise<void>;
  readonly poll?: PollState;
}

export interface PollState {
  readonly intervalMs: number;
  /** The count of activity at its last look, if that found nothing. */
  seenActivity: number;
  running: boolean;
}

/** What waits, and for when. */
export class Schedule {
  readonly #entries = new Set<Entry>();
  readonly #activity: () => number;

  /** @param activity how often anything but a poll has been busy so far */
  constructor(activity: () => number) {
    this.#activity = activity;
  }

  add(entry: Entry): void {
    this.#entries.add(entry);
  }

  delete(entry: Entry): void {
    this.#entries.delete(entry);
  }

  has(entry: Entry): boolean {
    return this.#entries.has(entry);
  }

  clear(): void {
    this.#entries.clear();
  }

  /** All entries, the earliest first. */
  inOrder(): Entry[] {
    return [...this.#entries].sort(byDue);
  }

  /** A poll that found nothing, with nothing having happened since. */
  isQuiet(entry: Entry): boolean {
    return entry.poll !== undefined && entry.poll.seenActivity === this.#activity();
  }

  /** The entry at which virtual time has to stop next. */
  next(): Entry | undefined {
    return this.#earliest((entry) => !entry.poll?.running && !this.isQuiet(entry));
  }

  /** When the machine's timer has to ring; undefined when nothing waits. */
  nextInstant(): number | undefined {
    return this.#earliest((entry) => !entry.poll?.running)?.due;
  }

  /** What is due at `now` and is not under way, the earliest first. */
  dueBy(now: number): Entry[] {
    return this.inOrder().filter((entry) => entry.due <= now && !entry.poll?.running);
  }

  /** Moves every entry by `ms`, so that each keeps what it had left to wait when time goes back. */
  shift(ms: number): void {
    for (const entry of this.#entries) entry.due += ms;
  }

  #earliest(counts: (entry: Entry) => boolean): Entry | undefined {
    let earliest: Entry | undefined;
    for (const entry of this.#entries) {
      if (counts(entry) && (!earliest || byDue(entry, earliest) < 0)) earliest = entry;
    }
    return earliest;
  }
}

function byDue(a: Entry, b: Entry): number {
  return a.due - b.due || a.order - b.order;
}
