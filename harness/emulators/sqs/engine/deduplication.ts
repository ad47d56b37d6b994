import { DEDUPLICATION_MS } from '../limits.ts';

interface Seen<T> {
  readonly value: T;
  readonly at: number;
}

/** What was sent under which deduplication id in the last five minutes. */
export class Deduplication<T> {
  /** Two generations: what is in the older one is forgotten all at once, without a search. */
  #older = new Map<string, Seen<T>>();
  #newer = new Map<string, Seen<T>>();
  #newerSince = Number.NEGATIVE_INFINITY;

  find(id: string, now: number): T | undefined {
    const seen = this.#newer.get(id) ?? this.#older.get(id);
    return seen && isRecent(seen.at, now) ? seen.value : undefined;
  }

  remember(id: string, value: T, now: number): void {
    if (!isRecent(this.#newerSince, now)) {
      this.#older = this.#newer;
      this.#newer = new Map();
      this.#newerSince = now;
    }
    this.#newer.set(id, { value, at: now });
  }

  clear(): void {
    this.#older.clear();
    this.#newer.clear();
  }
}

/** Also false for what lies ahead, after the clock went back. */
function isRecent(at: number, now: number): boolean {
  return Math.abs(now - at) < DEDUPLICATION_MS;
}
