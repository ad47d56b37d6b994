interface Range {
  readonly from: number;
  /** The first that is not in it. */
  readonly to: number;
}

/** A set of whole numbers, kept as ranges that do not touch each other: those that were read are mostly one. */
export class NumberRanges {
  #ranges: Range[] = [];

  /** Adds the numbers from `from` up to, not including, `to`. */
  add(from: number, to: number): void {
    const touching = this.#ranges.filter((range) => range.from <= to && range.to >= from);
    const joined = {
      from: Math.min(from, ...touching.map((range) => range.from)),
      to: Math.max(to, ...touching.map((range) => range.to)),
    };
    this.#ranges = [...this.#ranges.filter((range) => !touching.includes(range)), joined];
  }

  has(number: number): boolean {
    return this.#ranges.some(({ from, to }) => number >= from && number < to);
  }

  forgetBefore(number: number): void {
    this.#ranges = this.#ranges.filter(({ to }) => to > number);
  }
}
