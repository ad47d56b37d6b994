import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { answerOf, RESPONSE_PATH, start, stopAll } from './testing.ts';

afterEach(stopAll);

const echo = (code: string): string => `exports.handler = async (event) => (${code});`;

describe('finds the handler', () => {
  const ways: readonly [what: string, handler: string, files: Record<string, string>][] = [
    ['CommonJS', 'index.handler', { 'index.js': echo('event.a') }],
    [
      'a nested export in a folder',
      'src/app.api.v1',
      { 'src/app.js': 'exports.api = { v1: async (event) => event.a }' },
    ],
    ['a file without an extension', 'index.handler', { index: echo('event.a') }],
    ['an ES module', 'index.handler', { 'index.mjs': 'export const handler = async (event) => event.a;' }],
    [
      'an ES module by its package, with a top-level await',
      'src/index.handler',
      {
        'package.json': '{"type":"module"}',
        'src/index.js': 'const a = await Promise.resolve("a"); export const handler = async (event) => event[a];',
      },
    ],
    [
      '.cjs in a module package',
      'index.handler',
      { 'package.json': '{"type":"module"}', 'index.cjs': echo('event.a') },
    ],
    [
      'TypeScript without a package.json',
      'index.handler',
      { 'index.ts': 'export const handler = async (event: { a: number }): Promise<number> => event.a;' },
    ],
    [
      'TypeScript that imports TypeScript',
      'src/index.handler',
      {
        'src/index.mts': "import { pick } from './pick.ts'; export const handler = async (event: any) => pick(event);",
        'src/pick.ts': 'export const pick = (event: { a: number }): number => event.a;',
      },
    ],
    ['CommonJS TypeScript', 'index.handler', { 'index.cts': 'exports.handler = async (event: any) => event.a;' }],
    ['JavaScript before TypeScript', 'index.handler', { 'index.js': echo('event.a'), 'index.ts': 'throw 1;' }],
  ];
  for (const runtime of ['nodejs22.x', 'nodejs24.x']) {
    test.each(ways)(`of ${runtime}: %s`, async (_what, handler, files) => {
      expect(await answerOf({ runtime, handler, files }, { a: 7 })).toMatchObject({ path: RESPONSE_PATH, answer: 7 });
    });
  }
});

describe('ends as AWS does when the handler cannot be had', () => {
  const ways: readonly [type: string, message: string, handler: string, files: Record<string, string>][] = [
    [
      'Runtime.ImportModuleError',
      "Error: Cannot find module 'index'\nRequire stack:\n- /var/runtime/index.mjs",
      'index.handler',
      { 'other.js': '' },
    ],
    ['Runtime.HandlerNotFound', 'index.handler is undefined or not exported', 'index.handler', { 'index.js': '' }],
    [
      'Runtime.HandlerNotFound',
      'index.handler is not a function',
      'index.handler',
      { 'index.js': 'exports.handler = 1' },
    ],
    ['Runtime.MalformedHandlerName', 'Bad handler', 'index', { 'index.js': '' }],
    [
      'Runtime.MalformedHandlerName',
      "'../index.handler' is not a valid handler name. Use absolute paths when specifying root directories in handler names.",
      '../index.handler',
      { 'index.js': '' },
    ],
    ['Runtime.UserCodeSyntaxError', "SyntaxError: Unexpected token ')'", 'index.handler', { 'index.js': 'f(}' }],
    ['TypeError', 'no', 'index.handler', { 'index.js': 'throw new TypeError("no")' }],
  ];
  for (const [runtime, code, what] of [
    ['nodejs22.x', 129, 'Uncaught Exception'],
    ['nodejs24.x', 1, 'Init Error'],
  ] as const) {
    test.each(ways)(`of ${runtime}: %s (%s)`, async (errorType, errorMessage, handler, files) => {
      const failed = await start({ runtime, handler, files });
      const told = await failed.told();
      expect(told).toMatchObject({ path: 'init/error', errorType });
      const payload = JSON.parse(told.body);
      expect(payload).toEqual({ errorType, errorMessage: payload.errorMessage, trace: expect.any(Array) });
      if (errorType !== 'Runtime.UserCodeSyntaxError') expect(payload.errorMessage).toBe(errorMessage);
      else expect(payload.errorMessage).toMatch(/^SyntaxError: /);
      expect(await failed.ended).toEqual({ code, signal: null });
      expect(failed.lines()[0]).toMatch(
        new RegExp(`^<time>\t(undefined|-)\tERROR\t${what} \t{"errorType":"${errorType}"`),
      );
    });
  }

  test('a module that the function itself lacks is named with who wanted it', async () => {
    const failed = await start({ files: { 'index.js': 'require("left-pad")' } });
    const { errorMessage } = JSON.parse((await failed.told()).body);
    const stack = `- ${join(failed.taskRoot, 'index.js')}\n- /var/runtime/index.mjs`;
    expect(errorMessage).toBe(`Error: Cannot find module 'left-pad'\nRequire stack:\n${stack}`);
  });

  test('a syntax error says where it is', async () => {
    const failed = await start({ files: { 'index.js': '\n\nexports.handler = async () => {' } });
    const { trace } = JSON.parse((await failed.told()).body);
    expect(trace[0]).toBe(`${join(failed.taskRoot, 'index.js')}:3`);
  });

  test('nodejs24.x has no callbacks any more', async () => {
    const files = { 'index.js': 'exports.handler = (event, context, callback) => callback(null, 1)' };
    const failed = await start({ runtime: 'nodejs24.x', files });
    expect(JSON.parse((await failed.told()).body)).toMatchObject({
      errorType: 'Runtime.CallbackHandlerDeprecated',
      errorMessage:
        'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.',
    });
  });

  test('response streaming is refused in so many words', async () => {
    const files = { 'index.js': 'exports.handler = awslambda.streamifyResponse(async () => {})' };
    expect(JSON.parse((await (await start({ files })).told()).body).errorMessage).toBe(
      'Response streaming is not supported by naetmul: export a handler that returns its response.',
    );
  });
});
