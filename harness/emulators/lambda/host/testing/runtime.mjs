/*
 * A small runtime for the host's tests. It speaks the Runtime API, and does what the event's `do` says. What it does
 * while it starts is in the environment variable STARTS.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new Agent({ keepAlive: true });
const BASE = '/2018-06-01/runtime';

/** Resolves to `{ status, headers, body }`. */
function call(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, agent, method, path: BASE + path, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** One frame of the telemetry log. */
function frame(text) {
  const message = Buffer.from(text);
  const header = Buffer.alloc(16);
  header.writeUInt32BE(0xa55a0003, 0);
  header.writeUInt32BE(message.length, 4);
  writeSync(3, Buffer.concat([header, message]));
}

let ticks = 0;
async function tick() {
  for (;;) {
    await sleep(5);
    ticks++;
  }
}

let runs = 0;
const hoard = [];
const version = readFileSync(join(process.env.LAMBDA_TASK_ROOT, 'version.txt'), 'utf8');

async function handle(event, id, headers) {
  switch (event.do) {
    case 'throw': {
      const error = { errorType: event.type ?? 'ValueError', errorMessage: 'no good', stackTrace: [] };
      await call('POST', `/invocation/${id}/error`, JSON.stringify(error), {
        'Lambda-Runtime-Function-Error-Type': 'Unhandled',
      });
      return undefined;
    }
    case 'exit':
      return process.exit(event.code);
    case 'abort':
      return process.abort();
    case 'hang':
      await sleep(600_000);
      return undefined;
    case 'sleep':
      await sleep(event.ms);
      return { pid: process.pid };
    case 'hoard':
      for (;;) {
        hoard.push(Buffer.alloc(8 * 1024 ** 2, 1));
        await sleep(5);
      }
    case 'print':
      process.stdout.write(event.text);
      if (event.error) process.stderr.write(event.error);
      return 'printed';
    case 'frame':
      frame(event.text);
      return 'framed';
    case 'huge':
      return 'x'.repeat(event.bytes);
    case 'answer and exit':
      await call('POST', `/invocation/${id}/response`, '"last words"');
      return process.exit(9);
    case 'tick':
      void tick();
      return ticks;
    case 'ticks':
      return ticks;
    case 'spawn':
      return spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' }).pid;
    case 'misbehave': {
      const wrongId = await call('POST', '/invocation/nonsense/response', '1');
      const early = await call('GET', '/invocation/next');
      const unknown = await call('GET', '/nothing');
      const first = await call('POST', `/invocation/${id}/response`, '"first"');
      const second = await call('POST', `/invocation/${id}/response`, '"second"');
      const late = await call('POST', '/init/error', '{}');
      const shown = [wrongId, early, unknown, first, second, late].map(({ status, body }) => ({ status, body }));
      process.stdout.write(`${JSON.stringify(shown)}\n`);
      return undefined;
    }
    default:
      return { event, headers, pid: process.pid, runs, version, tmp: process.env.TMPDIR };
  }
}

process.stdout.write(process.env.STARTS ? `starting: ${process.env.STARTS}\n` : '');
if (process.env.STARTS === 'error') {
  const error = { errorType: 'Runtime.ImportModuleError', errorMessage: 'Cannot find module', stackTrace: [] };
  await call('POST', '/init/error', JSON.stringify(error), {
    'Lambda-Runtime-Function-Error-Type': 'Runtime.ImportModuleError',
  });
  process.exit(1);
}
if (process.env.STARTS === 'exit') process.exit(3);
if (process.env.STARTS === 'hang') await sleep(600_000);

for (;;) {
  const { headers, body } = await call('GET', '/invocation/next');
  const id = headers['lambda-runtime-aws-request-id'];
  runs++;
  const result = await handle(JSON.parse(body), id, headers);
  if (result !== undefined) {
    const { status, body: said } = await call('POST', `/invocation/${id}/response`, JSON.stringify(result));
    if (status !== 202) process.stdout.write(`${status} ${said}\n`);
  }
}
