import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { machine } from '../../../clock/index.ts';
import type { FunctionRevision } from '../model.ts';
import { type LaunchPlace, launchOf } from './index.ts';

export const REQUEST_ID = '8476a536-e9f4-11e8-9739-2dfe598c3fcd';
export const LOG_STREAM = '2026/01/31/[$LATEST]0123456789abcdef0123456789abcdef';
const TELEMETRY_FD = 3;
const FRAME_HEADER_BYTES = 16;

const started: TestFunction[] = [];

/** Starts a function that `stopAll` ends. */
export async function start(sample: Sample): Promise<TestFunction> {
  const testFunction = await TestFunction.start(sample);
  started.push(testFunction);
  return testFunction;
}

/** The answer to one event. */
export async function answerOf(sample: Sample, event: unknown = {}) {
  const { path, errorType, body } = await (await start(sample)).invoke(event);
  return { path, errorType, answer: JSON.parse(body) };
}

export const RESPONSE_PATH = `invocation/${REQUEST_ID}/response`;
export const ERROR_PATH = `invocation/${REQUEST_ID}/error`;

/** For `afterEach`: ends what was started and removes the folders. */
export async function stopAll(): Promise<void> {
  await Promise.all(started.splice(0).map((testFunction) => testFunction.stop()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

const folders: string[] = [];

/**
 * A new folder that `stopAll` removes: in the usual cache folder, since functions may write to the machine's /tmp, and
 * find packages in the project's node_modules.
 */
export function createFolder(): string {
  const base = join(homedir(), '.cache', 'naetmul', 'tests');
  mkdirSync(base, { recursive: true });
  const folder = mkdtempSync(join(base, 'function-'));
  folders.push(folder);
  return folder;
}

export interface Sample {
  /** Path in the task folder and content; a content that begins with `#!` makes the file executable. */
  readonly files: Readonly<Record<string, string>>;
  readonly runtime?: string;
  readonly handler?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly memoryMb?: number;
  readonly place?: Partial<LaunchPlace>;
}

/** What a function's process told the Runtime API. */
export interface Told {
  readonly path: string;
  readonly errorType: string | undefined;
  readonly body: string;
}

/** A function's process behind a Runtime API of its own. Nothing about AWS is in here but the API's four calls. */
export class TestFunction {
  readonly process: ChildProcess;
  readonly taskRoot: string;
  readonly tmpDir: string;
  /** Messages of log frames. */
  readonly frames: { readonly type: number; readonly micros: bigint; readonly message: string }[] = [];
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  readonly stdout: Promise<string>;
  readonly stderr: Promise<string>;
  readonly #server: Server;
  readonly #told: Told[] = [];
  #onTold: (() => void) | undefined;
  #waiting: ServerResponse | undefined;
  #onWaiting: (() => void) | undefined;

  static async start(sample: Sample): Promise<TestFunction> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const folder = createFolder();
    const taskRoot = join(folder, 'task');
    const tmpDir = join(folder, 'tmp');
    for (const made of [taskRoot, tmpDir]) mkdirSync(made);
    for (const [path, content] of Object.entries(sample.files)) {
      mkdirSync(dirname(join(taskRoot, path)), { recursive: true });
      writeFileSync(join(taskRoot, path), content);
      if (content.startsWith('#!')) chmodSync(join(taskRoot, path), 0o755);
    }
    const runtimeApi = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const edgeUrl = 'http://127.0.0.1:4566';
    const place = { tmpDir, runtimeApi, edgeUrl, logStream: LOG_STREAM, telemetryFd: TELEMETRY_FD, ...sample.place };
    try {
      const launch = await launchOf(revisionOf(sample, taskRoot), place);
      const child = spawn(launch.command, [...launch.args], {
        env: launch.env,
        cwd: launch.cwd,
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      });
      return new TestFunction(child, server, folder);
    } catch (error) {
      server.close();
      throw error;
    }
  }

  private constructor(child: ChildProcess, server: Server, folder: string) {
    this.process = child;
    this.#server = server;
    this.taskRoot = join(folder, 'task');
    this.tmpDir = join(folder, 'tmp');
    const [, stdout, stderr, telemetry] = child.stdio;
    this.stdout = text(stdout as Readable);
    this.stderr = text(stderr as Readable);
    this.#readFrames(telemetry as Readable);
    this.ended = once(child, 'close').then(([code, signal]) => {
      this.#onWaiting?.();
      return { code, signal };
    });
    server.on('request', (request, response) => void this.#serve(request, response));
  }

  /** Sends one event and gives what the function told about it. */
  async invoke(event: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Told> {
    await this.idle();
    const told = this.told();
    this.#waiting?.writeHead(200, {
      'Content-Type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': REQUEST_ID,
      'Lambda-Runtime-Deadline-Ms': String(machine.now() + 3000),
      'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:ap-northeast-2:000000000000:function:sample',
      ...headers,
    });
    this.#waiting?.end(JSON.stringify(event));
    this.#waiting = undefined;
    return told;
  }

  /** Resolves when the function waits for an event. */
  async idle(): Promise<void> {
    while (this.#waiting === undefined) {
      if (this.process.exitCode !== null) throw new Error(`ended with ${this.process.exitCode}: ${await this.stderr}`);
      await new Promise<void>((resolve) => {
        this.#onWaiting = resolve;
      });
    }
  }

  /** Ends the function once it waits for an event. Then all that it has written has come. */
  async finish(): Promise<void> {
    await this.idle();
    await this.stop();
  }

  /** The next thing that the function tells, of an event or of its initialisation. */
  async told(): Promise<Told> {
    while (this.#told.length === 0) {
      await new Promise<void>((resolve) => {
        this.#onTold = resolve;
      });
    }
    return this.#told.shift() as Told;
  }

  /** What is logged without its times: `<time>\tid\tINFO\tmessage`. */
  lines(): readonly string[] {
    return this.frames.map(({ message }) => message.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/, '<time>'));
  }

  /** As when the host dies. */
  dropConnections(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.ended;
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace('/2018-06-01/runtime/', '');
    if (request.method === 'GET' && path === 'invocation/next') {
      this.#waiting = response;
      this.#onWaiting?.();
      return;
    }
    const errorType = request.headers['lambda-runtime-function-error-type'] as string | undefined;
    const body = (await buffer(request)).toString();
    this.#told.push({ path, errorType, body });
    response.writeHead(202, { 'Content-Type': 'application/json' }).end('{"status":"OK"}');
    this.#onTold?.();
  }

  #readFrames(stream: Readable): void {
    let bytes = Buffer.alloc(0);
    stream.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.length >= FRAME_HEADER_BYTES) {
        const end = FRAME_HEADER_BYTES + bytes.readUInt32BE(4);
        if (bytes.length < end) return;
        const message = bytes.toString('utf8', FRAME_HEADER_BYTES, end);
        this.frames.push({ type: bytes.readUInt32BE(0), micros: bytes.readBigInt64BE(8), message });
        bytes = bytes.subarray(end);
      }
    });
  }
}

function revisionOf(sample: Sample, codeDir: string): FunctionRevision {
  return {
    name: 'sample',
    region: 'ap-northeast-2',
    accountId: '000000000000',
    arn: 'arn:aws:lambda:ap-northeast-2:000000000000:function:sample',
    role: 'arn:aws:iam::000000000000:role/lambda',
    runtime: sample.runtime ?? 'nodejs22.x',
    handler: sample.handler ?? 'index.handler',
    codeDir,
    live: false,
    timeoutMs: 3000,
    memoryMb: sample.memoryMb ?? 128,
    ephemeralStorageMb: 512,
    environment: sample.environment ?? {},
    reservedConcurrency: undefined,
    logGroup: '/aws/lambda/sample',
    revisionId: '1',
  };
}
