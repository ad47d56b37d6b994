import type { MachineDescription } from './machine-description.ts';
import type { Target, Unit } from './measurement.ts';
import type { Summary } from './statistics.ts';
import type { Verdict } from './verdict.ts';

/** A measurement with what came of it, as the JSON has it. */
export interface Row {
  readonly name: string;
  readonly title: string;
  readonly rival?: string;
  readonly unit: Unit;
  readonly target?: Target;
  /** Every reading, in the order in which they were made. */
  readonly readings?: { readonly ours: readonly number[]; readonly rival?: readonly number[] };
  readonly verdict?: Verdict;
  readonly notes: readonly string[];
  /** Why there is no verdict. */
  readonly failure?: string;
}

export interface Report {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly machine: MachineDescription;
  /** Rounds of every measurement that takes turns. */
  readonly rounds: number;
  readonly rows: readonly Row[];
}

/** Where the target is a difference, the ratio's column says the difference. */
export const COLUMNS = ['name', 'ours', 'rival', 'ratio', 'target', 'met'] as const;

/** The cells of one row, in the order of COLUMNS. */
export function cellsOf(row: Row): readonly string[] {
  const { verdict, unit } = row;
  return [
    row.name,
    verdict ? formatSummary(verdict.ours, unit) : 'failed',
    verdict?.rival ? formatSummary(verdict.rival, unit) : '–',
    verdict ? compared(verdict, row) : '–',
    row.target ? formatTarget(row.target, unit) : 'recorded',
    verdict?.met === undefined ? '–' : verdict.met ? 'yes' : 'NO',
  ];
}

/** For a terminal: columns of equal width, then what else is worth knowing. */
export function formatText(report: Report): string {
  const table = [COLUMNS, ...report.rows.map(cellsOf)];
  const widths = COLUMNS.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  const lines = table.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  const notes = report.rows.flatMap((row) => [
    `${row.name}: ${describe(row)}`,
    ...detailsOf(row).map((detail) => `  ${detail}`),
  ]);
  return [lines[0], rule, ...lines.slice(1), '', ...notes].join('\n');
}

export function formatMarkdown(report: Report): string {
  const { machine } = report;
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    '# What naetmul measures of itself',
    '',
    `Written by \`make bench\` at ${report.at}. Every number is the median of its rounds, with the smallest and the largest`,
    `in brackets. Both sides of a ratio were measured in the same run, taking turns (${report.rounds} rounds).`,
    '',
    `- Machine: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB of memory, ${machine.system}`,
    `- Software: ${machine.software}`,
    `- Load average when it began: ${machine.loadAverage}`,
    '',
    row(COLUMNS),
    row(COLUMNS.map(() => '---')),
    ...report.rows.map((entry) => row(cellsOf(entry))),
    '',
    ...report.rows.flatMap((entry) => [
      `- **${entry.name}**: ${describe(entry)}`,
      ...detailsOf(entry).map((detail) => `  - ${detail}`),
    ]),
    '',
  ].join('\n');
}

function describe(row: Row): string {
  return row.rival === undefined ? `${row.title}.` : `${row.title}, against ${row.rival}.`;
}

function detailsOf(row: Row): readonly string[] {
  return row.failure === undefined ? row.notes : [`failed: ${row.failure}`];
}

/** `1,234 /s (1,200–1,300)`; one reading has no spread. */
export function formatSummary(summary: Summary, unit: Unit): string {
  const value = `${formatNumber(summary.median)} ${unit}`;
  if (summary.count === 1) return value;
  return `${value} (${formatNumber(summary.min)}–${formatNumber(summary.max)})`;
}

export function formatTarget(target: Target, unit: Unit): string {
  switch (target.of) {
    case 'ratio':
      return 'atLeast' in target ? `≥ ${target.atLeast}×` : `≤ ${target.atMost}×`;
    case 'difference':
      return `≤ ${target.atMost} ${unit} more`;
    case 'ours':
      return `≤ ${target.atMost} ${unit}`;
  }
}

function compared({ ours, rival, ratio }: Verdict, { target, unit }: Row): string {
  if (rival === undefined || ratio === undefined) return '–';
  if (target?.of !== 'difference') return `${formatNumber(ratio)}×`;
  const difference = ours.median - rival.median;
  return `${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(2)} ${unit}`;
}

/** Three digits of a small number, all whole digits of a large one, with separators. */
export function formatNumber(value: number): string {
  const whole = Math.abs(value) >= 100;
  return value.toLocaleString('en-US', whole ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });
}
