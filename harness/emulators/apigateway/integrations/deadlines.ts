import { type MachineTimer, machine } from '../../../clock/index.ts';

interface Waiting {
  readonly due: number;
  expire: (() => void) | undefined;
}

interface Queue {
  waiting: Waiting[];
  alive: number;
  timer: MachineTimer | undefined;
}

/**
 * Time-outs of many calls for the price of one timer per length: those of equal length end in the order in which they
 * began. They run on the machine's time, as what is waited for does (functions, servers): a request keeps the clock
 * from moving while it is answered.
 */
export class Deadlines {
  readonly #queues = new Map<number, Queue>();

  /** Settles as `work` does, or rejects with what `expired` makes after `ms`. `work` goes on then. */
  limit<T>(ms: number, work: Promise<T>, expired: () => Error): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { due: machine.monotonic() + ms, expire: () => reject(expired()) };
      this.#add(ms, waiting);
      work.then(resolve, reject).finally(() => this.#remove(ms, waiting));
    });
  }

  #add(ms: number, waiting: Waiting): void {
    const queue = this.#queues.get(ms) ?? { waiting: [], alive: 0, timer: undefined };
    this.#queues.set(ms, queue);
    queue.waiting.push(waiting);
    queue.alive++;
    if (!queue.timer) this.#arm(queue);
  }

  #remove(ms: number, waiting: Waiting): void {
    if (!waiting.expire) return;
    waiting.expire = undefined;
    const queue = this.#queues.get(ms);
    if (!queue || --queue.alive > 0) return;
    queue.timer?.cancel();
    this.#queues.delete(ms);
  }

  #arm(queue: Queue): void {
    const first = queue.waiting.find((waiting) => waiting.expire);
    if (!first) return;
    queue.timer = machine.setTimer(Math.ceil(first.due - machine.monotonic()), () => this.#expire(queue));
  }

  #expire(queue: Queue): void {
    const now = machine.monotonic();
    const left = queue.waiting.findIndex((waiting) => waiting.expire && waiting.due > now);
    for (const waiting of queue.waiting.splice(0, left < 0 ? queue.waiting.length : left)) {
      if (!waiting.expire) continue;
      waiting.expire();
      waiting.expire = undefined;
      queue.alive--;
    }
    queue.timer = undefined;
    this.#arm(queue);
  }
}
