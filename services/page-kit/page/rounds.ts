import { AskError } from './client.ts';

/** How often the server is asked, in ms. */
const ASK_EVERY = 5_000;

/** Asks the server again and again while the page is looked at; a newer round puts an end to an older one. */
export class Rounds {
  readonly #ask: (signal: AbortSignal) => Promise<void>;
  readonly #onEnd: () => void;
  #asking: AbortController | undefined;
  #next: ReturnType<typeof setTimeout> | undefined;
  #problem: AskError | undefined;

  /** `ask` asks all there is to ask; `onEnd` is called when it is answered, or cannot be. */
  constructor(ask: (signal: AbortSignal) => Promise<void>, onEnd: () => void) {
    this.#ask = ask;
    this.#onEnd = onEnd;
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) clearTimeout(this.#next);
      else this.start();
    });
  }

  /** Why the last round got no answer. */
  get problem(): AskError | undefined {
    return this.#problem;
  }

  start(): void {
    void this.#run();
  }

  startIn(ms: number): void {
    clearTimeout(this.#next);
    if (!document.hidden) this.#next = setTimeout(() => this.start(), ms);
  }

  async #run(): Promise<void> {
    clearTimeout(this.#next);
    this.#asking?.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    try {
      await this.#ask(signal);
      this.#problem = undefined;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof AskError)) throw error;
      this.#problem = error;
    } finally {
      if (!signal.aborted) this.startIn(ASK_EVERY);
    }
    this.#onEnd();
  }
}
