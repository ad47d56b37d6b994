import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { KinesisClient, waitUntilStreamExists } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { createRandom } from '../../../clock/index.ts';
import type { EmulatorContext } from '../../../edge/emulator.ts';
import { testEdge } from '../../../edge/testing.ts';
import { localstackTool, nativeLocalStack } from '../../../engines/localstack/index.ts';
import { startEngine } from '../../../engines/testing.ts';
import { type Answer, startBoto3 } from '../../lambda/foreign-clients/testing.ts';
import { createOpenSearch } from '../../opensearch/index.ts';
import { createFirehose } from '../index.ts';
import { firehoseOptionsSchema } from '../options.ts';
import { ACCOUNT, START } from '../testing.ts';

export type { Answer };

const run = promisify(execFile);
const REGION = 'us-east-1';

/** What a client said of an error. */
export interface ClientError {
  readonly code: string;
  readonly message: string;
}

/** A client of AWS's own making. */
export interface ForeignClient {
  /** `operation` as the API names it: `CreateDeliveryStream`. */
  call(service: string, operation: string, input?: object): Promise<Answer>;
  /** What it made of an error; a call without one fails the test. */
  fails(service: string, operation: string, input?: object): Promise<ClientError>;
  /** How its input gives bytes. */
  blob(text: string): unknown;
}

export interface StoredObject {
  readonly key: string;
  readonly body: string;
}

export type Bench = Awaited<ReturnType<typeof firehoseBench>>;

/**
 * Firehose with throttling, and OpenSearch Service whose server is away, at an edge before a real LocalStack, with held
 * time; and the clients.
 */
export async function firehoseBench() {
  const dataDir = await mkdtemp(join(tmpdir(), 'naetmul-foreign-'));
  const localstack = await startEngine(nativeLocalStack(), join(dataDir, 'localstack'));
  const edge = await testEdge({ upstream: () => localstack.endpoint });
  const { url, clock } = edge;
  await clock.travelTo(START);
  const context: EmulatorContext = {
    clock,
    random: createRandom('foreign'),
    ledger: { append: () => 0 },
    aws: edge.edge.access,
    dataDir,
    log: { info() {}, warn() {}, error() {} },
    defaults: { region: REGION, accountId: ACCOUNT },
  };
  const sinks = { metrics: { count() {} }, logs: { put() {} } };
  const emulators = [
    createFirehose(context, { ...sinks, options: firehoseOptionsSchema.parse({ throttling: 'on' }) }),
    createOpenSearch(context, { server: () => undefined, edgeUrl: () => url }),
  ];
  for (const emulator of emulators) edge.edge.register(emulator);
  const env = {
    HOME: dataDir,
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_DEFAULT_REGION: REGION,
    // Refusals are looked at, not tried again.
    AWS_MAX_ATTEMPTS: '1',
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const boto3 = startBoto3(localstackTool('python'), env);
  const s3 = edge.edge.access.client(S3Client);

  return {
    clock,
    boto3: boto3Client(boto3),
    cli: cliClient(localstackTool('aws'), url, env, dataDir),
    createBucket: (Bucket: string) => s3.send(new CreateBucketCommand({ Bucket })),

    whenStreamIsActive: (StreamName: string) =>
      waitUntilStreamExists(
        { client: edge.edge.access.client(KinesisClient), maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
        { StreamName },
      ),

    /** What a bucket holds, in the order of the keys. */
    async objects(Bucket: string): Promise<StoredObject[]> {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
      return await Promise.all(
        Contents.map(async ({ Key: key = '' }) => {
          const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: key }));
          return { key, body: (await Body?.transformToString()) ?? '' };
        }),
      );
    },

    async [Symbol.asyncDispose]() {
      await boto3.stop();
      for (const emulator of emulators) await emulator.stop?.();
      await clock.settled();
      await edge[Symbol.asyncDispose]();
      await localstack.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function boto3Client(boto3: ReturnType<typeof startBoto3>): ForeignClient {
  const ask = (service: string, operation: string, input: object) =>
    boto3.ask({ service, call: separated(operation, '_'), with: input });
  return {
    async call(service, operation, input = {}) {
      const { answer, raised } = await ask(service, operation, input);
      if (raised) throw new Error(`boto3 raised ${raised.text}`);
      const { ResponseMetadata: _, ...members } = answer ?? {};
      return members;
    },
    async fails(service, operation, input = {}) {
      const { answer, raised } = await ask(service, operation, input);
      const { Code = '', Message = '' } = raised?.response?.Error ?? {};
      if (!raised) throw new Error(`boto3 raised nothing but answered ${JSON.stringify(answer)}`);
      return { code: Code, message: Message };
    },
    blob: (text) => ({ base64: Buffer.from(text).toString('base64') }),
  };
}

/** The AWS CLI, version 1, which takes bytes as text. */
function cliClient(aws: string, url: string, env: NodeJS.ProcessEnv, dataDir: string): ForeignClient {
  let serial = 0;
  const ask = async (service: string, operation: string, input: object) => {
    const file = join(dataDir, `input-${serial++}.json`);
    await writeFile(file, JSON.stringify(input));
    const args = ['--endpoint-url', url, service, separated(operation, '-'), '--cli-input-json', `file://${file}`];
    return await run(aws, args, { env });
  };
  return {
    async call(service, operation, input = {}) {
      const { stdout } = await ask(service, operation, input);
      return stdout === '' ? {} : JSON.parse(stdout);
    },
    async fails(service, operation, input = {}) {
      const stderr = await ask(service, operation, input).then(
        ({ stdout }) => Promise.reject(new Error(`aws did not fail but printed ${stdout}`)),
        (error: { stderr: string }) => error.stderr.trim(),
      );
      const [, code = '', message = ''] =
        /^An error occurred \((\w+)\) when calling the \w+ operation(?: \([^)]*\))?: (.*)$/s.exec(stderr) ?? [];
      return { code, message: code === '' ? stderr : message };
    },
    blob: (text) => text,
  };
}

/** `put_record_batch` of `PutRecordBatch`. */
function separated(operation: string, separator: string): string {
  return operation.replace(/(?<=[a-z])(?=[A-Z])/g, separator).toLowerCase();
}
