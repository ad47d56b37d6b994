import type { Batch } from './rows.ts';
import type { TableFile } from './write-behind.ts';

export type Cell = Int32Array<SharedArrayBuffer>;

export function createCell(): Cell {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** What a file's cell has instead of a number once the thread does no more for the file. */
export const LEFT = -1;

/** What the thread is told. `id` is the file's; `written` is where it puts the number of the latest batch it is done with. */
export type Order =
  | { readonly kind: 'open'; readonly id: number; readonly options: TableFile; readonly written: Cell }
  | { readonly kind: 'insert'; readonly id: number; readonly batch: Batch }
  | { readonly kind: 'close'; readonly id: number };

/** What it tells: how opening a file went, and that it has left it, as it was told or as it could not write. */
export type Report =
  | { readonly kind: 'opened' | 'left'; readonly id: number }
  | { readonly kind: 'not-opened'; readonly id: number; readonly error: unknown };

export interface ThreadData {
  /** Counts the orders that were carried out. Whoever waits for the thread waits for this to change. */
  readonly steps: Cell;
}
