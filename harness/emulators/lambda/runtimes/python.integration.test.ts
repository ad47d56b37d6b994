import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { lambdaPython } from '../../../engines/lambda-python/index.ts';
import { cacheFolder } from '../../../engines/setup/cache-folder.ts';
import type { PythonRuntime } from './index.ts';
import { createFolder, REQUEST_ID, type Sample, start, stopAll } from './testing.ts';

const said: string[] = [];
let native: PythonRuntime;
beforeAll(async () => {
  const { signal } = new AbortController();
  const progress = (message: string) => void said.push(message);
  native = await lambdaPython({ cacheDir: cacheFolder(), offline: false, progress, signal }, 'python3.12');
});
afterEach(stopAll);

/** As it is where the native module cannot be loaded. */
function withoutNative(): PythonRuntime {
  const packages = join(createFolder(), 'packages');
  cpSync(native.packages, packages, { recursive: true, filter: (file) => !/boto/.test(file) });
  for (const file of readdirSync(packages)) if (/^runtime_client.*\.so$/.test(file)) rmSync(join(packages, file));
  return { ...native, packages };
}

const startPython = (runtime: PythonRuntime, code: string, sample: Partial<Sample> = {}) =>
  start({
    runtime: 'python3.12',
    handler: 'app.handler',
    files: { 'app.py': code },
    ...sample,
    place: { python: async () => runtime, ...sample.place },
  });

describe.each([
  ['its native module', () => native],
  ['our replacement of it', withoutNative],
])('AWS’s client, with %s', (_what, runtime) => {
  test('answers events one after the other, with the context that Lambda gives', async () => {
    const code = `
n = 0
def handler(event, context):
    global n
    n += 1
    assert 0 < context.get_remaining_time_in_millis() <= 3000
    return {"n": n, "event": event, "id": context.aws_request_id, "memory": context.memory_limit_in_mb}
`;
    const counter = await startPython(runtime(), code);
    for (const n of [1, 2]) {
      const { path, body } = await counter.invoke({ 물: '🌊' });
      expect({ path, body }).toMatchObject({ path: `invocation/${REQUEST_ID}/response` });
      expect(JSON.parse(body)).toEqual({ n, event: { 물: '🌊' }, id: REQUEST_ID, memory: '128' });
    }
    expect(existsSync(join(counter.taskRoot, '__pycache__'))).toBe(false);
  });

  test('reports an error with its trace, logs it as one event, and goes on', async () => {
    const code = 'def handler(event, context):\n    raise ValueError("no")\n';
    const failing = await startPython(runtime(), code);
    for (const _again of [1, 2]) {
      const { path, body } = await failing.invoke({});
      expect(path).toBe(`invocation/${REQUEST_ID}/error`);
      const file = join(failing.taskRoot, 'app.py');
      expect(JSON.parse(body)).toEqual({
        errorMessage: 'no',
        errorType: 'ValueError',
        requestId: REQUEST_ID,
        stackTrace: [`  File "${file}", line 2, in handler\n    raise ValueError("no")\n`],
      });
    }
    await failing.finish();
    expect(failing.frames).toHaveLength(2);
    expect(failing.frames[0]?.message).toMatch(/^\[ERROR\] ValueError: no\nTraceback \(most recent call last\):\n/);
  });

  test('reports a module that cannot be imported as the end of the initialisation', async () => {
    const failing = await startPython(runtime(), 'import nothing_of_this_name\n');
    const told = await failing.told();
    expect(told).toMatchObject({ path: 'init/error', errorType: 'Runtime.ImportModuleError' });
    expect(JSON.parse(told.body)).toMatchObject({
      errorMessage: "Unable to import module 'app': No module named 'nothing_of_this_name'",
      errorType: 'Runtime.ImportModuleError',
    });
    expect((await failing.ended).code).toBe(1);
  });
});

test('print goes to stdout as it is, a logger’s line is framed', async () => {
  const code = `
import logging
def handler(event, context):
    print("raw")
    logging.getLogger().warning("warned")
`;
  const logged = await startPython(native, code);
  expect((await logged.invoke({})).body).toBe('null');
  await logged.finish();
  expect(await logged.stdout).toBe('raw\n');
  expect(logged.frames).toHaveLength(1);
  expect(logged.frames[0]?.message).toMatch(/^\[WARNING\]\t\S+Z\t8476a536-e9f4-11e8-9739-2dfe598c3fcd\twarned\n$/);
});

test('boto3 is there, and nothing else of this machine’s Python', async () => {
  const code = `
import boto3, importlib.util
def handler(event, context):
    endpoint = boto3.client("sqs").meta.endpoint_url
    return [endpoint, importlib.util.find_spec("pip") is None]
`;
  const { body } = await (await startPython(native, code)).invoke({});
  expect(JSON.parse(body)).toEqual(['http://127.0.0.1:4566', true]);
});
