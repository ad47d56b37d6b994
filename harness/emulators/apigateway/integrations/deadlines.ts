import { type MachineTimer, machine } from '../../../clock/index.ts';

interface Waiting {
  readonly due: number;
  readonly expire: () => void;
}

interface Queue {
  readonly ms: number;
  /** In the order in which they are due. */
  readonly waiting: Set<Waiting>;
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
      const queue = this.#add(ms, waiting);
      work.then(
        (value) => {
          this.#remove(queue, waiting);
          resolve(value);
        },
        (error) => {
          this.#remove(queue, waiting);
          reject(error);
        },
      );
    });
  }

  #add(ms: number, waiting: Waiting): Queue {
    const queue = this.#queues.get(ms) ?? { ms, waiting: new Set(), timer: undefined };
    this.#queues.set(ms, queue);
    queue.waiting.add(waiting);
    if (!queue.timer) this.#arm(queue);
    return queue;
  }

  #remove(queue: Queue, waiting: Waiting): void {
    if (!queue.waiting.delete(waiting) || queue.waiting.size > 0) return;
    queue.timer?.cancel();
    this.#queues.delete(queue.ms);
  }

  #arm(queue: Queue): void {
    const [first] = queue.waiting;
    if (!first) return;
    queue.timer = machine.setTimer(Math.ceil(first.due - machine.monotonic()), () => this.#expire(queue));
  }

  #expire(queue: Queue): void {
    const now = machine.monotonic();
    for (const waiting of queue.waiting) {
      if (waiting.due > now) break;
      queue.waiting.delete(waiting);
      waiting.expire();
    }
    queue.timer = undefined;
    this.#arm(queue);
  }
}
