import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { createRandom } from '../../clock/index.ts';
import type { AwsAccess, Emulator } from '../../edge/emulator.ts';
import { sdk, testEdge } from '../../edge/testing.ts';
import { lambdaEmulator } from './emulator.ts';
import { errors } from './errors.ts';
import type { AsyncEvent } from './events/contract.ts';
import type { EventSourceMapping } from './functions/model.ts';
import type { FunctionRevision, Invocation, InvocationOutcome, LambdaHost } from './model.ts';

export const ACCOUNT = '000000000000';
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/worker`;
export const WORKER_ARN = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:worker`;
export const QUEUE_ARN = `arn:aws:sqs:us-east-1:${ACCOUNT}:events`;
export const STREAM_ARN = `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/ingest`;

/** A file of a zip file. */
export interface ZipEntry {
  readonly name: string;
  readonly content: string | Buffer;
  /** With the type of file; by default a file that all may read. */
  readonly mode?: number;
  /** What the file says of its size. */
  readonly claimedSize?: number;
}

/** A zip file as `zip` on Unix makes it. */
export function zipOf(...entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, mode = 0o100644, claimedSize } of entries) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claimedSize ?? bytes.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, tail, Buffer.from(name)]));
    files.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, central, end]);
}

export const ZIP = zipOf({ name: 'index.mjs', content: 'export const handler = async (event) => event;\n' });
/** What creates the function `worker`. */
export const WORKER = {
  FunctionName: 'worker',
  Role: ROLE,
  Runtime: 'nodejs22.x' as const,
  Handler: 'index.handler',
  Code: { ZipFile: ZIP },
};

/** Lambda's API at an edge, before a host that answers as it is told and sources that note what they are asked. */
export async function lambdaBench(options: { readonly aws?: AwsAccess } = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'naetmul-lambda-'));
  const edge = await testEdge();
  const invoked: { readonly revision: FunctionRevision; readonly invocation: Invocation }[] = [];
  const retired: string[] = [];
  const events: AsyncEvent[] = [];
  const polled: string[] = [];
  const answers: { next: () => Promise<Partial<InvocationOutcome>>; stopping: Promise<void> } = {
    next: async () => ({}),
    stopping: Promise.resolve(),
  };
  const host: LambdaHost = {
    async invoke(revision, invocation) {
      invoked.push({ revision, invocation });
      const given = await answers.next();
      return {
        payload: invocation.payload,
        functionError: undefined,
        logTail: Buffer.alloc(0),
        executedVersion: '$LATEST',
        ...given,
      };
    },
    retire: async (arn) => void retired.push(arn),
    clear: async () => void retired.push('all'),
    stop: async () => undefined,
  };
  const note = (what: string) => (mapping: EventSourceMapping) => void polled.push(`${what} ${mapping.eventSourceArn}`);
  const emulator: Emulator = lambdaEmulator(
    {
      clock: edge.clock,
      random: createRandom('lambda test'),
      ledger: { append: () => 0 },
      aws: options.aws ?? queuesAndStreams(),
      dataDir,
      log: { info() {}, warn() {}, error() {} },
      defaults: { region: 'us-east-1', accountId: ACCOUNT },
    },
    {
      edgeUrl: () => edge.url,
      host: async () => host,
      events: async () => ({
        asyncInvoker: {
          enqueue: (event) => void events.push(event),
          held: () => [],
          clear: async () => void events.splice(0),
          stop: async () => undefined,
        },
        sources: {
          start: note('start'),
          update: note('update'),
          async stop(_uuid, forget) {
            polled.push(forget ? 'forget' : 'stop');
            await answers.stopping;
          },
          lastProcessingResult: () => 'OK',
          clear: async () => void polled.push('clear'),
        },
      }),
      async checkFilters(patterns) {
        if (patterns.some((pattern) => !pattern.startsWith('{'))) {
          throw errors.invalid('Invalid filter pattern definition.');
        }
      },
    },
  );
  edge.edge.register(emulator);
  return {
    emulator,
    clock: edge.clock,
    url: edge.url,
    dataDir,
    client: new LambdaClient(sdk(edge.url)),
    invoked,
    retired,
    events,
    polled,
    answers,
    async [Symbol.asyncDispose]() {
      await edge[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export type LambdaBench = Awaited<ReturnType<typeof lambdaBench>>;

/** The queue `events` (30 s), the FIFO queue `events.fifo`, and the stream `ingest`, for the checks of mappings. */
function queuesAndStreams(): AwsAccess {
  const missing = (name: string) => Object.assign(new Error(name), { name });
  const client = {
    async send(command: { readonly input: { readonly QueueName?: string; readonly StreamName?: string } }) {
      const { QueueName, StreamName } = command.input;
      if (command instanceof GetQueueUrlCommand) {
        if (!QueueName?.startsWith('events')) throw missing('QueueDoesNotExist');
        return { QueueUrl: QueueName };
      }
      if (command instanceof GetQueueAttributesCommand) return { Attributes: { VisibilityTimeout: '30' } };
      if (StreamName !== 'ingest') throw missing('ResourceNotFoundException');
      return {};
    },
  };
  return {
    emulates: () => false,
    client: <T>() => client as T,
    send: () => Promise.reject(new Error('Nothing is sent by hand.')),
  };
}
