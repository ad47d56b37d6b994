import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { controlClient, portOption } from '../options.ts';
import { print, say } from '../terminal.ts';

const THING_NAME = /^[a-zA-Z0-9:_-]{1,128}$/;
/** Where the bench makes the pipelines' resources. */
const DEFAULT_REGION = 'ap-northeast-2';

export function iotCommand(): Command {
  return new Command('iot')
    .description('make what devices need to connect')
    .helpCommand(false)
    .addCommand(deviceCommand());
}

function deviceCommand(): Command {
  return new Command('device')
    .description('register a device, and write the files that it connects with')
    .addArgument(new Argument('<thing>', 'the thing’s name').argParser(parseThingName))
    .addOption(new Option('--out <folder>', 'where to write the files').makeOptionMandatory())
    .addOption(new Option('--region <region>', 'the region of the thing').default(DEFAULT_REGION))
    .addOption(portOption())
    .addHelpText(
      'after',
      `
Makes a thing, an active certificate and a policy that lets it connect as any client, and publish, subscribe and
receive on pi/*. The files are those that AWS gives: root-ca.pem, certificate.pem.crt, private.pem.key, and
endpoint.txt with the broker's address.

A bench forgets its devices when it ends or is reset. The same command with the same folder makes their files work
again: it registers the certificate that is there.`,
    )
    .action(async (thingName: string, { out, region, port }: { out: string; region: string; port: number }) => {
      const client = controlClient({ port });
      const { mqtt } = await client.status();
      const { registerDevice } = await import('../iot-device.ts');
      const { files, renewed } = await registerDevice({ thingName, folder: out, region, edge: client.edge, mqtt });
      say(renewed ? `${thingName} has its certificate back.` : `${thingName} is registered.`);
      for (const file of files) print(file);
    });
}

function parseThingName(name: string): string {
  if (THING_NAME.test(name)) return name;
  throw new InvalidArgumentError('A thing’s name has 1 to 128 letters, digits, colons, underscores and hyphens.');
}
