import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { machine } from '../../../clock/index.ts';
import { REQUEST_ID, start, stopAll } from './testing.ts';

afterEach(stopAll);

const ID = REQUEST_ID;
const logging = (code: string) => ({ 'index.js': `exports.handler = async () => { ${code} };` });

test('each level of the console is a line of its own with time, request and level', async () => {
  const code = `console.log('log %d', 1); console.info({ a: [1] }); console.warn('warn'); console.error('error');
    console.debug('debug'); console.trace('trace'); console.fatal('fatal'); console.log();`;
  const before = BigInt(Math.floor(machine.now())) * 1000n;
  const logged = await start({ files: logging(code) });
  await logged.invoke({});
  await logged.finish();
  expect(logged.lines()).toEqual([
    `<time>\t${ID}\tINFO\tlog 1\n`,
    `<time>\t${ID}\tINFO\t{ a: [ 1 ] }\n`,
    `<time>\t${ID}\tWARN\twarn\n`,
    `<time>\t${ID}\tERROR\terror\n`,
    `<time>\t${ID}\tDEBUG\tdebug\n`,
    `<time>\t${ID}\tTRACE\ttrace\n`,
    `<time>\t${ID}\tFATAL\tfatal\n`,
    `<time>\t${ID}\tINFO\tundefined\n`,
  ]);
  const levels = logged.frames.map(({ type }) => (type & 0b11100) >> 2);
  expect(levels).toEqual([3, 3, 4, 5, 2, 1, 6, 3]);
  for (const { type, micros } of logged.frames) {
    expect((type & ~0b11100) >>> 0).toBe(0xa55a0003);
    expect(micros).toBeGreaterThanOrEqual(before);
  }
});

test('while it is loaded, a function of nodejs22.x logs for the request "undefined", one of nodejs24.x for "-"', async () => {
  const files = { 'index.mjs': 'console.log("loading"); export const handler = async () => {};' };
  for (const [runtime, id] of [
    ['nodejs22.x', 'undefined'],
    ['nodejs24.x', '-'],
  ] as const) {
    const logged = await start({ runtime, files });
    await logged.finish();
    expect(logged.lines()).toEqual([`<time>\t${id}\tINFO\tloading\n`]);
  }
});

test('a message of many lines is one frame; on stdout its line feeds are carriage returns', async () => {
  const files = logging(`console.log('a\\nb'); process.stdout.write('raw\\n');`);
  const framed = await start({ files });
  await framed.invoke({});
  await framed.finish();
  expect(framed.lines()).toEqual([`<time>\t${ID}\tINFO\ta\nb\n`]);

  const plain = await start({ files, place: { telemetryFd: undefined } });
  await plain.invoke({});
  await plain.finish();
  expect(plain.frames).toEqual([]);
  expect((await plain.stdout).replace(/^\S+Z/, '<time>')).toBe(`<time>\t${ID}\tINFO\ta\rb\nraw\n`);
});

test('an error is shown with its trace, and a failed one as JSON with its own properties', async () => {
  const code = `const error = Object.assign(new Error('no'), { code: 'E_NO', rows: [1] }); console.error('seen', error); throw error;`;
  const logged = await start({ files: logging(code) });
  await logged.invoke({});
  await logged.finish();
  const [shown, failed] = logged.lines();
  const at = `at exports.handler (${join(logged.taskRoot, 'index.js')}:1:`;
  expect(shown).toContain(`<time>\t${ID}\tERROR\tseen Error: no\n    ${at}`);
  expect(failed).toContain(
    `<time>\t${ID}\tERROR\tInvoke Error \t{"errorType":"Error","errorMessage":"no","code":"E_NO","rows":[1],"stack":["Error: no","    ${at}`,
  );
});

test('JSON lines and a lowest level, where the function asks for them', async () => {
  const code = `console.debug('unheard'); console.log({ a: 1 }); console.warn('%s!', 'two', new RangeError('far')); console.error(new TypeError('no'));`;
  const environment = { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'info' };
  const logged = await start({ files: logging(code), environment });
  await logged.invoke({});
  await logged.finish();
  const stackTrace = expect.arrayContaining([expect.stringContaining('index.js:1:')]);
  expect(logged.frames.map(({ message }) => JSON.parse(message))).toEqual([
    { timestamp: expect.any(String), level: 'INFO', requestId: ID, message: { a: 1 } },
    {
      timestamp: expect.any(String),
      level: 'WARN',
      requestId: ID,
      message: expect.stringMatching(/^two! RangeError: far\n/),
      errorType: 'RangeError',
      errorMessage: 'far',
      stackTrace,
    },
    {
      timestamp: expect.any(String),
      level: 'ERROR',
      requestId: ID,
      message: { errorType: 'TypeError', errorMessage: 'no', stackTrace },
    },
  ]);
  expect(logged.frames.map(({ type }) => ((type & ~0b11100) >>> 0).toString(16))).toEqual(Array(3).fill('a55a0002'));
});

test('more than a pipe holds is logged whole, though the process ends at once', async () => {
  const code = `console.log('x'.repeat(1e6)); process.stdout.write('y'.repeat(1e5)); console.log('end'); process.exit(0);`;
  for (const telemetryFd of [3, undefined]) {
    const logged = await start({ files: logging(code), place: { telemetryFd } });
    void logged.invoke({});
    await logged.ended;
    const all = telemetryFd === undefined ? await logged.stdout : logged.lines().join('');
    expect(all.match(/x+/)?.[0].length).toBe(1_000_000);
    expect(all.endsWith('\tINFO\tend\n')).toBe(true);
  }
});
