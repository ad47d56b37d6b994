import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { machine } from '../../../clock/index.ts';
import { Deadlines } from './deadlines.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** Work of so many ms, and what came of it and when. */
function limit(deadlines: Deadlines, name: string, allowedMs: number, takesMs: number, told: string[]): void {
  const work = new Promise<void>((resolve) => void machine.setTimer(takesMs, resolve));
  deadlines
    .limit(allowedMs, work, () => new Error('too late'))
    .then(
      () => told.push(`${name} done at ${machine.monotonic()}`),
      (error: Error) => told.push(`${name} ${error.message} at ${machine.monotonic()}`),
    );
}

test('of many that are allowed equally long each is ended when its own time is over, or is done', async () => {
  const deadlines = new Deadlines();
  const told: string[] = [];
  const began = machine.monotonic();
  for (let n = 0; n < 5; n++) {
    limit(deadlines, `${n}`, 1000, n % 2 === 0 ? 5000 : 200, told);
    await vi.advanceTimersByTimeAsync(100);
  }
  await vi.advanceTimersByTimeAsync(10_000);
  expect(told).toEqual([
    `1 done at ${began + 300}`,
    `3 done at ${began + 500}`,
    `0 too late at ${began + 1000}`,
    `2 too late at ${began + 1200}`,
    `4 too late at ${began + 1400}`,
  ]);
});

test('different lengths do not wait for each other, and nothing is left that keeps a timer', async () => {
  const deadlines = new Deadlines();
  const told: string[] = [];
  limit(deadlines, 'long', 5000, 20_000, told);
  limit(deadlines, 'short', 50, 20_000, told);
  await vi.advanceTimersByTimeAsync(60);
  expect(told).toEqual([expect.stringMatching(/^short too late/)]);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(told).toEqual([expect.stringMatching(/^short/), expect.stringMatching(/^long too late/)]);
  expect(vi.getTimerCount()).toBe(0);
  limit(deadlines, 'again', 50, 10, told);
  await vi.advanceTimersByTimeAsync(10);
  expect(told.at(-1)).toMatch(/^again done/);
  expect(vi.getTimerCount()).toBe(0);
});

test('work that fails fails as it would by itself', async () => {
  const failed = new Deadlines().limit(50, Promise.reject(new Error('refused')), () => new Error('too late'));
  await expect(failed).rejects.toThrow('refused');
});
