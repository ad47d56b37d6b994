import { closeSync, openSync, writeSync } from 'node:fs';

/** Shows other processes what time it is. */
export interface ClockMirror {
  /** From now on time stands at this instant (ms since the epoch), or is the machine's (undefined). */
  show(instant: number | undefined): void;
  close(): void;
}

/**
 * A file of eight bytes, a little-endian double: the instant at which time stands, or 0 while it is the machine's.
 * `follow.cjs` reads it at each look at the clock, so that a process sees a jump in the same instant as the bench.
 */
export function createMirror(file: string): ClockMirror {
  const bytes = Buffer.alloc(8);
  let descriptor: number | undefined = openSync(file, 'w');
  const show = (instant: number | undefined) => {
    if (descriptor === undefined) return;
    bytes.writeDoubleLE(instant ?? 0);
    writeSync(descriptor, bytes, 0, bytes.length, 0);
  };
  show(undefined);
  return {
    show,
    close() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}
