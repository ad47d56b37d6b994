import type { Log } from './edge/emulator.ts';

/** How many lines of each component are kept. */
const KEPT_LINES = 1000;

/** The newest log lines of every component of the harness, in memory; `naetmul logs` shows them. */
export class LogBook {
  readonly #lines = new Map<string, string[]>();
  readonly #stamp: () => string;

  /** @param stamp the text that begins a line: virtual now */
  constructor(stamp: () => string) {
    this.#stamp = stamp;
  }

  of(component: string): Log {
    const write = (level: string, message: string) => {
      const lines = this.#lines.get(component) ?? [];
      this.#lines.set(component, lines);
      lines.push(`${this.#stamp()} ${level} ${message}`);
      if (lines.length > KEPT_LINES) lines.shift();
    };
    return {
      info: (message) => write('info ', message),
      warn: (message) => write('warn ', message),
      error: (message, cause) => write('error', cause === undefined ? message : `${message}: ${describe(cause)}`),
    };
  }

  components(): string[] {
    return [...this.#lines.keys()];
  }

  /** The newest `count` lines, oldest first. */
  newest(component: string, count: number): readonly string[] {
    return (this.#lines.get(component) ?? []).slice(-count);
  }
}

function describe(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
