import { expect, test } from 'vitest';
import { initReport, initStart, report, taskTimedOut } from './platform-lines.ts';

const BASE = {
  requestId: 'r',
  durationMs: 150.73,
  memoryMb: 128,
  peakBytes: 75 * 1024 ** 2,
  initMs: undefined,
  status: undefined,
};

test('REPORT is written with tabs, and one at the end', () => {
  expect(report(BASE)).toBe(
    'REPORT RequestId: r\tDuration: 150.73 ms\tBilled Duration: 151 ms\tMemory Size: 128 MB\tMax Memory Used: 75 MB\t\n',
  );
});

test('the Init phase is billed', () => {
  expect(report({ ...BASE, initMs: 160.76 })).toBe(
    'REPORT RequestId: r\tDuration: 150.73 ms\tBilled Duration: 312 ms\tMemory Size: 128 MB\tMax Memory Used: 75 MB\tInit Duration: 160.76 ms\t\n',
  );
});

test('a status stands at the end of REPORT', () => {
  const timedOut = report({ ...BASE, durationMs: 3000, initMs: 402.04, status: { status: 'timeout' } });
  expect(timedOut).toContain('Duration: 3000.00 ms\tBilled Duration: 3403 ms\t');
  expect(timedOut).toMatch(/\tInit Duration: 402\.04 ms\tStatus: timeout\n$/);
  const failed = report({ ...BASE, status: { status: 'error', errorType: 'Runtime.ExitError' } });
  expect(failed).toMatch(/\tMax Memory Used: 75 MB\tStatus: error\tError Type: Runtime\.ExitError\n$/);
});

test('no more memory is reported than there was', () => {
  expect(report({ ...BASE, peakBytes: 200 * 1024 ** 2 })).toContain('Max Memory Used: 128 MB');
});

test('INIT_REPORT says in which phase, and how, a start failed', () => {
  expect(initReport(10_000.12, 'init', { status: 'timeout' })).toBe(
    'INIT_REPORT Init Duration: 10000.12 ms\tPhase: init\tStatus: timeout\n',
  );
  expect(initReport(80.49, 'invoke', { status: 'error', errorType: 'Runtime.ImportModuleError' })).toBe(
    'INIT_REPORT Init Duration: 80.49 ms\tPhase: invoke\tStatus: error\tError Type: Runtime.ImportModuleError\n',
  );
});

test.each([
  ['nodejs22.x', 'nodejs:22'],
  ['python3.12', 'python:3.12'],
  ['provided.al2023', 'provided:al2023'],
  ['provided', 'provided'],
])('INIT_START names %s as %s', (runtime, label) => {
  expect(initStart({ runtime, region: 'ap-northeast-2' })).toMatch(
    new RegExp(
      `^INIT_START Runtime Version: ${label}\\.v1\\tRuntime Version ARN: arn:aws:lambda:ap-northeast-2::runtime:[0-9a-f]{64}\\n$`,
    ),
  );
});

test('the line of a time-out has two decimals and an empty line', () => {
  expect(taskTimedOut(Date.parse('2024-03-04T17:22:38.033Z'), 'r', 3000)).toBe(
    '2024-03-04T17:22:38.033Z r Task timed out after 3.00 seconds\n\n',
  );
});
