import type { Clock, Random } from '../../../clock/index.ts';
import type { Log } from '../../../edge/emulator.ts';
import type { LogSink, MetricSink } from '../../../edge/sinks.ts';
import type { Faults } from '../../../faults/index.ts';
import type { Ledger } from '../../../ledger/index.ts';
import type { FunctionRevision, LambdaHost } from '../model.ts';
import type { Launch } from '../runtimes/index.ts';
import { Admission } from './admission.ts';
import type { HostPlace, Inspection } from './environment.ts';
import { Fleet, type InspectOptions } from './fleet.ts';
import { FunctionMetrics } from './function-metrics.ts';
import { Host } from './host.ts';
import { ACCOUNT_CONCURRENCY, IDLE_LIFE_MS, MAX_ENVIRONMENTS } from './limits.ts';

export type { HostPlace } from './environment.ts';
export { FAULT_KINDS, type FaultKind } from './faults.ts';
export type { InspectOptions } from './fleet.ts';

export interface LambdaHostOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly ledger: Ledger;
  readonly log: Log;
  readonly logs: LogSink;
  readonly metrics: MetricSink;
  readonly faults: Faults;
  /** Environments have their folders (`TMPDIR`) in it. */
  readonly dataDir: string;
  /** What to spawn. What keeps a function from being started is thrown, and shown to whoever invokes it. */
  launch(revision: FunctionRevision, place: HostPlace): Promise<Launch>;
  /**
   * Called for each process, which leads a process group, as soon as it exists. What it returns is called when the
   * group has ended: a bench that starts many environments must not keep a growing list of them.
   */
  registerChild?(child: { readonly pid: number; readonly name: string }): (() => void) | undefined;
  /** Invocations under way at once of all functions that have nothing reserved; more are refused. Default 1,000. */
  readonly accountConcurrency?: number;
  /** Environments at once; beyond, invocations wait. Default: four for each of the machine's cores, at least 8. */
  readonly maxEnvironments?: number;
  /** How long an idle environment is kept, in ms of the machine's time. Default 5 min. */
  readonly idleLifeMs?: number;
  /** Whether processes stand still between invocations. By default wherever there are signals for it. */
  readonly freeze?: boolean;
  /** Lets a debugger into one function. */
  readonly inspect?: InspectOptions;
}

/** Nothing is started before the first invocation. */
export function createLambdaHost(options: LambdaHostOptions): LambdaHost {
  const { clock, random, ledger, log, logs, metrics, faults, dataDir, inspect } = options;
  const environments = {
    clock,
    random,
    logs,
    freezes: options.freeze ?? process.platform !== 'win32',
    launch: (revision: FunctionRevision, place: HostPlace) => options.launch(revision, place),
    registerChild: (child: { readonly pid: number; readonly name: string }) => options.registerChild?.(child),
  };
  return new Host({
    fleet: new Fleet({
      parts: environments,
      dataDir,
      maxEnvironments: options.maxEnvironments ?? MAX_ENVIRONMENTS,
      idleLifeMs: options.idleLifeMs ?? IDLE_LIFE_MS,
      inspect: inspect && logged(inspect, log),
    }),
    admission: new Admission(options.accountConcurrency ?? ACCOUNT_CONCURRENCY),
    metrics: new FunctionMetrics(metrics),
    ledger,
    faults,
    log,
    environments,
  });
}

/** The log has it too: who starts a bench in the background, or attaches later, sees nothing else. */
function logged({ functionName, port, listens }: InspectOptions, log: Log): InspectOptions & Inspection {
  return {
    functionName,
    port,
    listens(address) {
      log.info(`${functionName}: a debugger can attach to ${address}`);
      listens(address);
    },
    fails(why) {
      log.warn(`${functionName} runs without its debugger (${why}): free the port, then start the bench again.`);
    },
  };
}
