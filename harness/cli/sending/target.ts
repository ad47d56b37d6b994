import type { SenderName } from '../../../fixtures/senders/index.ts';
import { machine } from '../../clock/index.ts';
import type { ControlClient } from '../../control/client.ts';
import { NaetmulError } from '../../errors.ts';
import { CREDENTIALS, REGION } from '../app-analytics.ts';
import type { Destination } from './http.ts';

/** The ways of services/webhooks. */
export const WAYS = ['gateway', 'lambda', 'async', 'signed'] as const;
export type Way = (typeof WAYS)[number];

/** Where events are sent, and what time it is there. */
export interface Target extends Pick<Destination, 'url' | 'connectTo'> {
  /** The URL as it may be printed: without its password. */
  readonly shown: string;
  /** The file of the authority that vouches for the server. */
  readonly caFile?: string;
  /** What its senders sign with. */
  readonly secret?: string;
  /** What the sender should know before it starts. */
  readonly warning?: string;
  /** Ms since the epoch. */
  now(): number | Promise<number>;
}

/** How old the bench's time may be that is taken for now, in ms of real time. */
const FRESH_MS = 1_000;

const HELD =
  'The bench’s time stands still, and no second passes there: until it is moved a shard takes 1,000 records or 1 MiB in ' +
  'all, unless its limits are off.\nWhat comes on top is answered 429, however late it is sent again. ' +
  '`naetmul clock real` lets time run.';

/** The webhooks of the running bench. Errors: `NOT_RUNNING`, `NOT_DEPLOYED`. */
export async function benchTarget(
  bench: ControlClient,
  { sender, way, stack }: { readonly sender: SenderName; readonly way: Way; readonly stack: string },
): Promise<Target> {
  const [outputs, { customDomains, kinesis }, { mode }] = await Promise.all([
    bench.outputs(),
    bench.status(),
    bench.clock(),
  ]);
  const { Url, SignedFunctionName } = outputs[stack] ?? {};
  if (Url === undefined) {
    const others = Object.keys(outputs).join(', ');
    throw new NaetmulError('NOT_DEPLOYED', `This bench has no Url of a stack "${stack}".`, {
      remedy: `There is ${others === '' ? 'none' : others}. Name one with --stack; \`naetmul logs deploy\` says what became of the others.`,
    });
  }
  const url = `${Url}/${way === 'gateway' ? '' : `${way}/`}${sender}`;
  // A domain name of the API's own leads to AWS, or nowhere; the bench answers to all of them at one port.
  const isCustomDomain = url.startsWith('https:') && customDomains !== null;
  return {
    url,
    shown: url,
    ...(isCustomDomain ? { connectTo: customDomains, caFile: customDomains.ca } : {}),
    ...(way === 'signed' && SignedFunctionName ? { secret: await signingSecret(bench.edge, SignedFunctionName) } : {}),
    // LocalStack's shards have no limits.
    ...(mode === 'held' && kinesis !== 'localstack' ? { warning: HELD } : {}),
    now: benchTime(bench),
  };
}

/** The bench's time, asked for again where it may have been moved. */
function benchTime(bench: ControlClient): () => Promise<number> {
  let last: { readonly instant: number; readonly isReal: boolean; readonly asked: number } | undefined;
  return async () => {
    const asked = machine.monotonic();
    if (last === undefined || asked - last.asked > FRESH_MS) {
      const { now, mode } = await bench.clock();
      last = { instant: Date.parse(now), isReal: mode === 'real', asked };
    }
    return last.isReal ? machine.now() : last.instant;
  };
}

/** The bench makes a secret for each template; on AWS the owner of the function can read it just so. */
async function signingSecret(edge: string, functionName: string): Promise<string> {
  const { GetFunctionConfigurationCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const lambda = new LambdaClient({ endpoint: edge, region: REGION, credentials: CREDENTIALS });
  try {
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }));
    // While one secret is replaced by another there are two.
    return Environment?.Variables?.SIGNING_SECRETS?.split(',')[0]?.trim() ?? '';
  } finally {
    lambda.destroy();
  }
}

/** An endpoint anywhere. Errors: `INVALID_URL`. */
export function urlTarget(url: string): Target {
  const { protocol } = URL.parse(url) ?? {};
  if (protocol === 'http:' || protocol === 'https:') return { url, shown: withoutPassword(url), now: machine.now };
  throw new NaetmulError('INVALID_URL', `"${withoutPassword(url)}" is not the address of an endpoint.`, {
    remedy: 'Give the whole address that is to be posted to, such as https://hooks.example.com/appsflyer.',
  });
}

/** What is no URL may have a password all the same, where one would be. */
function withoutPassword(text: string): string {
  const url = URL.parse(text);
  if (url?.host) {
    if (url.password === '') return text;
    url.password = '***';
    return url.href;
  }
  return text.replace(/^((?:[^:]*:\/+)?[^:]*):.*@/s, '$1:***@');
}
