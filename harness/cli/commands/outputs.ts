import { Command } from 'commander';
import { controlClient, portOption } from '../options.ts';
import { print, printJson } from '../terminal.ts';

export function outputsCommand(): Command {
  return new Command('outputs')
    .description('show the outputs of every pipeline’s template: URLs, names')
    .addOption(portOption())
    .option('--json', 'as JSON, for programs')
    .action(async (options: { port: number; json?: boolean }) => {
      const outputs = await controlClient(options).outputs();
      if (options.json) return printJson(outputs);
      for (const [pipeline, values] of Object.entries(outputs)) {
        print(pipeline);
        const width = Math.max(...Object.keys(values).map((key) => key.length));
        for (const [key, value] of Object.entries(values)) print(`  ${key.padEnd(width)}  ${value}`);
      }
    });
}
