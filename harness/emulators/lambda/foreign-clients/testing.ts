import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { createRandom } from '../../../clock/index.ts';
import type { EmulatorContext } from '../../../edge/emulator.ts';
import { testEdge } from '../../../edge/testing.ts';
import { FaultPlan } from '../../../faults/index.ts';
import { createCloudWatch } from '../../cloudwatch/index.ts';
import { createLogs } from '../../logs/index.ts';
import { createSqs } from '../../sqs/index.ts';
import { createLambda, type LambdaOptions } from '../index.ts';

const run = promisify(execFile);

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

/** What a call of boto3 raised. */
export interface Raised {
  /** Of the exception, as `client.exceptions` names it. */
  readonly class: string;
  readonly text: string;
  /** The parsed answer, where it was an answer that was raised. */
  readonly response: null | { readonly Error: Readonly<Record<string, string>>; readonly ResponseMetadata: Metadata };
}

interface Metadata {
  readonly HTTPStatusCode: number;
  readonly HTTPHeaders: Readonly<Record<string, string>>;
}

type Service = 'lambda' | 'sqs' | 'sqs-query' | 'logs' | 'cloudwatch';

// biome-ignore lint/suspicious/noExplicitAny: an answer of any operation; the test says what it expects of it.
export type Answer = any;

/** A function's code. */
export interface Zip {
  readonly file: string;
  readonly size: number;
  /** As Lambda shows it. */
  readonly sha256: string;
  /** As boto3 is given it, see boto3_client.py. */
  readonly bytes: { readonly base64: string };
}

interface Said {
  readonly answer?: Answer;
  readonly raised?: Raised;
}

export type Bench = Awaited<ReturnType<typeof foreignBench>>;

export interface ForeignBenchOptions extends Pick<LambdaOptions, 'inspect' | 'python'> {
  /** A Python with boto3 and LocalStack, and the AWS CLI. */
  tool(name: 'python' | 'aws'): string;
}

/** Lambda, SQS, logs and metrics at an edge without LocalStack, and clients that AWS's own people wrote. */
export async function foreignBench({ tool, ...options }: ForeignBenchOptions) {
  const dataDir = await mkdtemp(join(tmpdir(), 'naetmul-foreign-'));
  const edge = await testEdge();
  const { url, clock } = edge;
  const context: EmulatorContext = {
    clock,
    random: createRandom('foreign'),
    ledger: { append: () => 0 },
    aws: edge.edge.access,
    dataDir,
    log: { info() {}, warn() {}, error() {} },
    defaults: { region: REGION, accountId: ACCOUNT },
  };
  const logs = createLogs(context);
  const cloudWatch = createCloudWatch(context);
  const sinks = { logs: logs.sink, metrics: cloudWatch.sink };
  const sqs = createSqs(context, sinks);
  const lambda = createLambda(context, {
    ...options,
    ...sinks,
    queues: sqs.watch,
    faults: new FaultPlan(),
    edgeUrl: () => url,
  });
  const emulators = [lambda, sqs, logs, cloudWatch];
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
  const boto3 = startBoto3(tool('python'), env);

  return {
    url,
    clock,
    dataDir,

    queueUrl: (queue: string) => `${url}/${ACCOUNT}/${queue}`,

    /** Ends all that is due, and all that is due when so much time has gone by. */
    async pass(seconds = 0): Promise<void> {
      await clock.settled();
      if (seconds > 0) await clock.advance(seconds * 1000);
    },

    /** What boto3 returns, without `ResponseMetadata`. */
    async boto3(service: Service, call: string, input: object = {}, name?: string): Promise<Answer> {
      const { answer, raised } = await boto3.ask({ service, call, name, with: input });
      if (raised) throw new Error(`boto3 raised ${raised.text}`);
      const { ResponseMetadata: _, ...members } = answer ?? {};
      return members;
    },

    /** What boto3 raises; a call that raises nothing fails the test. */
    async boto3Raises(service: Service, call: string, input: object = {}): Promise<Raised> {
      const { answer, raised } = await boto3.ask({ service, call, with: input });
      if (!raised) throw new Error(`boto3 raised nothing but answered ${JSON.stringify(answer)}`);
      return raised;
    },

    /** What `aws ...` prints, which is JSON or nothing. `aws sqs` of version 1 does not look at AWS_ENDPOINT_URL. */
    async cli(...args: readonly string[]): Promise<Answer> {
      const { stdout } = await run(tool('aws'), ['--endpoint-url', url, ...args], { env });
      return stdout === '' ? undefined : JSON.parse(stdout);
    },

    /** The exit code and the words of an `aws ...` that fails. */
    async cliFails(...args: readonly string[]): Promise<{ readonly code: number; readonly stderr: string }> {
      return run(tool('aws'), ['--endpoint-url', url, ...args], { env }).then(
        ({ stdout }) => Promise.reject(new Error(`aws did not fail but printed ${stdout}`)),
        ({ code, stderr }) => ({ code, stderr: stderr.trim() }),
      );
    },

    /** A zip file as Python makes it. */
    async zip(name: string, source: string): Promise<Zip> {
      const folder = await mkdtemp(join(dataDir, 'zip-'));
      const file = join(folder, 'code.zip');
      await writeFile(join(folder, name), source);
      await run(tool('python'), ['-m', 'zipfile', '-c', file, join(folder, name)], { env });
      const bytes = await readFile(file);
      const sha256 = createHash('sha256').update(bytes).digest('base64');
      return { file, size: bytes.length, sha256, bytes: { base64: bytes.toString('base64') } };
    },

    /** What a Python program beside this file prints, which is JSON. */
    async program(name: string, ...args: readonly string[]): Promise<Answer> {
      const { stdout } = await run(tool('python'), [join(import.meta.dirname, name), ...args], { env });
      return JSON.parse(stdout);
    },

    async [Symbol.asyncDispose]() {
      await boto3.stop();
      for (const emulator of emulators) await emulator.stop?.();
      await edge[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** boto3 as a process that is told what to call, see boto3_client.py. */
export function startBoto3(python: string, env: NodeJS.ProcessEnv) {
  const script = join(import.meta.dirname, 'boto3_client.py');
  const child = spawn(python, [script], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  let turn: Promise<unknown> = Promise.resolve();
  const askNow = async (request: object): Promise<Said> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error('boto3 ended, see its words on stderr.');
    return JSON.parse(value);
  };
  return {
    /** Calls go one after the other. */
    ask(request: object): Promise<Said> {
      const said = turn.then(() => askNow(request));
      turn = said.catch(() => undefined);
      return said;
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.stdin.end();
      await ended;
    },
  };
}
