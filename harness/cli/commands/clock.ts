import { Argument, Command } from 'commander';
import { type ClockDiagnostics, parseDuration, parseInstant } from '../../clock/index.ts';
import type { ClockOrder } from '../../control/protocol.ts';
import { controlClient, portOption } from '../options.ts';
import { print, printJson, say } from '../terminal.ts';

interface Options {
  readonly port: number;
  readonly json?: boolean;
}

const MODES: Record<ClockDiagnostics['mode'], string> = {
  real: 'runs with the machine’s time',
  held: 'stands still until it is moved',
  auto: 'jumps to the next timer whenever nothing is running',
};

export function clockCommand(): Command {
  const clock = new Command('clock').description('read or move the bench’s time');
  const order = (name: string, description: string, toOrder: (argument: string) => ClockOrder, argument?: Argument) => {
    const command = new Command(name)
      .description(description)
      .addOption(portOption())
      .option('--json', 'as JSON, for programs');
    if (argument)
      command.addArgument(argument).action((text: string, options: Options) => move(toOrder(text), options));
    else command.action((options: Options) => move(toOrder(''), options));
    clock.addCommand(command);
  };

  clock.addCommand(
    new Command('get')
      .description('show the time, what waits for it, and what keeps it from moving')
      .addOption(portOption())
      .option('--json', 'as JSON, for programs')
      .action(async (options: Options) => show(await controlClient(options).clock(), options)),
  );
  order(
    'set',
    'move time to an instant and hold it there; forwards, every timer on the way fires',
    (text) => ({ order: 'travel', instant: parseInstant(text) }),
    new Argument('<instant>', 'ISO 8601 with offset, such as 2022-01-27T23:59:50+09:00'),
  );
  order(
    'advance',
    'move time forward and hold it there',
    (text) => ({ order: 'advance', ms: parseDuration(text) }),
    new Argument('<duration>', 'such as 90s, 5m, 1h30m, 2d'),
  );
  order('hold', 'stop time where it is', () => ({ order: 'hold' }));
  order('auto', 'let time jump to the next timer whenever nothing is running', () => ({ order: 'auto' }));
  order('real', 'go back to the machine’s time', () => ({ order: 'real' }));
  return clock;
}

async function move(order: ClockOrder, options: Options): Promise<void> {
  show(await controlClient(options).orderClock(order), options);
}

function show(clock: ClockDiagnostics, options: Options): void {
  if (options.json) {
    printJson(clock);
    return;
  }
  print(clock.now);
  say(`The clock ${MODES[clock.mode]}.`);
  for (const timer of clock.timers.filter((timer) => !timer.quiet)) say(`  ${timer.due}  ${timer.name}`);
  for (const lock of clock.locks) say(`  held back by ${lock.name}, for ${lock.heldForMs} ms`);
}
