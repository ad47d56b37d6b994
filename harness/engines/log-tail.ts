import type { Readable } from 'node:stream';

/** Lines kept in memory of each server's log. */
const KEPT_LINES = 2000;
/** A line is cut here, so that one endless line cannot fill the memory. */
const MAX_LINE_LENGTH = 4000;

/** The newest lines of what a process prints on stdout and stderr. */
export class LogTail {
  readonly #lines: string[] = [];
  readonly #onLine: ((line: string) => void) | undefined;

  constructor(onLine?: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** Takes in all a stream prints; each stream has its own unfinished line. */
  follow(stream: Readable): void {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      const lines = (rest + chunk).split(/\r?\n/);
      rest = (lines.pop() ?? '').slice(-MAX_LINE_LENGTH);
      for (const line of lines) this.push(line);
    });
    stream.on('end', () => {
      if (rest !== '') this.push(rest);
      rest = '';
    });
    // A pipe that breaks when its process is killed is no news: the exit says it.
    stream.on('error', () => undefined);
  }

  push(line: string): void {
    if (line.trim() === '') return;
    const cut = line.slice(0, MAX_LINE_LENGTH);
    this.#lines.push(cut);
    if (this.#lines.length > KEPT_LINES) this.#lines.splice(0, this.#lines.length - KEPT_LINES);
    this.#onLine?.(cut);
  }

  /** The newest `count` lines, oldest first. */
  last(count: number): readonly string[] {
    return this.#lines.slice(-count);
  }
}
