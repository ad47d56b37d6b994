import { expect, test } from 'vitest';
import {
  cellsOf,
  formatMarkdown,
  formatNumber,
  formatSummary,
  formatTarget,
  formatText,
  type Report,
  type Row,
} from './report.ts';
import { judge } from './verdict.ts';

const readings = { ours: [1000, 1200, 1100], rival: [100, 110, 120] };
const target = { of: 'ratio', atLeast: 10 } as const;
const gateway: Row = {
  name: 'gateway',
  title: 'Posts a second',
  rival: 'LocalStack',
  unit: '/s',
  target,
  readings,
  verdict: judge(target, readings),
  notes: ['On 64 connections'],
};
const memory: Row = {
  name: 'memory',
  title: 'Resident memory',
  unit: 'MiB',
  verdict: judge(undefined, { ours: [142.4] }),
  notes: [],
};
const broken: Row = { name: 'broken', title: 'Nothing', unit: 'ms', notes: [], failure: 'The server went away.' };
const report: Report = {
  at: '2022-01-27T05:48:25.000Z',
  machine: {
    cpu: 'A CPU',
    cores: 2,
    memoryGiB: 24,
    system: 'Linux 6.1.0',
    software: 'Node v24.0.0',
    loadAverage: '0.10',
  },
  rounds: 3,
  rows: [gateway, memory, broken],
};

test('a row says both sides with their spread, the ratio, the target, and whether it is met', () => {
  expect(cellsOf(gateway)).toEqual(['gateway', '1,100 /s (1,000–1,200)', '110 /s (100–120)', '10×', '≥ 10×', 'yes']);
});

test('without rival and target there is nothing to judge', () => {
  expect(cellsOf(memory)).toEqual(['memory', '142 MiB', '–', '–', 'recorded', '–']);
});

test('where the target is a difference, the difference is said', () => {
  const added = { of: 'difference', atMost: 1 } as const;
  const latency = (ours: number): Row => ({
    ...gateway,
    unit: 'ms',
    target: added,
    verdict: judge(added, { ours: [ours], rival: [2.5] }),
  });
  expect(cellsOf(latency(3.25)).slice(3)).toEqual(['+0.75 ms', '≤ 1 ms more', 'yes']);
  expect(cellsOf(latency(2))[3]).toBe('−0.50 ms');
});

test('a missed target stands out', () => {
  const missed = judge(target, { ours: [1], rival: [1] });
  expect(cellsOf({ ...gateway, verdict: missed }).at(-1)).toBe('NO');
});

test('a measurement that failed is a row too, with the reason below', () => {
  expect(cellsOf(broken)[1]).toBe('failed');
  expect(formatText(report)).toContain('broken: Nothing.\n  failed: The server went away.');
});

test('the text’s columns stand below each other', () => {
  const [head = '', rule = '', ...rows] = formatText(report).split('\n').slice(0, 5);
  const column = head.indexOf('rival');
  expect(rule[column - 1]).toBe(' ');
  expect(rows.map((row) => row[column])).toEqual(['1', '–', '–']);
});

test('the Markdown holds the table, the machine and the notes', () => {
  const markdown = formatMarkdown(report);
  expect(markdown).toContain('| name | ours | rival | ratio | target | met |\n| --- | --- | --- | --- | --- | --- |\n');
  expect(markdown).toContain('| gateway | 1,100 /s (1,000–1,200) | 110 /s (100–120) | 10× | ≥ 10× | yes |');
  expect(markdown).toContain('- Machine: A CPU, 2 cores, 24 GiB of memory, Linux 6.1.0');
  expect(markdown).toContain('- **gateway**: Posts a second, against LocalStack.\n  - On 64 connections');
});

test('targets read as they are judged', () => {
  expect(formatTarget({ of: 'ratio', atMost: 1.25 }, 's')).toBe('≤ 1.25×');
  expect(formatTarget({ of: 'difference', atMost: 1 }, 'ms')).toBe('≤ 1 ms more');
  expect(formatTarget({ of: 'ours', atMost: 150 }, 'MiB')).toBe('≤ 150 MiB');
});

test('small numbers keep three digits, large ones all their whole digits', () => {
  expect([0.01234, 5.678, 99.94, 123.4, 79_934.2].map(formatNumber)).toEqual([
    '0.0123',
    '5.68',
    '99.9',
    '123',
    '79,934',
  ]);
});

test('a single reading has no spread', () => {
  expect(formatSummary({ median: 5, min: 5, max: 5, count: 1 }, 'ms')).toBe('5 ms');
});
