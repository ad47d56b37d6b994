import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FunctionRevision } from '../model.ts';
import { type LaunchPlace, launchOf, RESERVED_VARIABLES, runtimeFamily } from './index.ts';

let codeDir = '';
beforeEach(() => {
  codeDir = mkdtempSync(join(tmpdir(), 'naetmul-launch-'));
});
afterEach(() => rmSync(codeDir, { recursive: true }));

const place: LaunchPlace = {
  tmpDir: '/run/env-1',
  runtimeApi: '127.0.0.1:9001',
  edgeUrl: 'http://127.0.0.1:4566',
  logStream: '2026/01/31/[$LATEST]0123456789abcdef0123456789abcdef',
};

function revision(changes: Partial<FunctionRevision> = {}): FunctionRevision {
  return {
    name: 'collector-worker',
    region: 'ap-northeast-2',
    accountId: '000000000000',
    arn: 'arn:aws:lambda:ap-northeast-2:000000000000:function:collector-worker',
    role: 'arn:aws:iam::000000000000:role/sample',
    runtime: 'nodejs22.x',
    handler: 'index.handler',
    codeDir,
    live: false,
    timeoutMs: 3000,
    memoryMb: 512,
    ephemeralStorageMb: 512,
    environment: {},
    reservedConcurrency: undefined,
    logGroup: '/aws/lambda/collector-worker',
    revisionId: '1',
    ...changes,
  };
}

test('a function sees Lambda’s variables, its own, and nothing of the harness’s', async () => {
  const environment = { TABLE: 'events', TZ: 'Asia/Seoul', AWS_REGION: 'us-east-1', _HANDLER: 'x' };
  const { env, cwd } = await launchOf(revision({ environment }), { ...place, clockFile: '/run/clock' });
  expect(cwd).toBe(codeDir);
  expect(env).toEqual({
    TABLE: 'events',
    TZ: 'Asia/Seoul',
    LANG: 'en_US.UTF-8',
    PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin:/opt/bin`,
    NODE_PATH: codeDir,
    TMPDIR: '/run/env-1',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
    _HANDLER: 'index.handler',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
    AWS_REGION: 'ap-northeast-2',
    AWS_DEFAULT_REGION: 'ap-northeast-2',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_LAMBDA_FUNCTION_NAME: 'collector-worker',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/collector-worker',
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/31/[$LATEST]0123456789abcdef0123456789abcdef',
    AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001',
    LAMBDA_TASK_ROOT: codeDir,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    NAETMUL_CLOCK: '/run/clock',
  });
});

test('no reserved variable can be set by the function’s configuration', async () => {
  const environment = Object.fromEntries([...RESERVED_VARIABLES].map((name) => [name, 'mine']));
  const { env } = await launchOf(revision({ environment }), place);
  expect(Object.values(env)).not.toContain('mine');
});

test('Node’s heap follows the memory setting, unless NODE_OPTIONS say otherwise', async () => {
  const heap = async (changes: Partial<FunctionRevision>) =>
    (await launchOf(revision(changes), place)).args.filter((arg) => arg.includes('space'));
  expect(await heap({ memoryMb: 128 })).toEqual(['--max-semi-space-size=6', '--max-old-space-size=116']);
  expect(await heap({ memoryMb: 10_240 })).toEqual(['--max-semi-space-size=512', '--max-old-space-size=9216']);
  expect(await heap({ environment: { NODE_OPTIONS: '--max_old_space_size=64' } })).toEqual([]);
});

test('a runtime that cannot be run here is refused, with what can', async () => {
  for (const runtime of ['java21', 'dotnet8', 'ruby3.4', 'go1.x', 'python2.7', 'nodejs']) {
    expect(runtimeFamily(runtime)).toBeUndefined();
    await expect(launchOf(revision({ runtime }), place)).rejects.toMatchObject({
      code: 'LAMBDA_RUNTIME_UNSUPPORTED',
      message: `collector-worker needs the runtime ${runtime}; functions run here on nodejs*, python3.* and provided.*.`,
      remedy: expect.stringContaining('provided.al2023'),
    });
  }
});

test('a Python function is refused where nobody can find Python', async () => {
  await expect(launchOf(revision({ runtime: 'python3.12' }), place)).rejects.toMatchObject({ code: 'PYTHON_MISSING' });
});

test('a Python function starts AWS’s client with the packages that were found, and no others', async () => {
  const found: string[] = [];
  const python = async (runtime: string) => {
    found.push(runtime);
    return { executable: '/usr/bin/python3.12', packages: '/cache/packages', version: '3.12.4' };
  };
  const launch = await launchOf(revision({ runtime: 'python3.12', handler: 'app.main' }), {
    ...place,
    python,
    telemetryFd: 3,
  });
  expect(found).toEqual(['python3.12']);
  expect(launch).toMatchObject({
    command: '/usr/bin/python3.12',
    args: ['-B', '-S', '-m', 'awslambdaric', 'app.main'],
    framesLog: true,
    followsClock: false,
  });
  expect(launch.env).toMatchObject({ PYTHONPATH: '/cache/packages', _LAMBDA_TELEMETRY_LOG_FD: '3' });
  const own = revision({ runtime: 'python3.12', environment: { PYTHONPATH: '/mine' } });
  expect((await launchOf(own, { ...place, python })).env.PYTHONPATH).toBe('/mine:/cache/packages');
});

test('a wrapper that a function names gets the command line, by a shell', async () => {
  const wrapped = (AWS_LAMBDA_EXEC_WRAPPER: string) =>
    launchOf(revision({ environment: { AWS_LAMBDA_EXEC_WRAPPER } }), place);
  const plain = await launchOf(revision(), place);
  const inTask = await wrapped('/var/task/bin/wrap');
  expect([inTask.command, inTask.args]).toEqual([
    '/bin/sh',
    ['-c', 'exec "$0" "$@"', join(codeDir, 'bin/wrap'), plain.command, ...plain.args],
  ]);
  expect((await wrapped('/opt/wrap')).args[2]).toBe('/opt/wrap');
});

test('an OS-only runtime needs an executable bootstrap, and is not told its name', async () => {
  const provided = revision({ runtime: 'provided.al2023' });
  await expect(launchOf(provided, place)).rejects.toMatchObject({
    code: 'LAMBDA_ENTRYPOINT',
    message: "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]",
  });
  writeFileSync(join(codeDir, 'bootstrap'), '#!/bin/sh\n', { mode: 0o644 });
  await expect(launchOf(provided, place)).rejects.toMatchObject({
    code: 'LAMBDA_ENTRYPOINT',
    message: 'fork/exec /var/task/bootstrap: permission denied',
  });
  chmodSync(join(codeDir, 'bootstrap'), 0o755);
  const launch = await launchOf(provided, place);
  expect(launch).toMatchObject({ command: join(codeDir, 'bootstrap'), args: [], cwd: codeDir, framesLog: false });
  expect(launch.env).not.toHaveProperty('AWS_EXECUTION_ENV');
});
