import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingRequest,
  CreateFunctionCommand,
  type CreateFunctionRequest,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { createRandom } from '../../../clock/index.ts';
import type { EmulatorContext } from '../../../edge/emulator.ts';
import { sdk, testEdge } from '../../../edge/testing.ts';
import { FaultPlan } from '../../../faults/index.ts';
import { createSqs } from '../../sqs/index.ts';
import { createLambda, type LambdaOptions } from '../index.ts';
import { ROLE, type ZipEntry, zipOf } from '../testing.ts';

/** Where AWS's account and region were, ours are. */
export const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function';
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

/** What a refused call was answered with: status, code and text, and what else the body had. */
export interface Refusal {
  readonly status: number | undefined;
  readonly code: string;
  readonly message: string;
  readonly Type?: string;
  readonly Reason?: string;
}

export const refusal = {
  invalid: (message: string): Refusal => ({
    status: 400,
    code: 'InvalidParameterValueException',
    message,
    Type: 'User',
  }),
  missing: (message: string): Refusal => ({ status: 404, code: 'ResourceNotFoundException', message, Type: 'User' }),
  violation: (...problems: readonly string[]): Refusal => ({
    status: 400,
    code: 'ValidationException',
    message: `${problems.length} validation error${problems.length > 1 ? 's' : ''} detected: ${problems.join('; ')}`,
  }),
  conflict: (message: string): Refusal => ({ status: 409, code: 'ResourceConflictException', message, Type: 'User' }),
  stale: (call: string): Refusal => ({
    status: 412,
    code: 'PreconditionFailedException',
    message: `The Revision Id provided does not match the latest Revision Id. Call the ${call} API to retrieve the latest Revision Id`,
    Type: 'User',
  }),
};

/** What the call was refused with; a call that was not fails the test. */
export async function refused(call: Promise<unknown>): Promise<Refusal> {
  const error = await call.then(
    () => Promise.reject(new Error('The call was not refused.')),
    (reason) => reason,
  );
  const { name: code, message, $metadata, Type, Reason } = error;
  if (!$metadata) throw error;
  const status = $metadata.httpStatusCode;
  return { status, code, message, ...(Type ? { Type } : {}), ...(Reason ? { Reason } : {}) };
}

/** An answer without what belongs to the client. */
export async function answer<T extends { readonly $metadata: unknown }>(
  call: Promise<T>,
): Promise<Omit<T, '$metadata'>> {
  const { $metadata: _, ...members } = await call;
  return members;
}

export interface LogEvent {
  readonly stream: string;
  readonly message: string;
}

export type Changes = Omit<Partial<CreateFunctionRequest>, 'FunctionName'>;

export interface RecordedBenchOptions extends Pick<LambdaOptions, 'python'> {
  /** The real LocalStack's address, for what is neither Lambda nor SQS. */
  readonly localstack?: string;
}

