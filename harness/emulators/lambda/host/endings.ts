import type { FaultKind } from './faults.ts';
import type { PostedError } from './happenings.ts';
import { MAX_PAYLOAD_BYTES } from './limits.ts';
import { type Status, timedOutText } from './platform-lines.ts';
import type { ProcessEnd } from './runtime-process.ts';

/** How a run of a function ended. */
export type Ending =
  | { readonly kind: 'returned'; readonly payload: Buffer }
  /** The runtime posted an error; `init` when it could not even begin. */
  | { readonly kind: 'failed'; readonly error: PostedError; readonly init: boolean }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'exited'; readonly end: ProcessEnd }
  | { readonly kind: 'out-of-memory' };

export const KILLED: Ending = { kind: 'exited', end: { code: null, signal: 'SIGKILL' } };

/** The names that Go, and so AWS, has for signals; those not here go by their own. */
const SIGNAL_NAMES: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: 'aborted',
  SIGALRM: 'alarm clock',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGHUP: 'hangup',
  SIGILL: 'illegal instruction',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGPIPE: 'broken pipe',
  SIGQUIT: 'quit',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGTRAP: 'trace/breakpoint trap',
};

/** The type and the text of an ending that the platform, not the runtime, tells of. */
interface PlatformError {
  readonly errorType: string;
  readonly text: string;
}

function platformError(ending: Ending, timeoutMs: number): PlatformError | undefined {
  switch (ending.kind) {
    case 'timed-out':
      return { errorType: 'Sandbox.Timedout', text: timedOutText(timeoutMs) };
    case 'exited':
      return 'failed' in ending.end
        ? { errorType: 'Runtime.InvalidEntrypoint', text: ending.end.failed }
        : { errorType: 'Runtime.ExitError', text: exitText(ending.end.code, ending.end.signal) };
    case 'out-of-memory':
      return { errorType: 'Runtime.OutOfMemory', text: exitText(null, 'SIGKILL') };
    default:
      return undefined;
  }
}

function exitText(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return `Runtime exited with error: signal: ${SIGNAL_NAMES[signal] ?? signal}`;
  return code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${code}`;
}

/** What the caller of the function gets. */
export function payloadOf(ending: Ending, requestId: string, timeoutMs: number): Buffer {
  const platform = platformError(ending, timeoutMs);
  if (platform !== undefined) {
    const { errorType, text } = platform;
    return Buffer.from(JSON.stringify({ errorType, errorMessage: `RequestId: ${requestId} Error: ${text}` }));
  }
  switch (ending.kind) {
    case 'returned':
      return ending.payload;
    case 'failed':
      return ending.error.payload;
    default:
      return Buffer.from(
        JSON.stringify({
          errorType: 'Function.ResponseSizeTooLarge',
          errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`,
        }),
      );
  }
}

/** The platform's own line about a process that has ended; a time-out has another, see platform-lines.ts. */
export function exitLine(ending: Ending, requestId: string): string | undefined {
  const platform = ending.kind === 'timed-out' ? undefined : platformError(ending, 0);
  return platform && `RequestId: ${requestId} Error: ${platform.text}\n${platform.errorType}\n`;
}

/** The status of the REPORT line, which a handler's own error does not have. */
export function statusOf(ending: Ending): Status | undefined {
  if (ending.kind === 'timed-out') return { status: 'timeout' };
  if (ending.kind === 'failed') {
    return ending.init ? { status: 'error', errorType: ending.error.errorType } : undefined;
  }
  const platform = platformError(ending, 0);
  return platform && { status: 'error', errorType: platform.errorType };
}

/**
 * What the ledger says of a run.
 *
 * @param handler how the handler itself ended, where a fault made something else of it
 */
export function outcomeOf(ending: Ending, fault: FaultKind | undefined, handler: Ending | undefined): string {
  const done = handler === undefined ? undefined : handler.kind === 'returned' ? 'committed' : outcomeOfEnding(handler);
  if (fault === 'crash-before' && ending.kind === 'exited') return 'crashed before the handler ran';
  if (done === undefined) return outcomeOfEnding(ending);
  if (fault === 'lose-response') return `${done}, response lost`;
  return `${done}, then ${outcomeOfEnding(ending)}`;
}

function outcomeOfEnding(ending: Ending): string {
  switch (ending.kind) {
    case 'returned':
      return 'succeeded';
    case 'failed':
      return ending.init ? `failed to start: ${ending.error.errorType}` : `threw ${thrownType(ending.error)}`;
    case 'too-large':
      return 'threw Function.ResponseSizeTooLarge';
    case 'timed-out':
      return 'timed out';
    case 'exited':
      return 'crashed';
    case 'out-of-memory':
      return 'out of memory';
  }
}

/** The type that the error itself has says more than the one of the header. */
function thrownType({ errorType, payload }: PostedError): string {
  try {
    const { errorType: own } = JSON.parse(payload.toString('utf8'));
    if (typeof own === 'string' && own !== '') return own;
  } catch {
    // No JSON, or nothing in it.
  }
  return errorType;
}
