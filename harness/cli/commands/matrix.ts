import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { Argument, Command, Option } from 'commander';
import { NaetmulError } from '../../errors.ts';
import { interruptible } from '../bench.ts';
import { type Column, planMatrix } from '../matrix/plan.ts';
import { describeMatrix, type Matrix, makeMatrix, type Outcome } from '../matrix/table.ts';
import { exitCode, print, say } from '../terminal.ts';

const NAETMUL = fileURLToPath(new URL('../naetmul.js', import.meta.url));

interface MatrixOptions {
  readonly only: readonly string[];
  readonly list: boolean;
  readonly reports: string;
  readonly offline: boolean;
}

export function matrixCommand(): Command {
  const collect = (text: string, before: readonly string[]) => [...before, text];
  return new Command('matrix')
    .description('run the stories on every bench that this machine can start, and put the results side by side')
    .addArgument(new Argument('[filter]', 'only files whose name contains this'))
    .addOption(
      new Option('--only <text>', 'only benches whose name, as --list shows it, contains this (repeatable)')
        .argParser(collect)
        .default([], 'all'),
    )
    .addOption(new Option('--list', 'show the benches, and run nothing').default(false))
    .addOption(new Option('--reports <folder>', 'where matrix.html, matrix.json and matrix/ go').default('reports'))
    .addOption(new Option('--offline', 'install nothing; use what the cache has').default(false).env('NAETMUL_OFFLINE'))
    .addHelpText(
      'after',
      `
One bench after another boots, tells all stories and ends. The exit code is 1 when a story failed on any of them; what a
machine cannot start is no failure. docs/fidelity/engines.md explains the differences.`,
    )
    .action(matrix);
}

async function matrix(filter: string | undefined, options: MatrixOptions): Promise<void> {
  const columns = (await plan()).filter(
    ({ id }) => options.only.length === 0 || options.only.some((text) => id.includes(text)),
  );
  if (options.list) {
    for (const { id, title, notPossible } of columns) {
      print(`${id.padEnd(44)} ${title}${notPossible === undefined ? '' : `: not possible: ${notPossible}`}`);
    }
    return;
  }
  if (columns.length === 0) {
    throw new NaetmulError('NO_SUCH_BENCH', `No bench has ${options.only.map((text) => `"${text}"`).join(' or ')}.`, {
      remedy: 'See them all with `naetmul matrix --list`.',
    });
  }
  const interrupt = interruptible();
  try {
    const runs: { column: Column; outcome: Outcome }[] = [];
    for (const [index, column] of columns.entries()) {
      say(`\nBench ${index + 1} of ${columns.length}: ${column.title}`);
      runs.push({ column, outcome: await outcomeOf(column, filter, options, interrupt.signal) });
      // After each, so that an interrupt leaves what is known by then.
      await save(makeMatrix(runs), options.reports);
    }
    const made = makeMatrix(runs);
    print(describeMatrix(made));
    say(`\nSaved as ${join(options.reports, 'matrix.html')} and ${join(options.reports, 'matrix.json')}.`);
    const failed = made.rows.some(({ cells }) => Object.values(cells).some(({ state }) => state === 'failed'));
    if (failed) process.exitCode = exitCode.failed;
  } finally {
    interrupt.dispose();
  }
}

async function save(made: Matrix, folder: string): Promise<void> {
  const { renderMatrix } = await import('../matrix/page.ts');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'matrix.html'), renderMatrix(made));
  writeFileSync(join(folder, 'matrix.json'), `${JSON.stringify(made, null, 2)}\n`);
}

async function plan(): Promise<readonly Column[]> {
  const { dockerAnswers, mysqlOnPath } = await import('../../engines/index.ts');
  const [docker, mysql] = await Promise.all([dockerAnswers(), mysqlOnPath()]);
  return planMatrix({
    docker: docker || 'no Docker daemon answers',
    mysql: mysql !== undefined || 'no mysqld of MySQL is on the PATH',
  });
}

/** Runs the stories in a process of their own; what it prints is shown, and kept in `output.log` of its folder. */
async function outcomeOf(
  column: Column,
  filter: string | undefined,
  { reports, offline }: MatrixOptions,
  signal: AbortSignal,
): Promise<Outcome> {
  if (column.notPossible !== undefined) return { kind: 'not possible', reason: column.notPossible };
  const folder = join(reports, 'matrix', column.id);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const logFile = join(folder, 'output.log');
  const log = createWriteStream(logFile);
  const child = spawn(
    process.execPath,
    [
      NAETMUL,
      'scenarios',
      ...(filter === undefined ? [] : [filter]),
      ...column.arguments,
      '--reports',
      folder,
      ...(offline ? ['--offline'] : []),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const end = () => child.kill('SIGTERM');
  signal.addEventListener('abort', end, { once: true });
  for (const stream of [child.stdout, child.stderr]) {
    stream.pipe(process.stderr, { end: false });
    stream.pipe(log, { end: false });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  signal.removeEventListener('abort', end);
  log.end();
  await finished(log);
  signal.throwIfAborted();
  const report = join(folder, 'scenarios.json');
  if (existsSync(report)) return { kind: 'ran', report: JSON.parse(readFileSync(report, 'utf8')) };
  const output = stripVTControlCharacters(readFileSync(logFile, 'utf8'));
  const reason = /^error (.+)$/m.exec(output)?.[1];
  return { kind: 'not possible', reason: reason ?? `it ended with exit code ${code}; see ${logFile}` };
}
