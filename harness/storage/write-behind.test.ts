import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { machine } from '../clock/machine.ts';
import { WriteBehind } from './index.ts';

const TABLE = {
  setup: 'CREATE TABLE IF NOT EXISTS drops (n INTEGER PRIMARY KEY, text TEXT);',
  inserts: ['INSERT INTO drops VALUES (?, ?)'],
};
/** So many at once are written in a thread from then on. */
const MANY = 5000;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'naetmul-storage-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function open(name = 'drops.sqlite', onError: (error: unknown) => void = fail): WriteBehind {
  const file = new WriteBehind({ file: join(dir, name), ...TABLE }, onError);
  onTestFinished(() => file[Symbol.dispose]());
  return file;
}

function fail(error: unknown): never {
  throw error;
}

function read(file: WriteBehind): { count: number; sum: number } {
  return {
    ...file.settled().prepare('SELECT count(*) AS count, coalesce(sum(n), 0) AS sum FROM drops').get(),
  } as never;
}

function fill(file: WriteBehind, from: number, to: number): void {
  for (let n = from; n < to; n++) file.insert(0, n, `drop ${n}`);
}

const sumBelow = (count: number): number => (count * (count - 1)) / 2;

/** Counts the rows that this thread writes itself from now on. */
function countOwnWrites(): () => number {
  const run = vi.spyOn(StatementSync.prototype, 'run');
  onTestFinished(() => run.mockRestore());
  const before = run.mock.calls.length;
  return () => run.mock.calls.length - before;
}

/** Counts the threads that are started from now on. */
function countWorkers(): () => number {
  let count = 0;
  const onWorker = () => count++;
  process.on('worker', onWorker);
  onTestFinished(() => void process.off('worker', onWorker));
  return () => count;
}

/** The thread that `start` starts. */
async function nextWorker(start: () => void): Promise<Worker> {
  const started = once(process, 'worker');
  start();
  const [worker] = await started;
  return worker;
}

/**
 * Brings so much that a thread takes over, and waits until it has. Returns how many rows there are.
 * @param from how many there are already
 */
async function untilInThread(file: WriteBehind, from = 0): Promise<number> {
  fill(file, from, from + MANY);
  let rows = from + MANY;
  const own = countOwnWrites();
  await vi.waitFor(
    () => {
      const before = own();
      file.insert(0, rows, null);
      rows++;
      file.settled();
      expect(own()).toBe(before);
    },
    { timeout: 20_000, interval: 20 },
  );
  return rows;
}

test('whoever reads sees all rows, whether or not they were written before', () => {
  const file = open();
  expect(read(file)).toEqual({ count: 0, sum: 0 });
  fill(file, 0, 10);
  expect(read(file)).toEqual({ count: 10, sum: sumBelow(10) });
  fill(file, 10, MANY + 100);
  expect(read(file)).toEqual({ count: MANY + 100, sum: sumBelow(MANY + 100) });
});

test('rows are written soon without anybody reading', async () => {
  fill(open(), 0, 3);
  using other = new DatabaseSync(join(dir, 'drops.sqlite'));
  await vi.waitFor(() => expect(other.prepare('SELECT count(*) AS count FROM drops').get()?.count).toBe(3));
});

describe('in a thread', () => {
  test('whoever reads sees all rows, and none is written twice', async () => {
    const file = open();
    const rows = await untilInThread(file);
    const own = countOwnWrites();
    for (let at = rows; at < rows + 40_000; at += 10_000) {
      fill(file, at, at + 10_000);
      expect(read(file)).toEqual({ count: at + 10_000, sum: sumBelow(at + 10_000) });
    }
    expect(own()).toBe(0);
  });

  test('who brings rows faster than they are written waits, so that not all of them are in memory', async () => {
    const file = open();
    const rows = await untilInThread(file);
    using other = new DatabaseSync(join(dir, 'drops.sqlite'));
    const [count, text] = [2500, 'x'.repeat(100_000)];
    for (let n = rows; n < rows + count; n++) file.insert(0, n, text);
    const written = Number(other.prepare('SELECT count(*) AS count FROM drops').get()?.count);
    expect(written).toBeGreaterThan(rows + count - (40 * 1024 * 1024) / text.length);
    expect(read(file).count).toBe(rows + count);
  });

  test('what was brought before the end is in the file', async () => {
    const file = open();
    const rows = await untilInThread(file);
    fill(file, rows, rows + 100);
    file[Symbol.dispose]();
    file.insert(0, -1, 'too late');
    using other = new DatabaseSync(join(dir, 'drops.sqlite'));
    expect(other.prepare('SELECT count(*) AS count, min(n) AS first FROM drops').get()).toEqual({
      count: rows + 100,
      first: 0,
    });
  });

  test('one file more or less does not matter to another', async () => {
    const [one, other] = [open('one.sqlite'), open('other.sqlite')];
    const [rows] = await Promise.all([untilInThread(one), untilInThread(other)]);
    other[Symbol.dispose]();
    fill(one, rows, rows + 100);
    expect(read(one).count).toBe(rows + 100);
    const third = open('third.sqlite');
    expect(read(third).count).toBe(0);
    expect(read(third).count + (await untilInThread(third))).toBeGreaterThan(MANY);
  });
});

