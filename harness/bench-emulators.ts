import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EmulatorContext, Log } from './edge/emulator.ts';
import { type BenchParts, createEmulators, type Emulators } from './emulators/index.ts';
import { cacheFolder, compileCacheFolder, type Run } from './engines/index.ts';
import { lambdaPython } from './engines/lambda-python/index.ts';

/** Where Node's debugger listens by habit. */
const INSPECT_PORT = 9229;

export interface BenchEmulatorsOptions
  extends Pick<EmulatorContext, 'clock' | 'random' | 'ledger' | 'aws' | 'defaults'>,
    Pick<
      BenchParts,
      'edgeUrl' | 'faults' | 'sqlServer' | 'openSearchServer' | 'domainServers' | 'tls' | 'firehose' | 'kinesis'
    > {
  readonly run: Run;
  readonly clockFile: string;
  /** The name of a Lambda function that a debugger can attach to. */
  readonly inspect: string | undefined;
  /** Install nothing. */
  readonly offline: boolean;
  readonly signal: AbortSignal;
  logOf(component: string): Log;
  progress(component: string, message: string): void;
}

/** The emulators of a bench, each with its folder in the run, its log and its random numbers. */
export function loadEmulators(options: BenchEmulatorsOptions): Emulators {
  const { run, clock, random, ledger, aws, defaults, logOf, edgeUrl, clockFile, faults, inspect } = options;
  const { sqlServer, openSearchServer, domainServers, tls, firehose, kinesis } = options;
  const contextOf = (name: string): EmulatorContext => {
    const dataDir = join(run.dir, name);
    mkdirSync(dataDir, { recursive: true });
    return { clock, random: random.fork(name), ledger, aws, dataDir, log: logOf(name), defaults };
  };
  return createEmulators(contextOf, {
    edgeUrl,
    clockFile,
    faults,
    sqlServer,
    openSearchServer,
    domainServers,
    tls,
    firehose,
    kinesis,
    registerChild: (child) => run.addChild(child),
    compileCache: compileCacheFolder(),
    python: (runtime) => python(runtime, options),
    ...(inspect === undefined ? {} : { inspect: inspected(inspect, options) }),
  });
}

/** Installed when the first Python function runs. */
function python(runtime: string, { offline, signal, progress }: BenchEmulatorsOptions) {
  const context = { cacheDir: cacheFolder(), offline, signal };
  return lambdaPython({ ...context, progress: (message) => progress('lambda', message) }, runtime);
}

function inspected(functionName: string, { progress }: BenchEmulatorsOptions): NonNullable<BenchParts['inspect']> {
  const listens = (address: string) => progress('lambda', `${functionName}: a debugger can attach to ${address}`);
  return { functionName, port: INSPECT_PORT, listens };
}
