import { afterEach, describe, expect, test } from 'vitest';
import { answerOf, ERROR_PATH, REQUEST_ID, start, stopAll } from './testing.ts';

afterEach(stopAll);

describe('reports what went wrong', () => {
  const handler = (code: string) => ({ 'index.js': `exports.handler = ${code};` });
  for (const runtime of ['nodejs22.x', 'nodejs24.x']) {
    test(`of ${runtime}: a thrown error, with its trace and a line in the log, and goes on`, async () => {
      const code = 'async (event) => { if (event.bad) throw new RangeError("too far"); return 1; }';
      const failing = await start({ runtime, files: handler(code) });
      const told = await failing.invoke({ bad: true });
      expect(told).toMatchObject({ path: ERROR_PATH, errorType: 'RangeError' });
      const payload = JSON.parse(told.body);
      const trace = ['RangeError: too far', expect.stringContaining(`${failing.taskRoot}/index.js:1:`)];
      expect(payload).toEqual({
        errorType: 'RangeError',
        errorMessage: 'too far',
        trace: expect.arrayContaining(trace),
      });
      expect((await failing.invoke({})).body).toBe('1');
      await failing.finish();
      const logged = { errorType: 'RangeError', errorMessage: 'too far', stack: payload.trace };
      expect(failing.lines()).toEqual([`<time>\t${REQUEST_ID}\tERROR\tInvoke Error \t${JSON.stringify(logged)}\n`]);
    });

    test(`of ${runtime}: what is thrown but is no error`, async () => {
      const ways: [string, unknown][] = [
        ['"no"', { errorType: 'string', errorMessage: 'no', trace: [] }],
        ['{ code: 1 }', { errorType: 'object', errorMessage: '[object Object]', trace: [] }],
        ['{ get name() { throw 1; } }', { errorType: 'handled', errorMessage: expect.any(String), trace: [] }],
      ];
      for (const [thrown, answer] of ways) {
        const files = handler(`async () => { throw ${thrown}; }`);
        expect(await answerOf({ runtime, files })).toMatchObject({ path: ERROR_PATH, answer });
      }
    });

    test(`of ${runtime}: a result that JSON cannot hold`, async () => {
      const errorType = runtime === 'nodejs24.x' ? 'Runtime.JSONStringifyError' : 'Error';
      for (const result of ['1n', '(() => { const a = {}; a.a = a; return a; })()']) {
        expect(await answerOf({ runtime, files: handler(`async () => ${result}`) })).toMatchObject({
          path: ERROR_PATH,
          errorType,
          answer: { errorType, errorMessage: 'Unable to stringify response body' },
        });
      }
    });

    test(`of ${runtime}: an uncaught exception, which ends the process`, async () => {
      const code = '() => new Promise(() => setTimeout(() => { throw new TypeError("late"); }))';
      const failing = await start({ runtime, files: handler(code) });
      expect(await failing.invoke({})).toMatchObject({ path: ERROR_PATH, errorType: 'TypeError' });
      expect(await failing.ended).toEqual({ code: 129, signal: null });
      expect(failing.lines()[0]).toContain(`\t${REQUEST_ID}\tERROR\tUncaught Exception \t{"errorType":"TypeError"`);
    });

    test(`of ${runtime}: an unhandled rejection, which ends the process`, async () => {
      const code =
        '() => { Promise.reject(new Error("forgotten")); return new Promise(() => setTimeout(() => {}, 9999)); }';
      const failing = await start({ runtime, files: handler(code) });
      const told = await failing.invoke({});
      expect(told).toMatchObject({ path: ERROR_PATH, errorType: 'Runtime.UnhandledPromiseRejection' });
      expect(JSON.parse(told.body)).toMatchObject({ errorMessage: 'Error: forgotten' });
      expect(await failing.ended).toEqual({ code: 128, signal: null });
      expect(failing.lines()[0]).toContain('"reason":{"errorType":"Error","errorMessage":"forgotten","stack":[');
    });
  }

  test('process.exit ends the process without a word', async () => {
    const failing = await start({ files: handler('async () => process.exit(3)') });
    void failing.invoke({});
    expect(await failing.ended).toEqual({ code: 3, signal: null });
  });

  test('more memory than configured ends the process', async () => {
    const code = 'async () => { const all = []; for (;;) all.push(new Array(1e5).fill(all.length)); }';
    const failing = await start({ files: handler(code), memoryMb: 128 });
    void failing.invoke({});
    expect((await failing.ended).signal).toBe('SIGABRT');
    expect(await failing.stderr).toContain('JavaScript heap out of memory');
  });
});
