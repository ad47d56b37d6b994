import type { Lock } from '../../clock/index.ts';
import type { EntryNumber, LedgerId } from '../../ledger/index.ts';

/**
 * What an invocation runs: a function's code and configuration as they were when it began. Replaced by every change,
 * never changed itself.
 */
export interface FunctionRevision {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  /** Without a qualifier: `arn:aws:lambda:ap-northeast-2:000000000000:function:collector-worker`. */
  readonly arn: string;
  /** The ARN of its execution role. */
  readonly role: string;
  /** `nodejs22.x`, `python3.12`, `provided.al2023`. */
  readonly runtime: string;
  /** `index.handler`. */
  readonly handler: string;
  /** The folder that is the function's `LAMBDA_TASK_ROOT`. */
  readonly codeDir: string;
  /** True when `codeDir` is a developer's own folder: a changed file takes effect on the next invocation. */
  readonly live: boolean;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly ephemeralStorageMb: number;
  /** What the user configured; the runtime's own variables come on top. */
  readonly environment: Readonly<Record<string, string>>;
  /** How many environments may run at once; undefined: as many as the account has left. */
  readonly reservedConcurrency: number | undefined;
  readonly logGroup: string;
  /** Changes with every change of code or configuration. */
  readonly revisionId: string;
}

/** One run of a function, whoever asked for it. */
export interface Invocation {
  readonly requestId: string;
  /** JSON, as the handler's event. */
  readonly payload: Buffer;
  /** JSON, as in the header `Lambda-Runtime-Client-Context`. */
  readonly clientContext?: string | undefined;
  readonly traceId?: string | undefined;
  /** The function's ARN as the handler sees it: with the qualifier that it was invoked by. Undefined: without one. */
  readonly invokedArn?: string | undefined;
  /** The ledger's entry that led to it, and the events it is about. */
  readonly cause?: EntryNumber | undefined;
  readonly ids?: readonly LedgerId[] | undefined;
  /** How often these events have been tried, this time included; for the ledger. */
  readonly attempt?: number | undefined;
}

/** How an invocation ended that the function itself ended, well or badly. */
export interface InvocationOutcome {
  /** What the handler returned, or the error's JSON; as the runtime sent it. */
  readonly payload: Buffer;
  readonly functionError: 'Unhandled' | undefined;
  /** The last 4 KB of the invocation's log. */
  readonly logTail: Buffer;
  readonly executedVersion: '$LATEST';
}

/** Runs functions in environments: child processes behind the Runtime API. */
export interface LambdaHost {
  /**
   * Runs the function once, in a warm environment where one is free. `lock` is the caller's lock of the clock, held all
   * the while: time stands still while a handler runs, except in real time.
   *
   * @throws AwsError TooManyRequestsException (429) when the function, or the account, has no environment left;
   *   ServiceException (500) when what became of the invocation cannot be known (its answer was lost)
   */
  invoke(revision: FunctionRevision, invocation: Invocation, lock: Lock): Promise<InvocationOutcome>;
  /** Ends the environments of a function that was deleted. */
  retire(arn: string): Promise<void>;
  /** Ends every environment, and what runs in them. Resolves when all of that has been written down. */
  clear(): Promise<void>;
  /** Does as `clear`, and lets nothing more in. */
  stop(): Promise<void>;
}

/** What the parts that invoke functions on behalf of others need to know of them. */
export interface FunctionDirectory {
  /** The function's newest revision; undefined when there is none of that ARN. */
  find(arn: string): FunctionRevision | undefined;
}
