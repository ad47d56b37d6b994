import type { Message } from '@aws-sdk/client-sqs';
import { type Clock, createClock, createRandom, type Lock, parseInstant } from '../../../clock/index.ts';
import { AwsError } from '../../../edge/aws-error.ts';
import type { AwsAccess, Log } from '../../../edge/emulator.ts';
import type { QueueWatch } from '../../../edge/queue-watch.ts';
import { LedgerStore } from '../../../ledger/index.ts';
import type { AsyncSettings, KinesisMapping, SqsMapping } from '../functions/model.ts';
import type { FunctionRevision, Invocation, LambdaHost } from '../model.ts';
import type { EventParts } from './contract.ts';

export const START = parseInstant('2022-01-27T05:48:25Z');
export const FUNCTION_ARN = 'arn:aws:lambda:ap-northeast-2:000000000000:function:worker';
export const QUEUE_ARN = 'arn:aws:sqs:ap-northeast-2:000000000000:events';
export const DLQ_ARN = 'arn:aws:sqs:ap-northeast-2:000000000000:dead';
export const STREAM_ARN = 'arn:aws:kinesis:ap-northeast-2:000000000000:stream/ingest';

export function revision(changes: Partial<FunctionRevision> = {}): FunctionRevision {
  return {
    name: 'worker',
    region: 'ap-northeast-2',
    accountId: '000000000000',
    arn: FUNCTION_ARN,
    role: 'arn:aws:iam::000000000000:role/worker',
    runtime: 'nodejs22.x',
    handler: 'index.handler',
    codeDir: '/nowhere',
    live: false,
    timeoutMs: 3000,
    memoryMb: 128,
    ephemeralStorageMb: 512,
    environment: {},
    reservedConcurrency: undefined,
    logGroup: '/aws/lambda/worker',
    revisionId: '1',
    ...changes,
  };
}

export function sqsMapping(changes: Partial<SqsMapping> = {}): SqsMapping {
  return {
    kind: 'sqs',
    uuid: 'a0000000-0000-4000-8000-000000000001',
    region: 'ap-northeast-2',
    accountId: '000000000000',
    functionArn: FUNCTION_ARN,
    eventSourceArn: QUEUE_ARN,
    batchSize: 10,
    batchingWindowMs: 0,
    filterPatterns: [],
    reportBatchItemFailures: false,
    fifo: false,
    maximumConcurrency: undefined,
    ...changes,
  };
}

export function kinesisMapping(changes: Partial<KinesisMapping> = {}): KinesisMapping {
  return {
    kind: 'kinesis',
    uuid: 'b0000000-0000-4000-8000-000000000001',
    region: 'ap-northeast-2',
    accountId: '000000000000',
    functionArn: FUNCTION_ARN,
    eventSourceArn: STREAM_ARN,
    batchSize: 100,
    batchingWindowMs: 0,
    filterPatterns: [],
    reportBatchItemFailures: false,
    startingPosition: 'TRIM_HORIZON',
    startingPositionTimestamp: undefined,
    parallelizationFactor: 1,
    maximumRetryAttempts: -1,
    maximumRecordAgeMs: -1,
    bisectBatchOnFunctionError: false,
    onFailure: undefined,
    ...changes,
  };
}

/** What a scripted handler may do besides returning: each is thrown. */
export const fails = {
  /** An error of the function's own. */
  function: (errorMessage = 'boom') => ({ functionError: { errorMessage, errorType: 'Error' } }),
  throttled: () => new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429),
  /** The answer was lost. */
  system: () => new AwsError('ServiceException', 'The answer was lost.', 500),
} as const;

/** A handler as tests script it: gets the event, returns what it answers, throws one of `fails`. */
export type Script = (event: never, invocation: Invocation, lock: Lock) => unknown;

