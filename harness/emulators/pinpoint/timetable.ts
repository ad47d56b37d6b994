import type { Clock, Timer } from '../../clock/index.ts';

/** What is done together: the events of a campaign's mails would otherwise take a timer each. */
const TICK_MS = 1000;

/** Something that happens `afterMs` from now. */
export interface Due {
  readonly afterMs: number;
  /** @param at the instant it happened, which the clock may have passed by less than a tick */
  act(at: number): void;
}

/** What is yet to happen, in order. */
export class Timetable {
  readonly #clock: Clock;
  readonly #timers = new Set<Timer>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(name: string, dues: readonly Due[]): void {
    const ticks = Map.groupBy(dues, ({ afterMs }) => Math.ceil(afterMs / TICK_MS) * TICK_MS);
    for (const [tickMs, group] of ticks) {
      group.sort((a, b) => a.afterMs - b.afterMs);
      const timer = this.#clock.setTimer(name, tickMs, () => {
        this.#timers.delete(timer);
        const now = this.#clock.now();
        for (const { afterMs, act } of group) act(now - (tickMs - afterMs));
      });
      this.#timers.add(timer);
    }
  }

  clear(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }
}
