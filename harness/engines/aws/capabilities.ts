import { randomBytes } from 'node:crypto';
import type { CheckedService } from './checked.ts';
import { iamCalls } from './checks/iam.ts';
import { kinesisCalls } from './checks/kinesis.ts';
import { s3Calls } from './checks/s3.ts';
import { stsCalls } from './checks/sts.ts';

/** A call that pipelines need and that was not answered as AWS would. */
export interface Lack {
  /** Such as `s3:PutBucketTagging`. */
  readonly call: string;
  /** What is not possible without it. */
  readonly purpose: string;
  /** What came instead. */
  readonly reason: string;
}

/** One call, with what has to be right about its answer. */
export interface CheckedCall {
  readonly name: string;
  readonly purpose: string;
  /** Rejects, or resolves to what is wrong with the answer; undefined when it is as it should be. */
  run(): Promise<string | undefined>;
  /** True for a call without which none of the later ones makes sense. */
  readonly needed?: boolean;
  /** Made in any case, at the end: it removes what the others have made. */
  readonly cleanUp?: boolean;
}

/** What a check of one service works with. */
export interface CheckContext {
  /** Of an SDK client: nothing is retried. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
  /** A name that nobody else uses, of lower-case letters, digits and hyphens. */
  readonly name: string;
}

export interface CallsOfService extends Disposable {
  readonly calls: readonly CheckedCall[];
}

const SERVICES: Readonly<Record<CheckedService, (context: CheckContext) => CallsOfService>> = {
  s3: s3Calls,
  iam: iamCalls,
  sts: stsCalls,
  kinesis: kinesisCalls,
};

/** A server may load a service at its first call, in milliseconds. */
export const FIRST_CALL_WITHIN_MS = 60_000;

/** Where pipelines live, so that what depends on the region is seen. */
const REGION = 'ap-northeast-2';

/**
 * Makes the calls that pipelines need against a server, with resources of its own that it removes again, and tells what
 * was not answered. A server is not made to stop by what it lacks: a story may do without.
 */
export async function findLacks(
  endpoint: string,
  services: readonly CheckedService[],
  signal: AbortSignal,
): Promise<readonly Lack[]> {
  const lacks = await Promise.all(
    services.map(async (service) => {
      using made = SERVICES[service]({
        client: {
          endpoint,
          region: REGION,
          credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
          maxAttempts: 1,
        },
        name: `naetmul-check-${randomBytes(6).toString('hex')}`,
      });
      return await makeCalls(service, made.calls, signal);
    }),
  );
  return lacks.flat();
}

/** In turn. After a needed call has failed, only what was made is removed. */
export async function makeCalls(
  service: string,
  calls: readonly CheckedCall[],
  signal: AbortSignal,
): Promise<readonly Lack[]> {
  const lacks: Lack[] = [];
  let given: string | undefined;
  for (const { name, purpose, run, needed = false, cleanUp = false } of calls) {
    signal.throwIfAborted();
    const call = `${service}:${name}`;
    if (given !== undefined && !cleanUp) {
      lacks.push({ call, purpose, reason: `not tried without ${given}` });
      continue;
    }
    const reason = await failureOf(run);
    if (reason === undefined || (given !== undefined && cleanUp)) continue;
    lacks.push({ call, purpose, reason });
    if (needed) given = call;
  }
  return lacks;
}

async function failureOf(run: CheckedCall['run']): Promise<string | undefined> {
  try {
    return await run();
  } catch (error) {
    const { name, message, $metadata } = error as {
      name?: string;
      message?: string;
      $metadata?: { httpStatusCode?: number };
    };
    const status = $metadata?.httpStatusCode === undefined ? '' : `${$metadata.httpStatusCode} `;
    return `${status}${name}: ${message}`.slice(0, REASON_CHARACTERS);
  }
}

/** Some servers answer with a whole page. */
const REASON_CHARACTERS = 200;
