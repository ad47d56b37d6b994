import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { controlClient, portOption } from '../options.ts';
import { print, printJson } from '../terminal.ts';

interface Options {
  readonly port: number;
  readonly stackName: string;
  readonly parameter: Readonly<Record<string, string>>;
  readonly json?: boolean;
}

export function deployCommand(): Command {
  return new Command('deploy')
    .description('make the resources of a CloudFormation or SAM template on the running bench, until undeploy or reset')
    .argument('<template>', 'the template file')
    .requiredOption('--stack-name <name>', 'names the stack')
    .option('--parameter <name=value>', 'a value for a parameter of the template; may be repeated', addParameter, {})
    .addOption(portOption())
    .option('--json', 'the outputs as JSON, for programs')
    .action(async (template: string, { stackName: stack, parameter: parameters, ...options }: Options) => {
      const outputs = await controlClient(options).deployStack({ stack, template: resolve(template), parameters });
      if (options.json) return printJson(outputs);
      print(stack);
      for (const [name, value] of Object.entries(outputs)) print(`  ${name}  ${value}`);
    });
}

export function undeployCommand(): Command {
  return new Command('undeploy')
    .description('remove a stack and everything in it, buckets with their objects included')
    .argument('<stack>', 'its name, as `naetmul outputs` shows it')
    .addOption(portOption())
    .action(async (stack: string, options: { port: number }) => {
      await controlClient(options).removeStack(stack);
      print(`${stack} is removed.`);
    });
}

function addParameter(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError(`"${text}" is not of the form name=value.`);
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}
