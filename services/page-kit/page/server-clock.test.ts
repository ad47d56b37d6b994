import { expect, test } from 'vitest';
import { ServerClock } from './server-clock.ts';

test("goes on between answers, however far it is from this device's", () => {
  const clock = new ServerClock();
  expect(clock.now(0)).toBeUndefined();
  clock.hear(1_000_000, 0);
  expect(clock.now(2_000)).toBe(1_002_000);
  expect(clock.offset(2_000)).toBe(1_000_000);
});

test('stands still when the server stands still, and goes on when it does', () => {
  const clock = new ServerClock();
  clock.hear(50, 0);
  clock.hear(50, 5_000);
  expect(clock.now(9_000)).toBe(50);
  clock.hear(5_050, 10_000);
  expect(clock.now(11_000)).toBe(6_050);
});
