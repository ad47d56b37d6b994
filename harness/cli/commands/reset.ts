import { Command } from 'commander';
import { controlClient, portOption } from '../options.ts';
import { say } from '../terminal.ts';

export function resetCommand(): Command {
  return new Command('reset')
    .description('forget all events and resources, deploy the pipelines anew, return to real time')
    .addOption(portOption())
    .action(async (options: { port: number }) => {
      await controlClient(options).reset();
      say('Everything is as just started. API ids, and so URLs, are new: see `naetmul outputs`.');
    });
}
