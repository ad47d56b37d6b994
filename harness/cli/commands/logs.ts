import { Argument, Command, Option } from 'commander';
import { controlClient, portOption } from '../options.ts';
import { print } from '../terminal.ts';

export function logsCommand(): Command {
  return new Command('logs')
    .description('show the newest log lines of the harness and its servers')
    .addArgument(new Argument('[component]', 'localstack, opensearch, mysql, mqtt, or an emulator such as firehose'))
    .addOption(portOption())
    .addOption(new Option('--lines <count>', 'how many lines of each').argParser(Number).default(50))
    .action(async (component: string | undefined, options: { port: number; lines: number }) => {
      const logs = await controlClient(options).logs(component, options.lines);
      for (const [name, lines] of Object.entries(logs)) {
        for (const line of lines) print(component === undefined ? `${name.padEnd(11)} ${line}` : line);
      }
    });
}
