import type { Column } from './plan.ts';

/** What `naetmul scenarios` leaves behind of one run, in `scenarios.json`. */
export interface RunReport {
  /** What ran: `localstack 4.9.2 (native), …`. */
  readonly engines: string;
  readonly scenarios: readonly {
    /** Such as `scenarios/one-curl.ts`. */
    readonly file: string;
    readonly name: string;
    readonly state: 'passed' | 'failed' | 'skipped';
    /** Why it was left out. */
    readonly notPossible?: string;
    readonly durationMs: number;
    readonly errors: readonly string[];
  }[];
}

/** How a run of a column ended. */
export type Outcome =
  | { readonly kind: 'ran'; readonly report: RunReport }
  | { readonly kind: 'not possible'; readonly reason: string };

/** One story on one bench. */
export interface Cell {
  readonly state: 'passed' | 'failed' | 'not possible';
  /** Why it failed or was not possible: the first line of it. */
  readonly reason?: string;
  readonly durationMs?: number;
}

/** `matrix.json`. Programs read this: members are added, never changed or removed. */
export interface Matrix {
  readonly columns: readonly {
    readonly id: string;
    readonly title: string;
    /** What ran; null where nothing did. */
    readonly engines: string | null;
    readonly notPossible: string | null;
  }[];
  readonly rows: readonly {
    readonly file: string;
    readonly name: string;
    /** By the id of the column. */
    readonly cells: Readonly<Record<string, Cell>>;
  }[];
}

/** Puts the runs side by side. A story that one of them does not know was not possible there. */
export function makeMatrix(runs: readonly { readonly column: Column; readonly outcome: Outcome }[]): Matrix {
  const names = new Map<string, { file: string; name: string }>();
  for (const { outcome } of runs) {
    if (outcome.kind !== 'ran') continue;
    for (const { file, name } of outcome.report.scenarios) names.set(`${file}\n${name}`, { file, name });
  }
  return {
    columns: runs.map(({ column, outcome }) => ({
      id: column.id,
      title: column.title,
      engines: outcome.kind === 'ran' ? outcome.report.engines : null,
      notPossible: outcome.kind === 'ran' ? null : outcome.reason,
    })),
    rows: [...names.values()]
      .sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0))
      .map(({ file, name }) => ({
        file,
        name,
        cells: Object.fromEntries(runs.map(({ column, outcome }) => [column.id, cellOf(outcome, file, name)])),
      })),
  };
}

function cellOf(outcome: Outcome, file: string, name: string): Cell {
  if (outcome.kind === 'not possible') return { state: 'not possible', reason: outcome.reason };
  const told = outcome.report.scenarios.find((scenario) => scenario.file === file && scenario.name === name);
  if (told === undefined) return { state: 'not possible', reason: 'the run ended before it' };
  const { state, durationMs, errors, notPossible = 'left out' } = told;
  if (state === 'passed') return { state, durationMs };
  if (state === 'skipped') return { state: 'not possible', reason: notPossible };
  return { state, durationMs, reason: errors[0]?.split('\n')[0] ?? 'it does not say why' };
}

const MARKS = { passed: '✓', failed: '✗', 'not possible': '–' } as const;
/** A story's name is cut here in the table; below it, and in the files, it is whole. */
const NAME_WIDTH = 72;

/** The table for a terminal, with what each column is above it and each failure below. */
export function describeMatrix({ columns, rows }: Matrix): string {
  const number = (index: number) => String(index + 1).padStart(3);
  const heads = columns.map(
    ({ title, engines, notPossible }, index) =>
      `${number(index)}  ${title}: ${notPossible === null ? engines : `not possible: ${notPossible}`}`,
  );
  const lines = rows.map(({ name, cells }) => {
    const cut = name.length > NAME_WIDTH ? `${name.slice(0, NAME_WIDTH - 1)}…` : name;
    const marks = columns.map(({ id }) => `  ${MARKS[cells[id]?.state ?? 'not possible']}`).join('');
    return `${cut.padEnd(NAME_WIDTH)}${marks}`;
  });
  return [
    ...heads,
    '',
    `${''.padEnd(NAME_WIDTH)}${columns.map((_column, index) => number(index)).join('')}`,
    ...lines,
    ...failures({ columns, rows }).map(
      ({ name, reason, numbers }) => `\n✗ ${name}\n  on ${numbers.join(', ')}: ${reason}`,
    ),
  ].join('\n');
}

/** Each failure once, with the numbers of the columns that have it. */
export function failures({
  columns,
  rows,
}: Matrix): readonly { readonly name: string; readonly reason: string; readonly numbers: readonly number[] }[] {
  return rows.flatMap(({ name, cells }) => {
    const byReason = new Map<string, number[]>();
    for (const [index, { id }] of columns.entries()) {
      const cell = cells[id];
      if (cell?.state !== 'failed') continue;
      const reason = cell.reason ?? '';
      byReason.set(reason, [...(byReason.get(reason) ?? []), index + 1]);
    }
    return [...byReason].map(([reason, numbers]) => ({ name, reason, numbers }));
  });
}
