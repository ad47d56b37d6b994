import { Command } from 'commander';
import { type ConservationReport, describeSum } from '../../ledger/index.ts';
import { controlClient, portOption } from '../options.ts';
import { exitCode, print, printJson } from '../terminal.ts';

export function checkCommand(): Command {
  return new Command('check')
    .description('balance the books: is every event that was accepted stored, held, or named as lost?')
    .addOption(portOption())
    .option('--json', 'as JSON, for programs')
    .action(async (options: { port: number; json?: boolean }) => {
      const report = await controlClient(options).check();
      if (options.json) printJson(report);
      else print(describeBooks(report));
      if (!report.ok) process.exitCode = exitCode.failed;
    });
}

/** For people: the sum, then whatever is not simply stored. */
export function describeBooks(report: ConservationReport): string {
  return [
    describeSum(report),
    ...report.heldBy.map(({ where, count }) => `  ${count} held by ${where}`),
    ...report.losses.map(({ reason, count }) => `  ${count} lost: ${reason}`),
    ...report.examples.missing.map((id) => `  missing: ${id}`),
    ...report.examples.unexpected.map((id) => `  in a sink, though nobody accepted it: ${id}`),
    ...(report.duplicates > 0 ? [`  ${report.duplicates} stored more than once`] : []),
    report.ok ? 'The books balance.' : 'The books do not balance.',
  ].join('\n');
}
