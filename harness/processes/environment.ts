import { fileURLToPath } from 'node:url';
import { InterpolationError, resolveText } from './interpolation.ts';
import type { Variable, Written } from './plan.ts';

/** Values by name: what the variables of a compose file stand for. */
export type Values = Readonly<Record<string, string>>;

/** What a process needs of the machine; nothing else of the harness's environment reaches it. */
const BASICS = ['PATH', 'HOME', 'TMPDIR'];

/** Loaded into every Node process before its own code, see clock/mirror.ts. */
const FOLLOW_CLOCK = fileURLToPath(new URL('../clock/follow.cjs', import.meta.url));

export interface BenchAddresses {
  /** The AWS endpoint. */
  readonly edgeUrl: string;
  readonly region: string;
}

export interface BenchPlaces extends BenchAddresses {
  /** Where the process listens. */
  readonly host?: string;
  readonly port: number;
  /** The file that shows the bench's time, see clock/mirror.ts. */
  readonly clockFile: string;
  /** Where Node keeps what it has compiled, for the next start. */
  readonly compileCache?: string | undefined;
}

/** The variables that AWS SDKs read, as the bench wants them. */
export function awsEnvironment({ edgeUrl, region }: BenchAddresses): Values {
  return {
    AWS_ENDPOINT_URL: edgeUrl,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
}

/**
 * The environment that a compose file writes for a service. A variable without a value (`NAME:`) takes the one of its
 * name, or is left out. Errors: `COMPOSE_VARIABLE`.
 */
export function writtenEnvironment(
  variables: readonly Variable[],
  values: Values,
  onUnset: (sentence: string) => void,
): Values {
  return Object.fromEntries(
    variables.flatMap(({ name, value }) => {
      const resolved = value === undefined ? values[name] : resolveWritten(value, values, onUnset);
      return resolved === undefined ? [] : [[name, resolved]];
    }),
  );
}

/** Errors: `COMPOSE_VARIABLE` for a variable that the file requires and that has no value. */
export function resolveWritten({ text, place }: Written, values: Values, onUnset: (sentence: string) => void): string {
  const lookup = (name: string) => (Object.hasOwn(values, name) ? values[name] : undefined);
  try {
    return resolveText(text, lookup, (name) => onUnset(`${place.key}: ${name} has no value, and becomes empty`));
  } catch (error) {
    if (!(error instanceof InterpolationError)) throw error;
    const remedy = 'Give the template an output or a parameter of this name.';
    throw place.error('COMPOSE_VARIABLE', `${error.message}.`, remedy);
  }
}

/**
 * The whole environment of a process: its own from the compose file, and what only the bench can know, which wins. Time
 * zone is UTC, as in a container.
 */
export function processEnvironment(
  written: Values,
  bench: BenchPlaces,
  machine: NodeJS.ProcessEnv = process.env,
): Values {
  const basics = BASICS.flatMap((name) => (machine[name] === undefined ? [] : [[name, machine[name]]]));
  const follow = `--require ${JSON.stringify(FOLLOW_CLOCK)}`;
  return {
    ...Object.fromEntries(basics),
    TZ: 'UTC',
    ...awsEnvironment(bench),
    ...(bench.compileCache === undefined ? {} : { NODE_COMPILE_CACHE: bench.compileCache }),
    ...written,
    AWS_ENDPOINT_URL: bench.edgeUrl,
    HOST: bench.host ?? '127.0.0.1',
    PORT: String(bench.port),
    NAETMUL_CLOCK: bench.clockFile,
    NODE_OPTIONS: written.NODE_OPTIONS === undefined ? follow : `${follow} ${written.NODE_OPTIONS}`,
  };
}
