import { expect, test } from 'vitest';
import { DELAYS, patiently } from './patience.ts';

function tries(...outcomes: readonly ('passes' | 'stays' | 'works')[]) {
  const slept: number[] = [];
  let made = 0;
  const task = async () => {
    const outcome = outcomes[made++] ?? 'passes';
    if (outcome !== 'works') throw new Error(outcome);
    return 'done';
  };
  const mayPass = (error: unknown) => (error as Error).message === 'passes';
  const sleep = async (ms: number) => void slept.push(ms);
  const result = patiently(task, { delays: DELAYS, sleep, mayPass, onFailure: () => undefined });
  return { result, slept, made: () => made };
}

test('what may pass is tried again, later and later', async () => {
  const { result, slept } = tries('passes', 'passes', 'works');
  expect(await result).toBe('done');
  expect(slept).toEqual([1_000, 2_000]);
});

test('what stays is not', async () => {
  const { result, made } = tries('stays', 'works');
  await expect(result).rejects.toThrow('stays');
  expect(made()).toBe(1);
});

test('there are seven tries within 35 seconds', async () => {
  const { result, slept, made } = tries();
  await expect(result).rejects.toThrow('passes');
  expect([made(), slept.reduce((sum, ms) => sum + ms)]).toEqual([7, 35_000]);
});
