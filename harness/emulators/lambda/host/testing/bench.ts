import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClock, createRandom, type Lock, machine, parseInstant } from '../../../../clock/index.ts';
import { FaultPlan } from '../../../../faults/index.ts';
import { type Entry, LedgerStore } from '../../../../ledger/index.ts';
import type { FunctionRevision, Invocation, InvocationOutcome, LambdaHost } from '../../model.ts';
import type { Launch } from '../../runtimes/index.ts';
import { createLambdaHost, type HostPlace, type LambdaHostOptions } from '../index.ts';

export const START = parseInstant('2022-01-27T05:48:25Z');
const RUNTIME = join(import.meta.dirname, 'runtime.mjs');

/** What a handler gets besides: see runtime.mjs. */
export interface Said {
  readonly event: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly pid: number;
  readonly runs: number;
  readonly version: string;
  readonly tmp: string;
}

export interface HostBench extends AsyncDisposable {
  readonly host: LambdaHost;
  readonly faults: FaultPlan;
  /** Messages of the logs, in order, by `group stream`. */
  readonly logged: Map<string, string[]>;
  /** All messages, in order. */
  readonly lines: string[];
  /** Sums of the samples, by metric; with the dimension FunctionName alone. */
  readonly counted: Map<string, number>;
  readonly warned: string[];
  /** Those of them that the host has not said to have ended. */
  readonly registered: ReadonlySet<number>;
  readonly pids: number[];
  readonly codeDir: string;
  readonly dataDir: string;
  revision(changes?: Partial<FunctionRevision>): FunctionRevision;
  invoke(event?: unknown, changes?: Partial<FunctionRevision>, more?: Partial<Invocation>): Promise<InvocationOutcome>;
  /** What the handler returned. */
  ask<Answer = Said>(event?: unknown, changes?: Partial<FunctionRevision>): Promise<Answer>;
  entries(): readonly Entry[];
}

/** How the tests' own runtime is started: no real launcher, so that a test sees the host alone. */
export function launchRuntime(revision: FunctionRevision, place: HostPlace): Promise<Launch> {
  return Promise.resolve({
    command: process.execPath,
    args: [...(place.inspectPort === undefined ? [] : [`--inspect=127.0.0.1:${place.inspectPort}`]), RUNTIME],
    env: {
      ...revision.environment,
      AWS_LAMBDA_RUNTIME_API: place.runtimeApi,
      LAMBDA_TASK_ROOT: revision.codeDir,
      TMPDIR: place.tmpDir,
    },
    cwd: revision.codeDir,
    framesLog: true,
    followsClock: true,
  });
}

export async function hostBench(options: Partial<LambdaHostOptions> = {}): Promise<HostBench> {
  const root = mkdtempSync(join(tmpdir(), 'lambda-host-'));
  const codeDir = mkdtempSync(join(root, 'code-'));
  writeFileSync(join(codeDir, 'version.txt'), 'one');
  const dataDir = join(root, 'data');
  const clock = createClock();
  await clock.travelTo(START);
  const ledger = new LedgerStore(':memory:', () => clock.now());
  const faults = new FaultPlan();
  const logged = new Map<string, string[]>();
  const lines: string[] = [];
  const counted = new Map<string, number>();
  const warned: string[] = [];
  const pids: number[] = [];
  const registered = new Set<number>();
  const note = (message: string) => void warned.push(message);
  const host = createLambdaHost({
    clock,
    random: createRandom('lambda'),
    ledger,
    faults,
    dataDir,
    log: { info: note, warn: note, error: (message, cause) => note(`${message} ${cause}`) },
    logs: {
      put(group, stream, events) {
        const key = `${group} ${stream}`;
        logged.set(key, [...(logged.get(key) ?? []), ...events.map(({ message }) => message)]);
        lines.push(...events.map(({ message }) => message));
      },
    },
    metrics: {
      count(namespace, metric, dimensions, value) {
        const key = Object.keys(dimensions).length === 1 ? metric : `${metric} ${dimensions.Resource}`;
        if (namespace === 'AWS/Lambda') counted.set(key, (counted.get(key) ?? 0) + value);
      },
    },
    launch: launchRuntime,
    registerChild({ pid }) {
      pids.push(pid);
      registered.add(pid);
      return () => void registered.delete(pid);
    },
    ...options,
  });

  let invocations = 0;
  const revision = (changes: Partial<FunctionRevision> = {}): FunctionRevision => ({
    name: 'worker',
    region: 'ap-northeast-2',
    accountId: '000000000000',
    arn: `arn:aws:lambda:ap-northeast-2:000000000000:function:${changes.name ?? 'worker'}`,
    role: 'arn:aws:iam::000000000000:role/worker',
    runtime: 'nodejs22.x',
    handler: 'index.handler',
    codeDir,
    live: false,
    timeoutMs: 3000,
    memoryMb: 256,
    ephemeralStorageMb: 512,
    environment: {},
    reservedConcurrency: undefined,
    logGroup: `/aws/lambda/${changes.name ?? 'worker'}`,
    revisionId: 'first',
    ...changes,
  });
  const invoke: HostBench['invoke'] = (event = {}, changes = {}, more = {}) => {
    const requestId = `00000000-0000-4000-8000-${String(++invocations).padStart(12, '0')}`;
    const invocation = { requestId, payload: Buffer.from(JSON.stringify(event)), ...more };
    return clock.run('test', (lock: Lock) => host.invoke(revision(changes), invocation, lock));
  };
  return {
    host,
    faults,
    logged,
    lines,
    counted,
    warned,
    pids,
    registered,
    codeDir,
    dataDir,
    revision,
    invoke,
    ask: async (event, changes) => JSON.parse((await invoke(event, changes)).payload.toString()),
    entries: () => ledger.newest(100),
    async [Symbol.asyncDispose]() {
      await host.stop();
      clock.close();
      ledger[Symbol.dispose]();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** True while the process runs or stands still; one that nobody has asked about since it died counts as gone. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

/** Resolves when the condition holds; a test's own limit ends a vain wait. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await machine.sleep(2);
}
