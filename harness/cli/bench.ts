import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { machine } from '../clock/index.ts';
import { DEFAULT_OPTIONS as FIREHOSE_DEFAULTS } from '../emulators/firehose/options.ts';
import { DEFAULT_OPTIONS as KINESIS_DEFAULTS } from '../emulators/kinesis/options.ts';
import { NaetmulError } from '../errors.ts';
import type { Testbench } from '../testbench.ts';
import { notStarted, type StackOptions } from './options.ts';
import { createProgress, exitCode, say } from './terminal.ts';

/** A second Ctrl-C within this time ends the process at once. */
const SECOND_SIGNAL_MS = 10_000;

/**
 * Boots a bench for a command, and makes sure that it is stopped however the command ends: by itself, by an error,
 * by Ctrl-C, SIGTERM or a closed terminal.
 */
export async function withBench<T>(
  options: StackOptions,
  work: (bench: Testbench, signal: AbortSignal) => Promise<T>,
  onStep?: (component: string, message: string) => void,
): Promise<T> {
  const { startTestbench } = await import('../testbench.ts');
  const progress = createProgress();
  const interrupt = interruptible();
  let bench: Testbench | undefined;
  try {
    bench = await startTestbench({
      port: options.port,
      host: options.host,
      publicHosts: options.publicHost,
      mqttPort: options.mqttPort,
      tlsPort: options.tlsPort,
      stack: options.stack,
      reuse: options.reuse,
      engines: options.engine,
      openSearch: options.opensearch,
      servicePorts: options.servicePort,
      firehose: { ...FIREHOSE_DEFAULTS, ...options.firehose },
      kinesis: { ...KINESIS_DEFAULTS, ...options.kinesis },
      offline: options.offline,
      ...(options.inspect === undefined ? {} : { inspect: options.inspect }),
      signal: interrupt.signal,
      progress: (component, message) => {
        progress.step(component, message);
        onStep?.(component, message);
      },
    });
    progress.settle();
    settleMemory();
    return await work(bench, interrupt.signal);
  } catch (error) {
    throw bench ? error : notStarted(error);
  } finally {
    progress.settle();
    await bench?.stop();
    interrupt.dispose();
  }
}

/**
 * Gives back what loading some hundred modules has left behind, tens of MiB that V8 would keep for a long time in a
 * process that does little. Under load the young generation, which `naetmul.js` keeps small, may grow again.
 */
function settleMemory(): void {
  setFlagsFromString('--expose-gc');
  const collect: NodeJS.GCFunction = runInNewContext('gc');
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  setFlagsFromString('--semi-space-growth-factor=2');
}

/** Aborts its signal at the first Ctrl-C, SIGTERM or SIGHUP; a second one ends the process at once. */
export function interruptible(): { signal: AbortSignal; dispose(): void } {
  const abort = new AbortController();
  let first: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (first !== undefined && machine.monotonic() - first < SECOND_SIGNAL_MS) process.exit(exitCode.interrupted);
    first = machine.monotonic();
    say(`\n${signal === 'SIGINT' ? 'Ctrl-C' : signal}: ending everything…`);
    abort.abort(new NaetmulError('INTERRUPTED', `Interrupted by ${signal}.`));
  };
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: abort.signal,
    dispose: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
