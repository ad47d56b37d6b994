/** A member of a chain; of one at a time. */
export interface Link {
  chain?: Chain<Link> | undefined;
  before?: Link | undefined;
  after?: Link | undefined;
}

/** A list that its members hold together themselves: adding at the end and removing anywhere take no search. */
export class Chain<T extends Link> {
  #first: Link | undefined;
  #last: Link | undefined;
  #size = 0;

  get first(): T | undefined {
    return this.#first as T | undefined;
  }

  get size(): number {
    return this.#size;
  }

  has(item: T): boolean {
    return item.chain === this;
  }

  append(item: T): void {
    const link: Link = item;
    link.chain = this;
    link.before = this.#last;
    link.after = undefined;
    if (this.#last) this.#last.after = link;
    else this.#first = link;
    this.#last = link;
    this.#size++;
  }

  remove(item: T): void {
    const { before, after } = item;
    if (before) before.after = after;
    else this.#first = after;
    if (after) after.before = before;
    else this.#last = before;
    const link: Link = item;
    link.chain = undefined;
    link.before = undefined;
    link.after = undefined;
    this.#size--;
  }
}
