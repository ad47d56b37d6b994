import type { Clock, Lock } from '../../../clock/index.ts';

/** Who waits for a queue to have something to receive. */
export interface Waiter {
  /** Called in the instant there is something; answers whether it has waited long enough. */
  wake(): boolean;
}

/**
 * Those who wait for one queue, in the order in which they came. A watcher that was woken has a claim until somebody
 * receives from the queue or it releases its lock: so long, one message less is there for the others. Should it not
 * come for its message, the next one is woken.
 */
export class WaitingRoom {
  readonly #clock: Clock;
  readonly #waiting = new Set<Waiter>();
  readonly #claims = new Set<object>();
  /** Looks again whether there is something for those who wait; the queue's, or nothing while there is no queue. */
  deliver: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(waiter: Waiter): void {
    this.#waiting.add(waiter);
  }

  leave(waiter: Waiter): void {
    this.#waiting.delete(waiter);
  }

  /** Wakes one after the other as long as there is more to receive than was promised already. */
  wake(ready: () => number): void {
    for (const waiter of this.#waiting) {
      if (ready() <= this.#claims.size) return;
      if (waiter.wake()) this.#waiting.delete(waiter);
    }
  }

  /** Somebody has come to receive: whoever was promised a message first is taken to be the one. */
  settleClaim(): void {
    for (const claim of this.#claims) {
      this.#claims.delete(claim);
      return;
    }
  }

  /** See `QueueWatch.whenReceivable`. */
  watch(name: string, signal: AbortSignal): Promise<Lock> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const waiter: Waiter = {
        wake: () => {
          signal.removeEventListener('abort', abort);
          resolve(this.#claim(name));
          return true;
        },
      };
      const abort = () => {
        this.leave(waiter);
        reject(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
      this.add(waiter);
      this.deliver();
    });
  }

  #claim(name: string): Lock {
    const lock = this.#clock.lock(name);
    const claim = {};
    this.#claims.add(claim);
    // The next watcher takes its lock before this one is given up, so that time cannot run away in between.
    const giveUp = () => {
      if (this.#claims.delete(claim)) this.deliver();
    };
    return {
      name,
      sleep: (ms, slept) => lock.sleep(ms, slept),
      suspend: (work) => lock.suspend(work),
      release() {
        giveUp();
        lock.release();
      },
      [Symbol.dispose]() {
        giveUp();
        lock[Symbol.dispose]();
      },
    };
  }
}