describe('when the thread ends', () => {
  test('whoever writes, waits or reads goes on without it, nothing is lost, and it is told once', async () => {
    const told: unknown[] = [];
    const file = open('drops.sqlite', (error) => told.push(error));
    const worker = await nextWorker(() => fill(file, 0, MANY));
    const rows = await untilInThread(file, MANY);
    // Told to end in the midst of much work. Nobody can be told that it has, as nobody gives way to anybody.
    fill(file, rows, rows + 50_000);
    const exited = once(worker, 'exit');
    void worker.terminate();
    const text = 'x'.repeat(100_000);
    for (let n = rows + 50_000; n < rows + 50_500; n++) file.insert(0, n, text);
    expect(read(file)).toEqual({ count: rows + 50_500, sum: sumBelow(rows + 50_500) });
    await exited;
    expect(told).toEqual([expect.objectContaining({ message: expect.stringContaining('thread') })]);
    fill(file, rows + 50_500, rows + 60_000);
    expect(read(file)).toEqual({ count: rows + 60_000, sum: sumBelow(rows + 60_000) });
    expect(told).toHaveLength(1);
  });

  test('what it had not written is written without anybody reading', async () => {
    const told: unknown[] = [];
    const file = open('drops.sqlite', (error) => told.push(error));
    const worker = await nextWorker(() => fill(file, 0, MANY));
    const rows = await untilInThread(file, MANY);
    const exited = once(worker, 'exit').catch(() => undefined);
    // Not an order: it ends with an error nobody has caught.
    worker.postMessage(null);
    fill(file, rows, rows + MANY);
    await exited;
    using other = new DatabaseSync(join(dir, 'drops.sqlite'));
    await vi.waitFor(() => expect(other.prepare('SELECT count(*) AS count FROM drops').get()?.count).toBe(rows + MANY));
    expect(told).toEqual([expect.any(TypeError)]);
  });

  test('the file can be closed, and has everything', async () => {
    const file = open('drops.sqlite', () => {});
    const worker = await nextWorker(() => fill(file, 0, MANY));
    const rows = await untilInThread(file, MANY);
    const db = file.settled();
    await worker.terminate();
    fill(file, rows, rows + MANY);
    file[Symbol.dispose]();
    expect(db.isOpen).toBe(false);
    using other = new DatabaseSync(join(dir, 'drops.sqlite'));
    expect(other.prepare('SELECT count(*) AS count FROM drops').get()?.count).toBe(rows + MANY);
  });

  test('another one is started later', async () => {
    const timers = vi.spyOn(machine, 'setTimer');
    onTestFinished(() => timers.mockRestore());
    const file = open('drops.sqlite', () => {});
    const worker = await nextWorker(() => fill(file, 0, MANY));
    const rows = await untilInThread(file, MANY);
    await worker.terminate();
    const workers = countWorkers();
    fill(file, rows, rows + MANY);
    await machine.turn();
    expect(workers()).toBe(0);
    for (const [ms, callback] of timers.mock.calls) if (ms >= 10_000) callback();
    fill(file, rows + MANY, rows + 2 * MANY);
    const all = await untilInThread(file, rows + 2 * MANY);
    expect(read(file)).toEqual({ count: all, sum: sumBelow(all) });
  });
});

test('no thread is started while rows cannot be written', async () => {
  const file = open('drops.sqlite', () => {});
  file.insert(0, MANY, 'first');
  file.settled();
  const workers = countWorkers();
  for (let turn = 0; turn < 3; turn++) {
    fill(file, MANY, 2 * MANY);
    await machine.turn();
  }
  expect(workers()).toBe(0);
});

describe.each(['as usual', 'in a thread'])('written %s', (how) => {
  test('rows that cannot be written are kept, told once, and written when they can be', async () => {
    const told: unknown[] = [];
    const file = open('full.sqlite', (error) => told.push(error));
    const rows = how === 'as usual' ? 0 : await untilInThread(file);
    file.insert(0, rows, 'first');
    file.settled();
    file.insert(0, rows, 'in the way of the first');
    file.insert(0, rows + 1, 'behind it');
    expect(() => file.settled()).toThrow(/UNIQUE/);
    await vi.waitFor(() =>
      expect(told).toEqual([expect.objectContaining({ message: expect.stringMatching(/UNIQUE/) })]),
    );
    expect(() => file.settled()).toThrow(/UNIQUE/);
    file.insert(0, rows + 2, 'after it');
    using other = new DatabaseSync(join(dir, 'full.sqlite'));
    other.exec(`DELETE FROM drops WHERE n = ${rows}`);
    expect(read(file).count).toBe(rows + 3);
    expect(told).toHaveLength(1);
    fill(file, rows + 3, rows + 10);
    expect(read(file).count).toBe(rows + 10);
  });

  test('who brings ever more rows that cannot be written is slowed down', async () => {
    const file = open('full.sqlite', () => {});
    const rows = how === 'as usual' ? 0 : await untilInThread(file);
    file.insert(0, rows, 'first');
    file.settled();
    file.insert(0, rows, 'in the way of the first');
    expect(() => file.settled()).toThrow(/UNIQUE/);
    const text = 'x'.repeat(1024 * 1024);
    const start = machine.monotonic();
    for (let n = rows + 1; n <= rows + 36; n++) file.insert(0, n, text);
    expect(machine.monotonic() - start).toBeGreaterThan(900);
    using other = new DatabaseSync(join(dir, 'full.sqlite'));
    other.exec(`DELETE FROM drops WHERE n = ${rows}`);
    expect(read(file).count).toBe(rows + 37);
  });
});
