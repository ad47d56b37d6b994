import { join } from 'node:path';
import type { Emulator, EmulatorContext } from '../../edge/emulator.ts';
import type { QueueWatch } from '../../edge/queue-watch.ts';
import type { LogSink, MetricSink } from '../../edge/sinks.ts';
import type { Faults } from '../../faults/index.ts';
import { lambdaEmulator } from './emulator.ts';
import { FAULT_KINDS } from './host/faults.ts';
import type { InspectOptions, LambdaHostOptions } from './host/index.ts';
import { type LaunchPlace, launchOf, type PythonRuntimeFinder } from './runtimes/index.ts';

/** What can be made to go wrong at `lambda/<function>`. */
export const LAMBDA_FAULTS: readonly string[] = FAULT_KINDS;

export interface LambdaOptions {
  readonly metrics: MetricSink;
  readonly logs: LogSink;
  /** Tells when a queue of an event source mapping has messages. */
  readonly queues: QueueWatch;
  readonly faults: Faults;
  /** The edge's base URL, as functions reach it. Asked for when it is needed. */
  edgeUrl(): string;
  /** The file that shows functions the clock's time; by default they see the machine's. */
  readonly clockFile?: string;
  /** A folder where Node keeps what it compiled, so that functions start faster the next time. */
  readonly compileCache?: string;
  /** Finds the runtime client of Python functions, which are refused without it. */
  readonly python?: PythonRuntimeFinder;
  /** Lets a debugger into one function. */
  readonly inspect?: InspectOptions;
  /** Called for each process of a function, as soon as it exists. */
  readonly registerChild?: LambdaHostOptions['registerChild'];
}

/**
 * AWS Lambda. What it does as AWS does, and what not, is in docs/fidelity/lambda.md. What runs functions is loaded when
 * the first one is to run.
 */
export function createLambda(context: EmulatorContext, options: LambdaOptions): Emulator {
  const { clock, random, ledger, aws, log, dataDir } = context;
  const { metrics, logs, queues, faults, inspect, registerChild } = options;
  return lambdaEmulator(context, {
    edgeUrl: () => options.edgeUrl(),
    async host() {
      const { createLambdaHost } = await import('./host/index.ts');
      return createLambdaHost({
        clock,
        random,
        ledger,
        log,
        logs,
        metrics,
        faults,
        dataDir: join(dataDir, 'environments'),
        launch: (revision, place) => launchOf(revision, { ...place, ...launching(options) }),
        ...(registerChild ? { registerChild } : {}),
        ...(inspect ? { inspect } : {}),
      });
    },
    async events(functions, host) {
      const { createAsyncInvoker, createEventSources } = await import('./events/index.ts');
      const parts = { clock, random, ledger, aws, log, metrics, queues, host, functions };
      const asyncInvoker = createAsyncInvoker(parts);
      return { asyncInvoker, sources: createEventSources(parts, asyncInvoker) };
    },
    async checkFilters(patterns, source) {
      const { checkFilterPatterns } = await import('./events/index.ts');
      checkFilterPatterns(patterns, source);
    },
  });
}

function launching(options: LambdaOptions): Pick<LaunchPlace, 'edgeUrl' | 'clockFile' | 'compileCache' | 'python'> {
  const { clockFile, compileCache, python } = options;
  return { edgeUrl: options.edgeUrl(), clockFile, compileCache, python };
}
