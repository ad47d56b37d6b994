import type { ClockDiagnostics } from '../clock/index.ts';
import { NaetmulError } from '../errors.ts';
import type { ConservationReport, Entry, Journey } from '../ledger/index.ts';
import {
  type ClockOrder,
  CONTROL_PATH,
  type ControlFailure,
  type EngineOrder,
  type FaultOrder,
  type Outputs,
  type StackOrder,
  type Status,
} from './protocol.ts';

/** Drives a running bench. Every call rejects with NaetmulError `NOT_RUNNING` when none answers at `edge`. */
export interface ControlClient {
  readonly edge: string;
  health(): Promise<{ readonly pid: number; readonly ready: boolean }>;
  status(): Promise<Status>;
  outputs(): Promise<Outputs>;
  /** Undefined when the ledger knows nothing of `id`. */
  trace(id: string): Promise<Journey | undefined>;
  check(): Promise<ConservationReport>;
  /** The newest entries of the ledger, oldest first. */
  ledger(limit: number): Promise<readonly Entry[]>;
  clock(): Promise<ClockDiagnostics>;
  /** Resolves when the clock has arrived and all work on the way is done. */
  orderClock(order: ClockOrder): Promise<ClockDiagnostics>;
  reset(): Promise<void>;
  logs(component?: string, lines?: number): Promise<Readonly<Record<string, readonly string[]>>>;
  /** Resolves when the engine is gone, or answers again. */
  orderEngine(order: EngineOrder['order'], engine: string): Promise<void>;
  /** Lets something go wrong, until the next reset: see `harness/faults`. */
  addFault(fault: FaultOrder): Promise<void>;
  /** Makes the resources of a template; resolves with its outputs. The stack lives until it is removed, or a reset. */
  deployStack(order: StackOrder): Promise<Outputs[string]>;
  removeStack(stack: string): Promise<void>;
  stop(): Promise<void>;
}

export function createControlClient(edge: string): ControlClient {
  async function call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    let response: Response;
    try {
      response = await fetch(`${edge}${CONTROL_PATH}${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
    } catch (cause) {
      throw new NaetmulError('NOT_RUNNING', `No naetmul answers at ${edge}.`, {
        remedy: 'Start one with `naetmul up`, or say where it is with --port or NAETMUL_URL.',
        cause,
      });
    }
    const text = await response.text();
    const answer = parse(text);
    if (response.ok && typeof answer === 'object' && answer !== null) return answer as T;
    const failure = failureIn(answer);
    if (failure) {
      throw new NaetmulError(
        failure.code,
        failure.message,
        failure.remedy === undefined ? {} : { remedy: failure.remedy },
      );
    }
    throw new NaetmulError(
      'NOT_NAETMUL',
      `Something answers at ${edge}, but it is not naetmul (HTTP ${response.status}).`,
      {
        remedy: 'Stop that server, or name naetmul’s own address with --port or NAETMUL_URL.',
      },
    );
  }

  return {
    edge,
    health: () => call('GET', '/health'),
    status: () => call('GET', '/status'),
    outputs: () => call('GET', '/outputs'),
    trace: async (id) => (await call<{ journey?: Journey }>('GET', `/trace?id=${encodeURIComponent(id)}`)).journey,
    check: () => call('GET', '/ledger/check'),
    ledger: (limit) => call('GET', `/ledger?limit=${limit}`),
    clock: () => call('GET', '/clock'),
    orderClock: (order) => call('POST', '/clock', order),
    reset: async () => void (await call('POST', '/reset')),
    logs: (component, lines = 50) =>
      call(
        'GET',
        `/logs?lines=${lines}${component === undefined ? '' : `&component=${encodeURIComponent(component)}`}`,
      ),
    orderEngine: async (order, engine) => void (await call('POST', '/engines', { order, engine })),
    addFault: async (fault) => void (await call('POST', '/faults', fault)),
    deployStack: async (order) => (await call<{ outputs: Outputs[string] }>('POST', '/stacks', order)).outputs,
    removeStack: async (stack) => void (await call('POST', `/stacks/remove?stack=${encodeURIComponent(stack)}`)),
    stop: async () => void (await call('POST', '/stop')),
  };
}

/** Other servers that speak JSON say what went wrong in words of their own. */
function failureIn(answer: unknown): ControlFailure['error'] | undefined {
  const { error } = Object(answer) as { readonly error?: unknown };
  const { code, message, remedy } = Object(error) as Readonly<Record<string, unknown>>;
  if (typeof code !== 'string' || typeof message !== 'string') return undefined;
  return { code, message, ...(typeof remedy === 'string' ? { remedy } : {}) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
