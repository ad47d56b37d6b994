/** Names with one or more values each, in the order of their first appearance. */
export class MultiMap {
  readonly #values = new Map<string, string[]>();

  add(name: string, value: string): void {
    const values = this.#values.get(name);
    if (values) values.push(value);
    else this.#values.set(name, [value]);
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** Of a repeated name API Gateway takes the last value. */
  last(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  /** As `last`, with names compared without regard to case; an exact match comes first. */
  lastOfAnyCase(name: string): string | undefined {
    const exact = this.last(name);
    if (exact !== undefined) return exact;
    const lower = name.toLowerCase();
    for (const [other, values] of this.#values) {
      if (other.length === lower.length && other.toLowerCase() === lower) return values.at(-1);
    }
    return undefined;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  *lasts(): IterableIterator<[string, string]> {
    for (const [name, values] of this.#values) yield [name, values.at(-1) ?? ''];
  }

  *entries(): IterableIterator<[string, string]> {
    for (const [name, values] of this.#values) for (const value of values) yield [name, value];
  }
}
