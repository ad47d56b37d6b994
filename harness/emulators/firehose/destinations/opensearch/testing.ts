import { createClock, parseInstant } from '../../../../clock/index.ts';
import type { AwsAccess, InternalRequest } from '../../../../edge/emulator.ts';
import { type FirehoseOptions, firehoseOptionsSchema } from '../../options.ts';
import { makeRun, type Run } from '../../runs.ts';
import type { Attempt, Delivered } from '../destination.ts';
import { openSearchKind } from './index.ts';

export const ROLE_ARN = 'arn:aws:iam::000000000000:role/delivery';
export const DOMAIN_ARN = 'arn:aws:es:us-east-1:000000000000:domain/pinpoint';
/** The least that makes a destination. */
export const REQUEST = {
  RoleARN: ROLE_ARN,
  DomainARN: DOMAIN_ARN,
  IndexName: 'pinpoint',
  S3Configuration: { RoleARN: ROLE_ARN, BucketARN: 'arn:aws:s3:::lake', Prefix: 'failed_' },
};
export const MEMBER = 'AmazonopensearchserviceDestinationConfiguration';
export const START = parseInstant('2022-01-27T23:59:30Z');

/** A domain's answer; one that throws is a connection that breaks. */
export type DomainAnswer = (request: InternalRequest, attempt: number) => { status: number; body: unknown };

interface BenchOptions {
  readonly request?: object;
  readonly kind?: typeof openSearchKind;
  readonly options?: Partial<FirehoseOptions>;
}

/** A destination on a clock that jumps, before a domain that answers with what no real one can be made to show. */
export async function destinationBench(
  answer: DomainAnswer,
  { request, kind = openSearchKind, options }: BenchOptions = {},
) {
  const clock = createClock();
  await clock.travelTo(START);
  await clock.auto();
  const requests: (InternalRequest & { at: number })[] = [];
  const aws = {
    async send(sent: InternalRequest) {
      requests.push({ ...sent, at: (clock.now() - START) / 1000 });
      const { status, body } = answer(sent, requests.length);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return { status, headers: {}, body: Buffer.from(text) };
    },
  } as Partial<AwsAccess> as AwsAccess;
  const destination = kind.make({ ...REQUEST, ...request }, kind.configuration, {
    aws,
    options: firehoseOptionsSchema.parse(options ?? {}),
    region: 'us-east-1',
  });
  const reported: string[] = [];
  const stopping = new AbortController();
  return {
    clock,
    requests,
    reported,
    stopping,
    destination,
    /** Delivers a batch of these runs. */
    async deliver(...runs: Run[]): Promise<Delivered> {
      const batch = {
        id: '00000000-0000-0000-0000-000000000001',
        runs,
        records: runs.reduce((sum, run) => sum + run.data.length, 0),
        bytes: runs.reduce((sum, run) => sum + run.bytes, 0),
        oldestArrival: Math.min(...runs.map((run) => run.arrival)),
      };
      return await clock.run('delivery', (lock) => {
        const attempt = {
          lock,
          signal: stopping.signal,
          now: () => clock.now(),
          reportError: (code: string, message: string) => void reported.push(`${code}: ${message}`),
          count() {},
        } as Partial<Attempt> as Attempt;
        return destination.deliver(batch, attempt);
      });
    },
  };
}

/** Records that arrived `seconds` after the start. */
export function runAt(seconds: number, ...records: string[]): Run {
  const data = records.map((record) => Buffer.from(record));
  return makeRun({
    arrival: START + seconds * 1000,
    data,
    ids: { series: `put/s/${seconds}/`, from: 0, to: data.length },
    cause: seconds + 1,
  });
}

/** The id of the n-th document of a batch of the bench. */
export const nameOf = (n: number): string => `49${'1'.padStart(39, '0')}${String(n).padStart(15, '0')}.0`;