/** Lambda and SQS at an edge, with functions that really run. */
export async function recordedBench({ localstack, python }: RecordedBenchOptions = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'naetmul-recorded-'));
  const edge = await testEdge({ upstream: () => localstack });
  const context: EmulatorContext = {
    clock: edge.clock,
    random: createRandom('recorded'),
    ledger: { append: () => 0 },
    aws: edge.edge.access,
    dataDir,
    log: { info() {}, warn() {}, error() {} },
    defaults: { region: 'us-east-1', accountId: '000000000000' },
  };
  const metrics = { count: () => undefined };
  const sqs = createSqs(context, { metrics });
  const logged = new Map<string, LogEvent[]>();
  const emulator = createLambda(context, {
    metrics,
    logs: {
      put(group, stream, events) {
        const all = logged.get(group) ?? [];
        logged.set(group, all);
        all.push(...events.map(({ message }) => ({ stream, message })));
      },
    },
    queues: sqs.watch,
    faults: new FaultPlan(),
    edgeUrl: () => edge.url,
    ...(python ? { python } : {}),
  });
  edge.edge.register(emulator);
  edge.edge.register(sqs);
  const lambda = new LambdaClient(sdk(edge.url));
  const queues = new SQSClient(sdk(edge.url));
  const queueUrl = (name: string) => `${edge.url}/000000000000/${name}`;

  const create = (FunctionName: string, files: readonly ZipEntry[], changes: Changes = {}) =>
    lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: ROLE,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { ZipFile: zipOf(...files) },
        ...changes,
      }),
    );

  return {
    url: edge.url,
    clock: edge.clock,
    lambda,
    queues,

    /** A Node function of one ES module. */
    node: (name: string, content: string, changes: Changes = {}) =>
      create(name, [{ name: 'index.mjs', content }], changes),

    /** A Python function of one module, `handler.handler`. */
    python: (name: string, content: string, changes: Changes = {}) =>
      create(name, [{ name: 'handler.py', content }], {
        Runtime: 'python3.12',
        Handler: 'handler.handler',
        Timeout: 30,
        ...changes,
      }),

    /** A function of an OS-only runtime: a program named bootstrap. */
    provided: (name: string, content: string, changes: Changes = {}) =>
      create(name, [{ name: 'bootstrap', content, mode: 0o100755 }], { Runtime: 'provided.al2023', ...changes }),

    /** `payload` is parsed where it is JSON, and undefined where there is none. */
    async invoke(FunctionName: string, payload: unknown = {}, input: Partial<InvokeCommandInput> = {}) {
      const Payload = Buffer.from(JSON.stringify(payload));
      const {
        $metadata,
        Payload: bytes,
        LogResult,
        ...rest
      } = await lambda.send(new InvokeCommand({ FunctionName, Payload, ...input }));
      const text = Buffer.from(bytes ?? []).toString();
      return {
        ...rest,
        status: $metadata.httpStatusCode,
        requestId: $metadata.requestId ?? '',
        payload: text === '' ? undefined : JSON.parse(text),
        ...(LogResult === undefined ? {} : { log: Buffer.from(LogResult, 'base64').toString() }),
      };
    },

    /** Enqueues an event and gives its request's id. */
    async enqueue(FunctionName: string, payload: unknown): Promise<string> {
      const Payload = Buffer.from(JSON.stringify(payload));
      const { $metadata } = await lambda.send(new InvokeCommand({ FunctionName, Payload, InvocationType: 'Event' }));
      return $metadata.requestId ?? '';
    },

    logOf: (name: string): readonly LogEvent[] => logged.get(`/aws/lambda/${name}`) ?? [],

    /** A queue's ARN, which the queue is made for. */
    async queue(name: string, Attributes: Record<string, string> = {}): Promise<string> {
      await queues.send(new CreateQueueCommand({ QueueName: name, Attributes }));
      return queueArn(name);
    },

    queueUrl,

    map: (name: string, EventSourceArn: string, changes: Partial<CreateEventSourceMappingRequest> = {}) =>
      lambda.send(new CreateEventSourceMappingCommand({ FunctionName: name, EventSourceArn, ...changes })),

    /** Takes everything out of a queue. */
    async take(name: string): Promise<Message[]> {
      const QueueUrl = queueUrl(name);
      const taken: Message[] = [];
      for (;;) {
        const { Messages = [] } = await queues.send(
          new ReceiveMessageCommand({
            QueueUrl,
            MaxNumberOfMessages: 10,
            MessageSystemAttributeNames: ['All'],
            MessageAttributeNames: ['All'],
          }),
        );
        if (Messages.length === 0) return taken;
        for (const { ReceiptHandle } of Messages) {
          await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
        taken.push(...Messages);
      }
    },

    async [Symbol.asyncDispose]() {
      await emulator.stop?.();
      await sqs.stop?.();
      await edge[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export type RecordedBench = Awaited<ReturnType<typeof recordedBench>>;
