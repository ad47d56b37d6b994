import { InvalidArgumentError, Option } from 'commander';
import { type ControlClient, createControlClient } from '../control/client.ts';
import { type FirehoseOptions, firehoseChoices } from '../emulators/firehose/options.ts';
import { type KinesisOptions, kinesisChoices } from '../emulators/kinesis/options.ts';
import { parseOverrides } from '../engines/stack.ts';
import { NaetmulError } from '../errors.ts';

export const DEFAULT_PORT = 4566;

export interface StackOptions {
  readonly port: number;
  readonly host: string;
  readonly publicHost: readonly string[];
  readonly stack: 'auto' | 'docker' | 'native';
  /** Servers in containers outlive the bench, for the next one. */
  readonly reuse: boolean;
  readonly engine: Readonly<Record<string, string>>;
  readonly opensearch: 'shared' | 'per-domain';
  readonly mqttPort: number;
  readonly tlsPort?: number;
  /** Where a service with a process of its own shall listen: service → port. */
  readonly servicePort: Readonly<Record<string, number>>;
  /** What AWS leaves open about Firehose, where it shall not be as by default. */
  readonly firehose: Partial<FirehoseOptions>;
  /** The same of Kinesis, unless LocalStack plays it. */
  readonly kinesis: Partial<KinesisOptions>;
  readonly offline: boolean;
  /** A function that a debugger can attach to; only `up` offers it. */
  readonly inspect?: string;
}

/** The options of commands that boot a bench. */
export function stackOptions(): Option[] {
  return [
    endpointPort('port of the AWS endpoint; 0 takes a free one'),
    new Option('--host <address>', 'address to listen on').default('127.0.0.1').env('NAETMUL_HOST'),
    new Option(
      '--public-host <name>',
      'a name that the endpoint answers to besides localhost, such as that of its container (repeatable)',
    )
      .argParser((text: string, names: readonly string[]) => [...names, ...words(text)])
      .default([], 'none')
      .env('NAETMUL_PUBLIC_HOST'),
    new Option(
      '--stack <kind>',
      'where the servers come from: containers, processes, or containers where Docker can have them',
    )
      .choices(['auto', 'docker', 'native'])
      .default('auto')
      .env('NAETMUL_STACK'),
    new Option('--reuse', 'keep the containers for the next run, which starts faster; `naetmul down` removes them')
      .default(false)
      .env('NAETMUL_REUSE'),
    new Option(
      '--engine <name=url>',
      'use a server that already runs, e.g. opensearch=http://localhost:9200; kinesis=localstack has LocalStack play ' +
        'Kinesis instead of naetmul (repeatable)',
    )
      .argParser(collectEngine)
      .default({}, 'none')
      .env('NAETMUL_ENGINE'),
    new Option('--opensearch <servers>', 'one OpenSearch for all domains, or one for each')
      .choices(['shared', 'per-domain'])
      .default('shared')
      .env('NAETMUL_OPENSEARCH'),
    new Option('--mqtt-port <port>', 'port for MQTT over TLS; 0 takes a free one').argParser(parsePort).default(8883),
    new Option(
      '--tls-port <port>',
      'port for custom domain names of APIs over TLS, opened with the first; 0 takes a free one (default: 8443)',
    ).argParser(parsePort),
    new Option(
      '--service-port <service=port>',
      'port of a service, e.g. collector=9000; 0 takes a free one (repeatable)',
    )
      .argParser(collectServicePort)
      .default({}, 'as in its compose.yaml'),
    new Option(
      '--firehose <name=value>',
      'settle what AWS leaves open, e.g. weeks=iso, or throttling=on (repeatable; docs/fidelity/firehose.md)',
    )
      .argParser(collectChoice(firehoseChoices))
      .default({}, 'the likelier'),
    new Option(
      '--kinesis <name=value>',
      'throttling=off lifts the limits of Kinesis’s shards (repeatable; docs/fidelity/kinesis.md)',
    )
      .argParser(collectChoice(kinesisChoices))
      .default({}, 'as on AWS'),
    new Option('--offline', 'install nothing; use what the cache has').default(false).env('NAETMUL_OFFLINE'),
  ];
}

/** The option of commands that look for a running bench. */
export function portOption(): Option {
  return endpointPort('port of the AWS endpoint of the bench that runs; not 0');
}

function endpointPort(description: string): Option {
  return new Option('--port <port>', description).argParser(parsePort).default(DEFAULT_PORT).env('NAETMUL_PORT');
}

/** How commands find the running bench: `NAETMUL_URL`, else the port. Errors: `INVALID_PORT`. */
export function controlClient({ port }: { readonly port: number }): ControlClient {
  const url = process.env.NAETMUL_URL;
  if (url === undefined && port === 0) {
    throw new NaetmulError('INVALID_PORT', 'No bench is at port 0: that one only starts a bench at a free port.', {
      remedy: 'Name the port that `naetmul up` told with --port or NAETMUL_PORT, or its address with NAETMUL_URL.',
    });
  }
  return createControlClient(url ?? `http://localhost:${port}`);
}

/** An error of set-up or boot, with the code that says so; an interrupt stays what it is. */
export function notStarted(error: unknown): unknown {
  if (!(error instanceof NaetmulError) || error.code === 'INTERRUPTED') return error;
  const { message, remedy } = error;
  return new NaetmulError('NOT_STARTED', message, { ...(remedy === undefined ? {} : { remedy }), cause: error });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

function collectEngine(text: string, engines: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  // What the environment says holds for what the command line does not say.
  return { ...parseOverrides(words(process.env.NAETMUL_ENGINE ?? '')), ...engines, ...parseOverrides(words(text)) };
}

/** The environment has one variable for several engines: `aws=ministack mysql=mariadb`. */
function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function collectChoice(choices: Readonly<Record<string, readonly string[]>>) {
  return (text: string, chosen: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
    const [name = '', value, ...rest] = text.split('=');
    const values = choices[name];
    if (values === undefined) {
      throw new InvalidArgumentError(`There is ${Object.keys(choices).join(', ')}; not "${name}".`);
    }
    if (value === undefined || rest.length > 0 || !values.includes(value)) {
      throw new InvalidArgumentError(`${name} is one of ${values.join(', ')}.`);
    }
    return { ...chosen, [name]: value };
  };
}

function collectServicePort(text: string, ports: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const [service, port, ...rest] = text.split('=');
  if (!service || port === undefined || rest.length > 0) {
    throw new InvalidArgumentError('It takes the form service=port, such as collector=9000.');
  }
  return { ...ports, [service]: parsePort(port) };
}
