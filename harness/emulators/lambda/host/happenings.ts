import { machine } from '../../../clock/index.ts';
import type { ProcessEnd } from './runtime-process.ts';

/** What the runtime posted as an error. */
export interface PostedError {
  readonly errorType: string;
  /** The error's JSON, as it was posted. */
  readonly payload: Buffer;
}

/** What can happen to an environment while it works. */
export type Happening =
  /** The runtime asks for the next invocation. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'response'; readonly payload: Buffer }
  | { readonly kind: 'error'; readonly error: PostedError }
  | { readonly kind: 'response-too-large' }
  | { readonly kind: 'init-error'; readonly error: PostedError }
  | { readonly kind: 'exit'; readonly end: ProcessEnd }
  | { readonly kind: 'out-of-memory' }
  /** Nothing happened within the time given. */
  | { readonly kind: 'timeout' };

/** What happened to an environment and has not been looked at yet, in order. One reader. */
export class Happenings {
  #queue: Happening[] = [];
  #reader: ((happening: Happening) => void) | undefined;

  push(happening: Happening): void {
    if (this.#reader !== undefined) this.#reader(happening);
    else this.#queue.push(happening);
  }

  /** Forgets what nobody has looked at. */
  clear(): void {
    this.#queue = [];
  }

  /** The next one; `timeout` after `limitMs` of the machine's time. Infinity waits for ever. */
  next(limitMs: number): Promise<Happening> {
    const queued = this.#queue.shift();
    if (queued !== undefined) return Promise.resolve(queued);
    return new Promise((resolve) => {
      const timer =
        limitMs === Number.POSITIVE_INFINITY
          ? undefined
          : machine.setTimer(limitMs, () => this.#reader?.({ kind: 'timeout' }));
      this.#reader = (happening) => {
        this.#reader = undefined;
        timer?.cancel();
        resolve(happening);
      };
    });
  }
}
