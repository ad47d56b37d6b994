/** The smallest first; anything in it can be removed in the time that adding takes, O(log n). */
export class Heap<T> {
  readonly #isBefore: (a: T, b: T) => boolean;
  readonly #items: T[] = [];
  readonly #at = new Map<T, number>();

  /** @param isBefore the order of two items; it must not change while they are in here */
  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#items.length;
  }

  get first(): T | undefined {
    return this.#items[0];
  }

  values(): readonly T[] {
    return this.#items;
  }

  has(item: T): boolean {
    return this.#at.has(item);
  }

  add(item: T): void {
    this.#items.push(item);
    this.#up(this.#items.length - 1);
  }

  remove(item: T): void {
    const at = this.#at.get(item);
    if (at === undefined) return;
    this.#at.delete(item);
    const last = this.#items.pop() as T;
    if (last === item) return;
    this.#put(at, last);
    this.#up(at);
    this.#down(this.#at.get(last) as number);
  }

  #up(from: number): void {
    const item = this.#items[from] as T;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.#items[parent] as T;
      if (!this.#isBefore(item, above)) break;
      this.#put(at, above);
      at = parent;
    }
    this.#put(at, item);
  }

  #down(from: number): void {
    const item = this.#items[from] as T;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#items.length) break;
      const right = child + 1;
      if (right < this.#items.length && this.#isBefore(this.#items[right] as T, this.#items[child] as T)) child = right;
      const below = this.#items[child] as T;
      if (!this.#isBefore(below, item)) break;
      this.#put(at, below);
      at = child;
    }
    this.#put(at, item);
  }

  #put(at: number, item: T): void {
    this.#items[at] = item;
    this.#at.set(item, at);
  }
}