/** Runs scripts instead of processes. */
export class FakeHost implements LambdaHost {
  script: Script = () => null;
  /** The virtual time of each invocation, and what it was. */
  readonly runs: { readonly at: number; readonly event: unknown; readonly invocation: Invocation }[] = [];
  running = 0;
  peak = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async invoke(_: FunctionRevision, invocation: Invocation, lock: Lock) {
    const event = JSON.parse(invocation.payload.toString());
    this.runs.push({ at: this.#clock.now(), event, invocation });
    this.running++;
    this.peak = Math.max(this.peak, this.running);
    const outcome = { logTail: Buffer.alloc(0), executedVersion: '$LATEST' as const };
    try {
      const answer = (await this.script(event as never, invocation, lock)) ?? null;
      const payload = Buffer.isBuffer(answer) ? answer : Buffer.from(JSON.stringify(answer));
      return { ...outcome, payload, functionError: undefined };
    } catch (error) {
      if (typeof error !== 'object' || error === null || !('functionError' in error)) throw error;
      const payload = Buffer.from(JSON.stringify(error.functionError));
      return { ...outcome, payload, functionError: 'Unhandled' as const };
    } finally {
      this.running--;
    }
  }

  async retire(): Promise<void> {}
  async clear(): Promise<void> {}
  async stop(): Promise<void> {}

  /** Seconds since START of each run. */
  get seconds(): number[] {
    return this.runs.map(({ at }) => (at - START) / 1000);
  }
}

interface FakeMessage {
  readonly id: string;
  readonly body: string;
  readonly group: string | undefined;
  readonly attributes: Record<string, { DataType: string; StringValue?: string }>;
  visibleAt: number;
  receives: number;
  deleted: boolean;
}

/** Just enough of SQS, on the clock, to have the faults that no real one shows when asked. */
export class FakeQueues implements QueueWatch {
  visibilityMs = 30_000;
  /** What a call of the operation throws or answers instead of its own; once each. */
  readonly faults: { readonly operation: string; readonly answer: unknown }[] = [];
  readonly calls: string[] = [];
  readonly #queues = new Map<string, FakeMessage[]>();
  readonly #waiting = new Set<() => void>();
  readonly #clock: Clock;
  #serial = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(name: string): FakeMessage[] {
    const queue = this.#queues.get(name) ?? [];
    this.#queues.set(name, queue);
    return queue;
  }

  /** Returns the message's id. */
  send(
    body: string,
    {
      queue = 'events',
      group,
      attributes = {},
    }: { queue?: string; group?: string; attributes?: FakeMessage['attributes'] } = {},
  ): string {
    const id = `m${++this.#serial}`;
    this.of(queue).push({ id, body, group, attributes, visibleAt: this.#clock.now(), receives: 0, deleted: false });
    this.#wake();
    return id;
  }

  whenReceivable(queueArn: string, name: string, signal: AbortSignal): Promise<Lock> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.#receivable(nameOf(queueArn)).length === 0) return;
        this.#waiting.delete(look);
        resolve(this.#clock.lock(name));
      };
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      signal.addEventListener('abort', () => {
        this.#waiting.delete(look);
        reject(signal.reason);
      });
      this.#waiting.add(look);
      look();
    });
  }

  async answer(operation: string, input: Record<string, unknown>): Promise<unknown> {
    this.calls.push(operation);
    const fault = this.faults.find((one) => one.operation === operation);
    if (fault) {
      this.faults.splice(this.faults.indexOf(fault), 1);
      if (fault.answer instanceof Error) throw fault.answer;
      return fault.answer;
    }
    const name =
      String(input.QueueUrl ?? '')
        .split('/')
        .at(-1) ?? '';
    if (operation === 'GetQueueUrl') return { QueueUrl: `http://sqs/${input.QueueName}` };
    if (operation === 'GetQueueAttributes')
      return { Attributes: { VisibilityTimeout: String(this.visibilityMs / 1000) } };
    if (operation === 'ReceiveMessage') return { Messages: this.#receive(name, Number(input.MaxNumberOfMessages)) };
    if (operation === 'DeleteMessageBatch') return this.#delete(name, input.Entries as never);
    if (operation === 'SendMessage') {
      const attributes = (input.MessageAttributes ?? {}) as FakeMessage['attributes'];
      return { MessageId: this.send(String(input.MessageBody), { queue: name, attributes }) };
    }
    throw new Error(`The fake queues know no ${operation}.`);
  }

  #receivable(name: string): FakeMessage[] {
    const now = this.#clock.now();
    const blocked = new Set(
      this.of(name).flatMap(({ group, deleted, visibleAt }) => (group && !deleted && visibleAt > now ? [group] : [])),
    );
    return this.of(name).filter(
      ({ deleted, visibleAt, group = '' }) => !deleted && visibleAt <= now && !blocked.has(group),
    );
  }

