/** Measures naetmul against named rivals: `node bench/main.ts [filter…]`, or `make bench` for all. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import { createProgress, exitCode, exitCodeOf, print, say, sayError } from '../harness/cli/terminal.ts';
import { formatInstant, machine } from '../harness/clock/index.ts';
import { dockerAnswers } from '../harness/engines/index.ts';
import { describeMachine } from './machine-description.ts';
import type { Measurement } from './measurement.ts';
import { measurements } from './measurements/index.ts';
import { openBenchRun } from './parts.ts';
import { formatMarkdown, formatText, type Report } from './report.ts';
import { type Effort, runMeasurement } from './runner.ts';

interface Options {
  readonly cold: boolean;
  readonly quick: boolean;
  readonly list: boolean;
  /** A name for the table of a part. */
  readonly save?: string;
}

const RESULTS = fileURLToPath(new URL('./results/', import.meta.url));
const FULL: Effort = { rounds: 5, roundMs: 5000, quick: false };
const QUICK: Effort = { rounds: 1, roundMs: 1000, quick: true };

const command = new Command('bench')
  .description('measure naetmul against named rivals; the table goes to stdout and to bench/results/')
  .argument('[filter...]', 'only measurements whose name contains one of these')
  .addOption(new Option('--cold', 'also the first set-up, into an empty cache; takes minutes').default(false))
  .addOption(new Option('--quick', 'one short round each: shows that it works, not how fast it is').default(false))
  .addOption(new Option('--save <name>', 'keep the table of a part as bench/results/<name>.md'))
  .addOption(new Option('--list', 'say what there is to measure').default(false))
  .action(main);

async function main(filter: readonly string[], options: Options): Promise<void> {
  const chosen = measurements.filter(
    ({ name, cold }) =>
      (options.cold || cold !== true) && (filter.length === 0 || filter.some((text) => name.includes(text))),
  );
  if (options.list) return print(chosen.map(({ name, title }) => `${name.padEnd(14)} ${title}`).join('\n'));
  if (chosen.length === 0) {
    say(`Nothing to measure is named "${filter.join('", "')}". There are: ${measurements.map(nameOf).join(', ')}.`);
    process.exitCode = exitCode.usage;
    return;
  }
  const possible = (await dockerAnswers()) ? chosen : chosen.filter(({ docker }) => docker !== true);
  if (possible.length < chosen.length) {
    const left = chosen.filter((measurement) => !possible.includes(measurement)).map(nameOf);
    say(`No Docker daemon answers; left out: ${left.join(', ')}.`);
  }
  const report = await measureAll(possible, options.quick ? QUICK : FULL);
  print(formatText(report));
  save(report, options.quick ? undefined : (options.save ?? (filter.length === 0 ? 'latest' : undefined)));
  if (report.rows.some(({ failure }) => failure !== undefined)) process.exitCode = exitCode.failed;
}

async function measureAll(chosen: readonly Measurement[], effort: Effort): Promise<Report> {
  const interrupt = new AbortController();
  const onSignal = () => {
    if (interrupt.signal.aborted) process.exit(exitCode.interrupted);
    say('\nEnding everything…');
    interrupt.abort(new Error('Interrupted.'));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  using run = openBenchRun();
  const progress = createProgress();
  const at = formatInstant(machine.now());
  const description = describeMachine();
  const rows = [];
  try {
    for (const measurement of chosen) {
      const row = await runMeasurement(measurement, effort, run, interrupt.signal, (message) =>
        progress.step(measurement.name, message),
      );
      if (interrupt.signal.aborted) process.exit(exitCode.interrupted);
      rows.push(row);
    }
  } finally {
    progress.settle();
  }
  return { at, machine: description, rounds: effort.rounds, rows };
}

/** Part of the table must not take the place of a whole one: it is kept under the name that it was given, if any. */
function save(report: Report, name: string | undefined): void {
  mkdirSync(RESULTS, { recursive: true });
  const json = `${report.at.replaceAll(/[:.]/g, '-')}.json`;
  writeFileSync(`${RESULTS}${json}`, `${JSON.stringify(report, null, 2)}\n`);
  if (name !== undefined) writeFileSync(`${RESULTS}${name}.md`, formatMarkdown(report));
  say(`Saved as bench/results/${json}${name === undefined ? '' : ` and bench/results/${name}.md`}.`);
}

function nameOf({ name }: Measurement): string {
  return name;
}

try {
  await command.parseAsync();
} catch (error) {
  sayError(error);
  process.exitCode = exitCodeOf(error);
}
