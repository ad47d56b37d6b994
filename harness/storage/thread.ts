/** The thread that writes files: it carries out one order after the other. */

import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { Inserter } from './inserter.ts';
import { type Answer, type Order, PROGRESS, type Report, type ThreadData } from './thread-messages.ts';
import type { TableFile } from './write-behind.ts';

const { answers, progress } = workerData as ThreadData;
const files = new Map<number, { readonly db: DatabaseSync; readonly inserter: Inserter }>();

parentPort?.on('message', (order: Order) => {
  switch (order.kind) {
    case 'open':
      open(order.id, order.options);
      break;
    case 'insert':
      files.get(order.id)?.inserter.insert(order.rows);
      Atomics.add(progress, PROGRESS.taken, order.rows.length);
      Atomics.notify(progress, PROGRESS.taken);
      break;
    case 'settle':
      answer(order.question, () => files.get(order.id)?.inserter.settle());
      break;
    case 'close':
      answer(order.question, () => close(order.id));
  }
});

function open(id: number, { file, setup, inserts }: TableFile): void {
  try {
    const db = new DatabaseSync(file);
    db.exec(setup);
    const inserter = new Inserter(db, inserts, (error) => report({ kind: 'trouble', id, error }));
    files.set(id, { db, inserter });
    report({ kind: 'opened', id });
  } catch (error) {
    report({ kind: 'not-opened', id, error });
  }
}

function close(id: number): void {
  const { db, inserter } = files.get(id) ?? {};
  files.delete(id);
  inserter?.close();
  db?.close();
}

function report(told: Report): void {
  parentPort?.postMessage(told);
}

function answer(question: number, work: () => void): void {
  let outcome: Answer = { question };
  try {
    work();
  } catch (error) {
    outcome = { question, error };
  }
  answers.postMessage(outcome);
  Atomics.store(progress, PROGRESS.answered, question);
  Atomics.notify(progress, PROGRESS.answered);
}
