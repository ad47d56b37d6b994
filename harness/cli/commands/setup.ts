import { Command } from 'commander';
import { interruptible } from '../bench.ts';
import { notStarted, type StackOptions, stackOptions } from '../options.ts';
import { createProgress, say } from '../terminal.ts';

export function setupCommand(): Command {
  const command = new Command('setup').description('install what the servers need into the cache, and start none');
  for (const option of stackOptions()) command.addOption(option);
  return command.action(setup);
}

async function setup(options: StackOptions): Promise<void> {
  const { createEngines, engineContext, openRun, resolveStack, sweepLeftovers } = await import(
    '../../engines/index.ts'
  );
  const progress = createProgress();
  const interrupt = interruptible();
  sweepLeftovers();
  const run = openRun();
  try {
    const { offline } = options;
    const context = { offline, signal: interrupt.signal, progress: progress.step };
    const stack = await resolveStack(options.stack, { ...context, overrides: options.engine });
    const engines = createEngines({ stack, overrides: options.engine });
    await Promise.all(engines.map((engine) => engine.setup(engineContext(engine.name, run, context))));
    say('All that the servers need is installed.');
  } catch (error) {
    throw notStarted(error);
  } finally {
    progress.settle();
    run.close();
    interrupt.dispose();
  }
}
