import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localstackTool } from '../../../engines/localstack/index.ts';
import { attachDebugger } from './debugger.ts';
import { jsonOf, ROLE, SOURCE } from './shapes.ts';
import { type Bench, foreignBench } from './testing.ts';

/** What an editor or Chrome does with a function that may be inspected. */
let bench: Bench;
const debuggers: string[] = [];

beforeAll(async () => {
  const listens = (address: string) => void debuggers.push(address);
  bench = await foreignBench({ tool: localstackTool, inspect: { functionName: 'inspected', port: 0, listens } });
});
afterAll(() => bench?.[Symbol.asyncDispose]());

test('a debugger stops at a line of the handler’s own file, looks around, and lets it go on', async () => {
  const folder = await mkdtemp(join(bench.dataDir, 'source-'));
  const file = join(folder, 'index.ts');
  await writeFile(
    file,
    [
      'interface Drop { readonly n: number }',
      'export const handler = async ({ n }: Drop): Promise<{ doubled: number }> => {',
      '  const doubled = n * 2;',
      '  return { doubled };',
      '};',
    ].join('\n'),
  );
  const FunctionName = 'inspected';
  await bench.boto3('lambda', 'create_function', {
    FunctionName,
    Role: ROLE,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Timeout: 1,
    Code: { S3Bucket: 'hot-reload', S3Key: folder },
  });
  const out = join(bench.dataDir, 'inspected.json');
  const invoke = async (n: number) => {
    const args = ['--function-name', FunctionName, '--payload', JSON.stringify({ n }), out];
    const { FunctionError } = await bench.cli('lambda', 'invoke', ...args);
    return { FunctionError, payload: JSON.parse(await readFile(out, 'utf8')) };
  };
  expect(await invoke(1)).toEqual({ FunctionError: undefined, payload: { doubled: 2 } });
  expect(debuggers).toEqual([expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\//)]);
  const inspector = await attachDebugger(debuggers[0] ?? '');
  await inspector.call('Debugger.enable');
  const returns = { url: `file://${file}`, lineNumber: 3 };
  const { breakpointId, locations } = await inspector.call('Debugger.setBreakpointByUrl', returns);
  expect(locations).toMatchObject([{ lineNumber: 3 }]);

  const paused = inspector.next('Debugger.paused');
  const answer = invoke(21);
  const { callFrames, hitBreakpoints } = await paused;
  expect(hitBreakpoints).toEqual([breakpointId]);
  const { callFrameId, functionName, location } = callFrames[0];
  expect([functionName, location.lineNumber]).toEqual(['handler', 3]);
  const looked = await inspector.call('Debugger.evaluateOnCallFrame', { callFrameId, expression: 'doubled' });
  expect(looked.result).toMatchObject({ type: 'number', value: 42 });
  // Another function is ended at its limit of a second, which is this one's, too.
  await bench.boto3('lambda', 'create_function', {
    FunctionName: 'limited',
    Role: ROLE,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Timeout: 1,
    Code: { ZipFile: (await bench.zip('index.mjs', SOURCE)).bytes },
  });
  const Payload = { base64: Buffer.from('{"hang":true}').toString('base64') };
  const ended = await bench.boto3('lambda', 'invoke', { FunctionName: 'limited', Payload });
  expect(jsonOf(ended.Payload)).toMatchObject({ errorType: 'Sandbox.Timedout' });
  await inspector.call('Debugger.resume');
  expect(await answer).toEqual({ FunctionError: undefined, payload: { doubled: 42 } });
  await inspector.close();
});
