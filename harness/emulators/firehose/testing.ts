import { createClock, createRandom, parseInstant } from '../../clock/index.ts';
import type { AwsAccess, Call, Emulator, EmulatorContext, Log } from '../../edge/emulator.ts';
import type { LogSink } from '../../edge/sinks.ts';
import { LedgerStore } from '../../ledger/index.ts';
import { createFirehose } from './index.ts';
import { DEFAULT_OPTIONS, type FirehoseOptions } from './options.ts';

export const START = parseInstant('2022-01-27T05:48:25Z');
export const ACCOUNT = '000000000000';
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/delivery`;
export const S3 = { RoleARN: ROLE_ARN, BucketARN: 'arn:aws:s3:::lake' };
/** What creates the delivery stream `brook` with S3 as its destination. */
export const BROOK = { DeliveryStreamName: 'brook', ExtendedS3DestinationConfiguration: S3 };

/** Answers what the emulator asks of another service: the command's name without `Command`, and its input. */
export type Answer = (command: string, input: Record<string, unknown>) => unknown;

/** AWS access for faults that no real server can be made to show. */
export function answeringAws(answer: Answer): AwsAccess {
  const client = {
    async send(command: { readonly input: Record<string, unknown> }) {
      return (await answer(command.constructor.name.replace(/Command$/, ''), command.input)) ?? {};
    },
  };
  return {
    emulates: () => false,
    client: <T>() => client as T,
    async send({ headers, body }) {
      const command = headers['x-amz-target']?.split('.')[1];
      if (!command) throw new Error('The delivery stream sends no other requests of its own making.');
      const content = (status: number, members: object) => ({
        status,
        headers: {},
        body: Buffer.from(JSON.stringify(members)),
      });
      try {
        return content(200, (await answer(command, JSON.parse(String(body)))) ?? {});
      } catch (error) {
        const { name, message } = error as Error;
        return content(400, { __type: name, message });
      }
    },
  };
}

export function testCall(changes: Partial<Call> = {}): Call {
  return {
    requestId: 'request-1',
    region: 'us-east-1',
    accountId: ACCOUNT,
    request: {} as Call['request'],
    ...changes,
  };
}

export interface FirehoseBench {
  readonly clock: ReturnType<typeof createClock>;
  readonly ledger: LedgerStore;
  readonly emulator: Emulator;
  /** What was put to S3: bucket, key and the SDK's other input. */
  readonly objects: { readonly Bucket: string; readonly Key: string; readonly Body: Buffer }[];
  readonly counted: Map<string, number>;
  readonly logged: string[];
  /** What was written to CloudWatch Logs: `<group>/<stream>` → messages. */
  readonly errorLog: Map<string, string[]>;
  call<Output = Record<string, unknown>>(operation: string, input: unknown, call?: Call): Promise<Output>;
}

/** The emulator on held time, with its ledger in memory. Without an answer, S3 takes everything. */
export async function firehoseBench(
  answer: Answer = () => undefined,
  options: Partial<FirehoseOptions> = {},
): Promise<FirehoseBench> {
  const clock = createClock();
  await clock.travelTo(START);
  const ledger = new LedgerStore(':memory:', () => clock.now());
  const objects: FirehoseBench['objects'] = [];
  const counted = new Map<string, number>();
  const logged: string[] = [];
  const note = (message: string) => void logged.push(message);
  const log: Log = { info: note, warn: note, error: note };
  const aws = answeringAws(async (command, input) => {
    const output = await answer(command, input);
    if (command === 'PutObject') objects.push(input as never);
    return output;
  });
  const context: EmulatorContext = {
    clock,
    random: createRandom('firehose'),
    ledger,
    aws,
    dataDir: '',
    log,
    defaults: { region: 'us-east-1', accountId: ACCOUNT },
  };
  const count = (_namespace: string, metric: string, _dimensions: object, value: number) =>
    void counted.set(metric, (counted.get(metric) ?? 0) + value);
  const errorLog: FirehoseBench['errorLog'] = new Map();
  const put: LogSink['put'] = (group, stream, events) => {
    const place = `${group}/${stream}`;
    errorLog.set(place, [...(errorLog.get(place) ?? []), ...events.map(({ message }) => message)]);
  };
  const emulator = createFirehose(context, {
    metrics: { count },
    logs: { put },
    options: { ...DEFAULT_OPTIONS, ...options },
  });
  return {
    clock,
    ledger,
    emulator,
    objects,
    counted,
    logged,
    errorLog,
    async call<Output>(name: string, input: unknown, call = testCall()) {
      const operation = emulator.operations.find(({ schema }) => schema[2] === name);
      if (!operation) throw new Error(`There is no operation ${name}.`);
      return (await operation.run(input as never, call)) as Output;
    },
  };
}

/** A bench with the active delivery stream `brook`. */
export async function brookBench(
  changes: object = {},
  answer?: Answer,
  options?: Partial<FirehoseOptions>,
): Promise<FirehoseBench> {
  const bench = await firehoseBench(answer, options);
  await bench.call('CreateDeliveryStream', { ...BROOK, ...changes });
  await bench.clock.settled();
  return bench;
}

/** An error of an AWS SDK: what the emulator tells apart by name. */
export function awsError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}
