import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { NaetmulError } from '../errors.ts';
import type { EngineName } from './engine.ts';

const run = promisify(execFile);

/** What the user can ask for with `--stack`. */
export type StackKind = 'auto' | 'docker' | 'native';
/** What a stack is made of in the end. */
export type Stack = Exclude<StackKind, 'auto'>;

/** A daemon that does not answer within this time is as good as none, in milliseconds. */
const DOCKER_TIMEOUT_MS = 3_000;

export interface ResolveOptions {
  /** What `--engine` chose: those servers need no container. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** Pull nothing. */
  readonly offline: boolean;
  readonly signal: AbortSignal;
  progress(component: string, message: string): void;
}

/**
 * Chooses where engines come from: `auto` takes Docker where a daemon answers that has the images, or can pull them,
 * and says so where it cannot. What is asked for by name is taken, and says itself what it lacks.
 */
export async function resolveStack(kind: StackKind, options: ResolveOptions): Promise<Stack> {
  if (kind !== 'auto') return kind;
  if (!(await dockerAnswers())) return 'native';
  const { pullImages } = await import('./docker/index.ts');
  try {
    await pullImages(imagesFor(options.overrides ?? {}), options);
    return 'docker';
  } catch (error) {
    options.signal.throwIfAborted();
    options.progress('docker', `${(error as Error).message} The servers run without Docker.`);
    return 'native';
  }
}

const WITH_IMAGE = ['localstack', 'opensearch', 'mysql'] as const;

/** The engines that come from the stack, and not from where `--engine` says. */
export function imagesFor(overrides: Readonly<Record<string, string>>): readonly (typeof WITH_IMAGE)[number][] {
  const chosen = new Map(Object.entries(overrides).map(([name, who]) => [name === 'aws' ? 'localstack' : name, who]));
  return WITH_IMAGE.filter((name) => (chosen.get(name) ?? name) === name);
}

/** True when a Docker daemon answers. */
export async function dockerAnswers(): Promise<boolean> {
  try {
    await run('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: DOCKER_TIMEOUT_MS });
    return true;
  } catch {
    return false;
  }
}

/** What `--engine` can choose: an engine, who stands behind the endpoint, or who plays a service. */
export type OverrideName = EngineName | 'aws' | 'kinesis';

/** What can be replaced by an address, with the protocols it may have. */
const EXTERNAL_PROTOCOLS: Readonly<Partial<Record<OverrideName, readonly string[]>>> = {
  aws: ['http:', 'https:'],
  localstack: ['http:', 'https:'],
  opensearch: ['http:', 'https:'],
  mysql: ['mysql:'],
};

/** What can be chosen by a name. */
const PLAYERS: Readonly<Record<string, readonly string[]>> = {
  aws: ['localstack', 'ministack'],
  /** naetmul itself, or whoever stands behind the endpoint (`localstack`). */
  kinesis: ['naetmul', 'localstack'],
  /** One of the two, where both are on the PATH, or MariaDB out of the cache. */
  mysql: ['mysql', 'mariadb'],
};

/** An example for each, for messages. */
const EXAMPLES: Readonly<Partial<Record<OverrideName, string>>> = {
  aws: 'http://localhost:4510',
  localstack: 'http://localhost:4510',
  opensearch: 'http://user:password@localhost:9200',
  mysql: 'mysql://root:password@localhost:3306',
};

/**
 * Checks `--engine name=url` choices, given as name → URL, or name → one of the names that can be chosen there.
 * Errors: `ENGINE_UNKNOWN` for a name that is no engine's or cannot be replaced, `ENGINE_URL_INVALID` for a bad URL,
 * `ENGINE_ARGUMENT_INVALID` for somebody who does not play the service, and for two who stand behind the endpoint.
 */
export function checkOverrides(
  overrides: Readonly<Record<string, string>>,
): Readonly<Partial<Record<OverrideName, string>>> {
  for (const [name, address] of Object.entries(overrides)) checkOverride(name, address);
  if (overrides.aws !== undefined && overrides.localstack !== undefined) {
    throw new NaetmulError(
      'ENGINE_ARGUMENT_INVALID',
      '--engine aws=… and --engine localstack=… both say who stands behind the endpoint.',
      { remedy: 'Leave out one of them; aws=<url> takes a LocalStack, too.' },
    );
  }
  return overrides;
}

function checkOverride(name: string, address: string): void {
  const players = Object.hasOwn(PLAYERS, name) ? (PLAYERS[name] ?? []) : [];
  if (players.includes(address)) return;
  const protocols = Object.hasOwn(EXTERNAL_PROTOCOLS, name) ? EXTERNAL_PROTOCOLS[name as OverrideName] : undefined;
  if (protocols === undefined && players.length > 0) {
    throw new NaetmulError('ENGINE_ARGUMENT_INVALID', `--engine ${name}=…: "${address}" does not play ${name}.`, {
      remedy: `Give one of ${players.join(', ')}: --engine ${name}=${players[0]}`,
    });
  }
  if (protocols === undefined) {
    const names = Object.keys(EXTERNAL_PROTOCOLS).join(', ');
    const chosen = Object.keys(PLAYERS).join(', ');
    const why = name === 'mqtt' ? 'runs inside naetmul and cannot be replaced' : 'is no engine of naetmul';
    throw new NaetmulError('ENGINE_UNKNOWN', `--engine ${name}=…: "${name}" ${why}.`, {
      remedy: `An address can be given for: ${names}. Who plays it, for: ${chosen}.`,
    });
  }
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !protocols.includes(url.protocol) || url.hostname === '') {
    // The address itself is not repeated: it may hold a password.
    const wanted = protocols.map((protocol) => `${protocol}//`).join(' or ');
    const or = players.map((player) => `, or ${player}`).join('');
    throw new NaetmulError(
      'ENGINE_URL_INVALID',
      `--engine ${name}=…: the address must be a URL that begins with ${wanted}${or}.`,
      {
        remedy: `For example: --engine ${name}=${EXAMPLES[name as OverrideName]}`,
      },
    );
  }
}

/**
 * Reads `--engine` arguments of the form `name=url`; the last one for a name wins.
 * Errors: `ENGINE_ARGUMENT_INVALID`, and those of `checkOverrides`.
 */
export function parseOverrides(args: readonly string[]): Readonly<Partial<Record<OverrideName, string>>> {
  const entries = args.map((text) => {
    const at = text.indexOf('=');
    if (at <= 0 || at === text.length - 1) {
      throw new NaetmulError('ENGINE_ARGUMENT_INVALID', '--engine wants name=url.', {
        remedy: `For example: --engine opensearch=${EXAMPLES.opensearch}`,
      });
    }
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
  return checkOverrides(Object.fromEntries(entries));
}

export type KinesisPlayer = 'naetmul' | 'localstack';

/** Who plays Kinesis: naetmul, unless `--engine kinesis=localstack` says otherwise. */
export function kinesisPlayer({ kinesis }: Readonly<Partial<Record<string, string>>>): KinesisPlayer {
  return kinesis === 'localstack' ? kinesis : 'naetmul';
}
