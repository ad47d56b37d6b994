import { describe, expect, test } from 'vitest';
import { NaetmulError } from '../errors.ts';
import { createProgress, exitCode, exitCodeOf } from './terminal.ts';

describe('exit codes', () => {
  test.each([
    ['NOT_RUNNING', exitCode.notRunning],
    ['NOT_NAETMUL', exitCode.notRunning],
    ['NOT_STARTED', exitCode.notStarted],
    ['INTERRUPTED', exitCode.interrupted],
    ['INVALID_INSTANT', exitCode.usage],
  ])('%s ends with %i', (code, exit) => {
    expect(exitCodeOf(new NaetmulError(code, 'message'))).toBe(exit);
  });

  test('a defect of ours is no mistake of the user', () => {
    expect(exitCodeOf(new NaetmulError('ANYTHING', 'message', { blame: 'naetmul' }))).toBe(exitCode.failed);
    expect(exitCodeOf(new TypeError('x is undefined'))).toBe(exitCode.failed);
  });
});

test('progress is one plain line a step, without colour when nobody sees it', () => {
  const lines: string[] = [];
  const progress = createProgress((line) => lines.push(line));
  progress.step('opensearch', '2.19.6 is ready');
  progress.settle();
  progress.step('localstack', '4.9.2 is back');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^ +\d+ ms {2}opensearch {2}2\.19\.6 is ready$/);
});
