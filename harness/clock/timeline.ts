/** A stretch of the machine's time, and what virtual time did during it. */
interface Stretch {
  readonly machineFrom: number;
  readonly virtualFrom: number;
  /** 1: time flows; 0: time stands. */
  readonly rate: 0 | 1;
}

/**
 * The history of what virtual time showed at each instant of the machine's time. Real servers stamp what they store
 * with the machine's time; this translates such a stamp into the time that the story was at.
 */
export class Timeline {
  readonly #stretches: Stretch[] = [{ machineFrom: Number.NEGATIVE_INFINITY, virtualFrom: 0, rate: 1 }];

  /** Notes that from the machine's instant `machineMs` on, virtual time stands at, or flows from, `virtualMs`. */
  append(machineMs: number, virtualMs: number, rate: 0 | 1): void {
    const last = this.#stretches.at(-1);
    if (last && last.machineFrom === machineMs) this.#stretches.pop();
    this.#stretches.push({ machineFrom: machineMs, virtualFrom: virtualMs, rate });
  }

  toVirtual(machineMs: number): number {
    let low = 0;
    let high = this.#stretches.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#stretches[middle] as Stretch).machineFrom <= machineMs) low = middle;
      else high = middle - 1;
    }
    const stretch = this.#stretches[low] as Stretch;
    if (stretch.machineFrom === Number.NEGATIVE_INFINITY) return machineMs;
    return stretch.rate === 0 ? stretch.virtualFrom : stretch.virtualFrom + (machineMs - stretch.machineFrom);
  }
}
