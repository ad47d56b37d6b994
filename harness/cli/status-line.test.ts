import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { tellOften } from './status-line.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

test('how far a command is, is told every two seconds, only where there is news, and until it ends', () => {
  const lines: string[] = [];
  let done = 0;
  const line = tellOften(
    () => `${done} of 9`,
    (text) => lines.push(text),
  );
  vi.advanceTimersByTime(1_999);
  expect(lines).toEqual([]);
  vi.advanceTimersByTime(4_001);
  expect(lines).toEqual(['0 of 9']);
  done = 4;
  vi.advanceTimersByTime(2_000);
  expect(lines).toEqual(['0 of 9', '4 of 9']);
  done = 9;
  line.end();
  vi.advanceTimersByTime(10_000);
  expect(lines).toHaveLength(2);
});
