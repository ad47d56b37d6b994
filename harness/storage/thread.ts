/** The thread that writes files: it carries out one order after the other. */

import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { type Batch, RowWriter } from './rows.ts';
import { type Cell, LEFT, type Order, type Report, type ThreadData } from './thread-messages.ts';
import type { TableFile } from './write-behind.ts';

interface OpenFile {
  readonly db: DatabaseSync;
  readonly writer: RowWriter;
  readonly written: Cell;
}

const { steps } = workerData as ThreadData;
const files = new Map<number, OpenFile>();

parentPort?.on('message', (order: Order) => {
  switch (order.kind) {
    case 'open':
      open(order.id, order.options, order.written);
      break;
    case 'insert':
      insert(order.id, order.batch);
      break;
    case 'close':
      leave(order.id);
  }
  Atomics.add(steps, 0, 1);
  Atomics.notify(steps, 0);
});

function open(id: number, { file, setup, inserts }: TableFile, written: Cell): void {
  try {
    const db = new DatabaseSync(file);
    db.exec(setup);
    files.set(id, { db, writer: new RowWriter(db, inserts), written });
    report({ kind: 'opened', id });
  } catch (error) {
    report({ kind: 'not-opened', id, error });
  }
}

/** What cannot be written is left, with all that comes after it, to who brought it and has kept it. */
function insert(id: number, batch: Batch): void {
  const file = files.get(id);
  if (file === undefined) return;
  try {
    file.writer.write(batch);
    Atomics.store(file.written, 0, batch.number);
  } catch {
    leave(id);
  }
}

function leave(id: number): void {
  const file = files.get(id);
  if (file === undefined) return;
  files.delete(id);
  file.db.close();
  Atomics.store(file.written, 0, LEFT);
  report({ kind: 'left', id });
}

function report(told: Report): void {
  parentPort?.postMessage(told);
}
