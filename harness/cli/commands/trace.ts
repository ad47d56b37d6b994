import { Argument, Command } from 'commander';
import { formatDuration, formatInstant } from '../../clock/index.ts';
import { NaetmulError } from '../../errors.ts';
import type { Journey, Step } from '../../ledger/index.ts';
import { controlClient, portOption } from '../options.ts';
import { print, printJson } from '../terminal.ts';

export function traceCommand(): Command {
  return new Command('trace')
    .description('show one event’s whole journey, with times')
    .addArgument(new Argument('<id>', 'a request id, a sequence number, a Firehose record id or an S3 object key'))
    .addOption(portOption())
    .option('--json', 'as JSON, for programs')
    .action(async (id: string, options: { port: number; json?: boolean }) => {
      const journey = await controlClient(options).trace(id);
      if (!journey) {
        throw new NaetmulError('UNKNOWN_EVENT', `The ledger knows nothing of "${id}".`, {
          remedy:
            'Give the x-amzn-RequestId or SequenceNumber of an answer, or an object key. A reset forgets what was before.',
        });
      }
      if (options.json) printJson(journey);
      else print(describeJourney(journey));
    });
}

/** For people: one line a step, with the time since the first. */
export function describeJourney(journey: Journey): string {
  const start = journey.steps[0]?.t ?? 0;
  return [journey.id, ...journey.steps.map((step) => describeStep(step, start))].join('\n');
}

function describeStep(step: Step, start: number): string {
  const since = step.t === start ? '' : `+${formatDuration(step.t - start)}`;
  const facts = [
    step.events > 1 ? `with ${step.events - 1} others` : '',
    ...(step.into ?? []).map((id) => `into ${id}`),
    ...Object.entries(step.detail ?? {}).map(
      ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ),
  ];
  const line = `${formatInstant(step.t)} ${since.padStart(10)}  ${step.what.padEnd(13)} ${step.where}`;
  return [line, ...facts.filter((fact) => fact !== '').map((fact) => `${' '.repeat(37)}${fact}`)].join('\n');
}
