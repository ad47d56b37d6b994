import { createClock, createRandom, parseInstant } from '../../clock/index.ts';
import type { AwsAccess, Call, Emulator, EmulatorContext, Log, Operation } from '../../edge/emulator.ts';
import { LedgerStore } from '../../ledger/index.ts';
import { createPinpoint } from './index.ts';

export const START = parseInstant('2022-01-27T05:48:25Z');
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/pinpoint`;
export const DELIVERY_ARN = `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/analytics`;
export const STREAM_ARN = `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/analytics`;
export const IDENTITY = `arn:aws:ses:${REGION}:${ACCOUNT}:identity/example.com`;

/** Answers what the emulator asks of another service: the command's name without `Command`, and its input. */
export type Answer = (command: string, input: Record<string, unknown>) => unknown;

/** A record as it was streamed, parsed. */
// biome-ignore lint/suspicious/noExplicitAny: a test looks into it as far as it likes.
export type Streamed = Record<string, any>;

export interface PinpointBench {
  readonly clock: ReturnType<typeof createClock>;
  readonly ledger: LedgerStore;
  readonly emulator: Emulator;
  /** What was put to the destination and taken, in order. */
  readonly streamed: Streamed[];
  /** How many records each put had. */
  readonly puts: number[];
  readonly logged: string[];
  call<Output = Streamed>(operation: string, input: unknown, call?: Partial<Call>): Promise<Output>;
}

/**
 * The emulator on held time, with its ledger in memory and destinations that take everything unless `answer` says
 * otherwise: those are for faults that no real server can be made to show.
 */
export async function pinpointBench(answer: Answer = () => undefined): Promise<PinpointBench> {
  const clock = createClock();
  await clock.travelTo(START);
  const ledger = new LedgerStore(':memory:', () => clock.now());
  const streamed: Streamed[] = [];
  const puts: number[] = [];
  const logged: string[] = [];
  const note = (message: string) => void logged.push(message);
  const log: Log = { info: note, warn: note, error: note };
  const aws = destinations(answer, streamed, puts);
  const defaults = { region: REGION, accountId: ACCOUNT };
  const context: EmulatorContext = { clock, random: createRandom('pinpoint'), ledger, aws, dataDir: '', log, defaults };
  const emulator = createPinpoint(context);
  const operations = new Map<string, Operation>();
  for (const operation of (await emulator.loadOperations?.()) ?? []) operations.set(operation.schema[2], operation);
  let calls = 0;
  return {
    clock,
    ledger,
    emulator,
    streamed,
    puts,
    logged,
    async call<Output>(name: string, input: unknown, changes: Partial<Call> = {}) {
      const operation = operations.get(name);
      if (!operation) throw new Error(`There is no operation ${name}.`);
      calls += 1;
      const body = Buffer.from(JSON.stringify(input));
      const request = { body: { bytes: async () => body } } as unknown as Call['request'];
      const call: Call = { requestId: `request-${calls}`, region: REGION, accountId: ACCOUNT, request, ...changes };
      return (await operation.run(input as never, call)) as Output;
    },
  };
}

/** A bench with an app that streams to Firehose and has an email channel; what its operations are called for. */
export async function appBench(answer?: Answer, { tags, arn = DELIVERY_ARN }: AppOptions = {}) {
  const bench = await pinpointBench(answer);
  const CreateApplicationRequest = { Name: 'app-analytics', tags };
  const { ApplicationResponse: app } = await bench.call('CreateApp', { CreateApplicationRequest });
  const ApplicationId: string = app.Id;
  const inApp = (operation: string, input: object = {}, changes?: Partial<Call>) =>
    bench.call(operation, { ApplicationId, ...input }, changes);
  await inApp('PutEventStream', { WriteEventStream: { DestinationStreamArn: arn, RoleArn: ROLE_ARN } });
  const EmailChannelRequest = { FromAddress: 'brook@example.com', Identity: IDENTITY };
  await inApp('UpdateEmailChannel', { EmailChannelRequest });
  return { ...bench, ApplicationId, inApp };
}

interface AppOptions {
  readonly tags?: Record<string, string>;
  readonly arn?: string;
}

/** How often each type of event was streamed. */
export function countTypes(streamed: readonly Streamed[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { event_type: type } of streamed) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

/** An error of an AWS SDK. */
export function awsError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}

function destinations(answer: Answer, streamed: Streamed[], puts: number[]): AwsAccess {
  let records = 0;
  const take = (data: Uint8Array) => {
    streamed.push(JSON.parse(Buffer.from(data).toString()));
    records += 1;
    return records.toString(16).padStart(8, '0');
  };
  const failed = (result: unknown) => (result as { ErrorCode?: string }).ErrorCode !== undefined;
  const usual = (command: string, input: Record<string, unknown>, given: unknown) => {
    const inputs = (input.Records ?? []) as { Data: Uint8Array }[];
    const results = given as { readonly results?: object[] } | undefined;
    switch (command) {
      case 'DescribeDeliveryStream':
        return { DeliveryStreamDescription: { DeliveryStreamARN: DELIVERY_ARN, DeliveryStreamType: 'DirectPut' } };
      case 'DescribeStreamSummary':
        return { StreamDescriptionSummary: { StreamARN: STREAM_ARN } };
      case 'PutRecordBatch':
      case 'PutRecords': {
        puts.push(inputs.length);
        const Answers = inputs.map(({ Data }, index) => {
          const result = results?.results?.[index] ?? {};
          if (failed(result)) return result;
          const id = take(Data);
          return command === 'PutRecords' ? { SequenceNumber: id, ShardId: 'shardId-000000000000' } : { RecordId: id };
        });
        return command === 'PutRecords' ? { Records: Answers } : { RequestResponses: Answers };
      }
      default:
        throw new Error(`Nobody answers ${command}.`);
    }
  };
  const client = {
    async send(command: { readonly input: Record<string, unknown> }) {
      const name = command.constructor.name.replace(/Command$/, '');
      const given = await answer(name, command.input);
      const isWhole = given !== undefined && !(given as { results?: unknown }).results;
      return isWhole ? given : usual(name, command.input, given);
    },
  };
  return {
    emulates: () => false,
    client: <T>() => client as T,
    send: () => Promise.reject(new Error('Pinpoint sends no requests of its own making.')),
  };
}