  #receive(name: string, max: number): Message[] {
    const now = this.#clock.now();
    return this.#receivable(name)
      .slice(0, max)
      .map((message) => {
        message.receives++;
        message.visibleAt = now + this.visibilityMs;
        this.#clock.setTimer('visible again', this.visibilityMs, () => this.#wake());
        return {
          MessageId: message.id,
          ReceiptHandle: `${message.id}/${message.receives}`,
          Body: message.body,
          MD5OfBody: 'md5',
          Attributes: {
            SenderId: 'sender',
            ApproximateFirstReceiveTimestamp: String(now),
            ApproximateReceiveCount: String(message.receives),
            SentTimestamp: String(START),
            ...(message.group ? { MessageGroupId: message.group } : {}),
          },
        };
      });
  }

  #delete(name: string, entries: readonly { Id: string; ReceiptHandle: string }[]): unknown {
    for (const { ReceiptHandle } of entries) {
      const message = this.of(name).find(({ id, receives }) => `${id}/${receives}` === ReceiptHandle);
      if (message) message.deleted = true;
    }
    this.#wake();
    return { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] };
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }
}

function nameOf(queueArn: string): string {
  return queueArn.split(':').at(-1) ?? '';
}

/** Held time, a ledger in memory, scripted functions, fake queues, and whatever answers for other services. */
export async function eventsBench(
  answer: (operation: string, input: Record<string, unknown>) => unknown = () => undefined,
) {
  const clock = createClock();
  await clock.travelTo(START);
  const ledger = new LedgerStore(':memory:', () => clock.now());
  const host = new FakeHost(clock);
  const queues = new FakeQueues(clock);
  const logged: string[] = [];
  const note = (message: string) => void logged.push(message);
  const log: Log = { info: note, warn: note, error: (message, cause) => note(`${message} ${String(cause)}`) };
  const metrics = new Map<string, number[]>();
  const functions = new Map([[FUNCTION_ARN, revision()]]);
  const settings: { -readonly [K in keyof AsyncSettings]: AsyncSettings[K] } = {
    maximumRetryAttempts: 2,
    maximumEventAgeMs: 6 * 3_600_000,
    onSuccess: undefined,
    onFailure: undefined,
    deadLetterArn: undefined,
  };
  const client = {
    async send(command: { readonly input: Record<string, unknown> }) {
      const operation = command.constructor.name.replace(/Command$/, '');
      return (await answer(operation, command.input)) ?? (await queues.answer(operation, command.input));
    },
  };
  const aws: AwsAccess = {
    emulates: () => false,
    client: <T>() => client as T,
    send: () => Promise.reject(new Error('Nothing here sends requests of its own making.')),
  };
  const parts: EventParts = {
    clock,
    random: createRandom('events'),
    ledger,
    aws,
    log,
    metrics: { count: (_, name, __, value) => void metrics.set(name, [...(metrics.get(name) ?? []), value]) },
    queues,
    host,
    functions: { find: (arn) => functions.get(arn), asyncSettings: () => settings },
  };
  return { parts, clock, ledger, host, queues, logged, metrics, functions, settings };
}

export type EventsBench = Awaited<ReturnType<typeof eventsBench>>;
