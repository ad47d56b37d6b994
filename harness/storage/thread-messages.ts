import type { MessagePort } from 'node:worker_threads';
import type { Rows } from './inserter.ts';
import type { TableFile } from './write-behind.ts';

/** What the thread is told. `id` is the file's; `question` numbers what is waited for. */
export type Order =
  | { readonly kind: 'open'; readonly id: number; readonly options: TableFile }
  | { readonly kind: 'insert'; readonly id: number; readonly rows: Rows }
  | { readonly kind: 'settle' | 'close'; readonly id: number; readonly question: number };

/** What it tells by itself: how opening a file went, and that rows of it cannot be written. */
export type Report =
  | { readonly kind: 'opened'; readonly id: number }
  | { readonly kind: 'not-opened' | 'trouble'; readonly id: number; readonly error: unknown };

/** What it answers to a question. */
export interface Answer {
  readonly question: number;
  readonly error?: unknown;
}

export interface ThreadData {
  /** Where answers go. */
  readonly answers: MessagePort;
  readonly progress: Int32Array<SharedArrayBuffer>;
}

/** What `progress` has: the number of the latest question that is answered, and how many values were taken to write. */
export const PROGRESS = { answered: 0, taken: 1 } as const;
