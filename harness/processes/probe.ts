import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { ask } from '../engines/http.ts';

/**
 * True when a server answers, whatever it says of this path, unless it says that it is not well: it need not know it.
 */
export async function answersHttp(url: string, signal: AbortSignal): Promise<boolean> {
  return (await ask(url, { signal })).status < 500;
}

/** Only so much of a file's end is looked at, in bytes. */
const TAIL_BYTES = 256 * 1024;

/** The last lines of a file, oldest first; none when there is no such file. */
export function newestLines(file: string, count: number): readonly string[] {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return [];
  }
  try {
    const { size } = fstatSync(descriptor);
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const read = readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
    return bytes
      .toString('utf8', 0, read)
      .split('\n')
      .filter((line) => line !== '')
      .slice(-count);
  } finally {
    closeSync(descriptor);
  }
}
