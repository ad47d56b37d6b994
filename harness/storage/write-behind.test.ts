import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
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

/** Brings so much that a thread takes over, and waits until it has. Returns how many rows there are. */
async function untilInThread(file: WriteBehind): Promise<number> {
  fill(file, 0, MANY);
  let rows = MANY;
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
    fill(file, rows, rows + 600_000);
    const written = Number(other.prepare('SELECT count(*) AS count FROM drops').get()?.count);
    expect(written).toBeGreaterThan(420_000);
    expect(read(file).count).toBe(rows + 600_000);
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
});
