import { type Clock, machine, type Random } from '../../../clock/index.ts';
import type { Invocation } from '../model.ts';
import { type Ending, exitLine, KILLED, statusOf } from './endings.ts';
import type { Environment, InitEnd } from './environment.ts';
import type { FaultKind } from './faults.ts';
import type { Happening } from './happenings.ts';
import { INIT_LIMIT_MS } from './limits.ts';
import { end, initReport, initStart, report, start, taskTimedOut } from './platform-lines.ts';
import type { RuntimeEvent } from './runtime-api.ts';

/** One run of a function, as it was seen from outside. */
export interface Run {
  readonly ending: Ending;
  /** How the handler had ended, where a fault made something else of it. */
  readonly handler: Ending | undefined;
  readonly durationMs: number;
  readonly cold: boolean;
  readonly logTail: Buffer;
}

/** The time that is left for an invocation, on the machine's clock. */
class Budget {
  readonly #limitMs: number;
  readonly #began = machine.monotonic();

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  get spent(): number {
    return machine.monotonic() - this.#began;
  }

  get left(): number {
    return Math.max(0, this.#limitMs - this.spent);
  }
}

/** Runs an invocation in an environment that does nothing else meanwhile, and writes its log. */
export async function run(
  environment: Environment,
  invocation: Invocation,
  fault: FaultKind | undefined,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<Run> {
  const { revision, log, inspected } = environment;
  const { requestId } = invocation;
  const cold = !environment.ready;
  const first = environment.begun ? undefined : await firstInit(environment);
  const budget = new Budget(inspected ? Number.POSITIVE_INFINITY : revision.timeoutMs);
  let unstarted = first?.ready === false && first.final ? first.ending : undefined;
  const startsAgain = unstarted === undefined && !environment.ready;
  if (startsAgain) unstarted = await initAgain(environment, budget);
  // Only such a start is taken off: the clock may stand still, and then a deadline is not to depend on the machine.
  const deadline = environment.now + revision.timeoutMs - (startsAgain && !inspected ? Math.round(budget.spent) : 0);
  log.put([start(requestId)]);
  const { ending, handler } =
    unstarted === undefined
      ? await handle(environment, invocation, fault, budget, { deadline, random })
      : { ending: unstarted, handler: undefined };
  const durationMs = ending.kind === 'timed-out' ? revision.timeoutMs : budget.spent;

  // What it printed before its answer is in its pipes, and one turn of the event loop reads them.
  await machine.turn();
  log.flush();
  environment.settle();
  const said =
    ending.kind === 'timed-out'
      ? taskTimedOut(clock.now(), requestId, revision.timeoutMs)
      : exitLine(ending, requestId);
  log.put([
    ...(said === undefined ? [] : [said]),
    end(requestId),
    report({
      requestId,
      durationMs,
      memoryMb: revision.memoryMb,
      peakBytes: ending.kind === 'out-of-memory' ? revision.memoryMb * 1024 ** 2 : environment.memory.peak,
      initMs: first?.ready ? first.ms : undefined,
      status: statusOf(ending),
    }),
  ]);
  return { ending, handler, durationMs, cold, logTail: log.takeTail() };
}

/** The part in which the handler has the event, with what a fault makes of it. */
async function handle(
  environment: Environment,
  invocation: Invocation,
  fault: FaultKind | undefined,
  budget: Budget,
  { deadline, random }: { readonly deadline: number; readonly random: Random },
): Promise<Pick<Run, 'ending' | 'handler'>> {
  if (fault === 'crash-before') {
    await environment.reset();
    return { ending: KILLED, handler: undefined };
  }
  const { happenings } = environment;
  environment.deliver(eventOf(environment, invocation, deadline, random));
  const ending = endingOf(await happenings.next(budget.left));
  if (!hasAnswered(ending)) {
    await environment.reset();
    return { ending, handler: undefined };
  }
  if (fault === 'crash' || fault === 'time-out') {
    await environment.reset();
    return { ending: fault === 'crash' ? KILLED : { kind: 'timed-out' }, handler: ending };
  }
  await untilReady(environment, budget, invocation.requestId);
  return { ending, handler: fault === 'lose-response' ? ending : undefined };
}

/** The Init phase, which is no part of the invocation's time. */
async function firstInit(environment: Environment): Promise<InitEnd> {
  const { log, revision, inspected } = environment;
  log.putInit(initStart(revision));
  const init = await environment.initialise(inspected ? Number.POSITIVE_INFINITY : INIT_LIMIT_MS);
  if (!init.ready) log.putInit(initReportOf(init, 'init'));
  return init;
}

/** After a failed start or invocation, a process is started in the invocation's own time. */
async function initAgain(environment: Environment, budget: Budget): Promise<Ending | undefined> {
  const init = await environment.initialise(budget.left);
  if (init.ready) return undefined;
  environment.log.putInit(initReportOf(init, 'invoke'));
  return init.ending;
}

function initReportOf(init: InitEnd & { readonly ready: false }, phase: 'init' | 'invoke'): string {
  return initReport(init.ms, phase, statusOf(init.ending) ?? { status: 'error', errorType: 'Runtime.Unknown' });
}

/** An invocation is over when the runtime asks for the next one. Its answer stands, whatever happens until then. */
async function untilReady(environment: Environment, budget: Budget, requestId: string): Promise<void> {
  const happening = await environment.happenings.next(budget.left);
  if (happening.kind === 'ready') {
    environment.becomeReady();
    return;
  }
  await environment.reset();
  const line = exitLine(endingOf(happening), requestId);
  if (line !== undefined) environment.log.put([line]);
}

function hasAnswered(ending: Ending): boolean {
  return ending.kind === 'returned' || ending.kind === 'failed' || ending.kind === 'too-large';
}

function endingOf(happening: Happening): Ending {
  switch (happening.kind) {
    case 'response':
      return { kind: 'returned', payload: happening.payload };
    case 'error':
      return { kind: 'failed', error: happening.error, init: false };
    case 'response-too-large':
      return { kind: 'too-large' };
    case 'exit':
      return { kind: 'exited', end: happening.end };
    case 'out-of-memory':
      return { kind: 'out-of-memory' };
    case 'timeout':
      return { kind: 'timed-out' };
    default:
      throw new Error(`The Runtime API let ${happening.kind} through during an invocation.`);
  }
}

function eventOf(
  { revision }: Environment,
  { requestId, payload, clientContext, traceId, invokedArn }: Invocation,
  deadline: number,
  random: Random,
): RuntimeEvent {
  return {
    requestId,
    payload,
    headers: {
      'Lambda-Runtime-Aws-Request-Id': requestId,
      'Lambda-Runtime-Deadline-Ms': String(deadline),
      'Lambda-Runtime-Invoked-Function-Arn': invokedArn ?? revision.arn,
      'Lambda-Runtime-Trace-Id': traceId ?? newTraceId(deadline, random),
      ...(clientContext === undefined ? {} : { 'Lambda-Runtime-Client-Context': headerText(clientContext) }),
    },
  };
}

/** Nothing is traced: `Sampled=0` (AWS docs, xray-concepts, tracing header). */
function newTraceId(now: number, random: Random): string {
  const seconds = Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0');
  return `Root=1-${seconds}-${random.bytes(12).toString('hex')};Parent=${random.bytes(8).toString('hex')};Sampled=0`;
}

/** UTF-8 in a header, one character for each byte; JSON may be written in one line. */
function headerText(text: string): string {
  return Buffer.from(text.replaceAll(/[\r\n\t]+/g, ' '), 'utf8').toString('latin1');
}
