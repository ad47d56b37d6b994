import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type InstallOptions, installOnce } from './install.ts';

let cacheDir: string;
let messages: string[];

beforeEach(() => {
  cacheDir = mkdtempSync(join(tmpdir(), 'naetmul-test-'));
  messages = [];
});
afterEach(() => rmSync(cacheDir, { recursive: true, force: true }));

function options(more: Partial<InstallOptions> = {}): InstallOptions {
  const signal = new AbortController().signal;
  const progress = (message: string): void => void messages.push(message);
  return { cacheDir, id: 'thing-1', what: 'Thing 1', offline: false, signal, progress, ...more };
}

async function fill(partial: string): Promise<void> {
  mkdirSync(join(partial, 'lib'));
  writeFileSync(join(partial, 'lib', 'a.jar'), 'whole');
}

const installed = (): readonly string[] => readdirSync(cacheDir).filter((name) => name.startsWith('thing-1'));

test('an installation is made once and found again', async () => {
  const first = await installOnce(options(), fill);
  const second = await installOnce(options(), () => expect.unreachable('it is there'));
  expect(second).toBe(first);
  expect(readFileSync(join(first, 'lib', 'a.jar'), 'utf8')).toBe('whole');
});

test('an installation that fails leaves nothing behind and can be tried again', async () => {
  const failing = installOnce(options(), async (partial) => {
    await fill(partial);
    throw new Error('the network went away');
  });
  await expect(failing).rejects.toThrow('the network went away');
  expect(installed()).toEqual([]);
  await installOnce(options(), fill);
  expect(installed()).toEqual(['thing-1']);
});

test('what a killed process left half done is removed by the next installation', async () => {
  mkdirSync(join(cacheDir, 'thing-1.partial-dead'), { recursive: true });
  writeFileSync(join(cacheDir, 'thing-1.partial-dead', 'half'), 'x');
  await installOnce(options(), fill);
  expect(installed()).toEqual(['thing-1']);
});

test('a folder without the completion marker is installed again', async () => {
  mkdirSync(join(cacheDir, 'thing-1', 'lib'), { recursive: true });
  writeFileSync(join(cacheDir, 'thing-1', 'lib', 'a.jar'), 'wh');
  const folder = await installOnce(options(), fill);
  expect(readFileSync(join(folder, 'lib', 'a.jar'), 'utf8')).toBe('whole');
  expect(messages).toEqual(['Thing 1 is damaged (its installation was never finished); installing it again']);
});

test.for([
  ['cut short', (file: string) => truncateSync(file, 2), 'lib/a.jar has 2 bytes instead of 5'],
  ['missing', (file: string) => rmSync(file), 'lib/a.jar is missing'],
] as const)('a file that is %s is noticed by another process, and repaired', async ([, damage, what]) => {
  const folder = await installOnce(options(), fill);
  damage(join(folder, 'lib', 'a.jar'));
  // A process believes what it has once found whole; another looks for itself.
  const said = await inAnotherProcess('whole');
  expect(said).toContain(`Thing 1 is damaged (${what}); installing it again`);
  expect(readFileSync(join(folder, 'lib', 'a.jar'), 'utf8')).toBe('whole');
  expect(installed()).toEqual(['thing-1']);
});

test('offline, what is missing is an error that names it and the way to get it', async () => {
  await expect(installOnce(options({ offline: true }), fill)).rejects.toMatchObject({
    code: 'OFFLINE_MISSING',
    message: 'Thing 1 is not installed, and --offline forbids fetching it.',
    remedy: expect.stringContaining('npx naetmul setup'),
  });
});

test('offline, what is there is used', async () => {
  await installOnce(options(), fill);
  await expect(installOnce(options({ offline: true }), fill)).resolves.toBe(join(cacheDir, 'thing-1'));
});

test('two processes that install the same thing at once install it one time, and the second says that it waits', async () => {
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const first = installOnce(options(), async (partial) => {
    begun.resolve();
    await gate.promise;
    await fill(partial);
  });
  await begun.promise;
  const other = startAnotherProcess('from the other');
  await other.saysSomething;
  gate.resolve();
  await first;
  expect(await other.output).toContain(`waiting for Thing 1: pid ${process.pid} is installing it`);
  expect(readFileSync(join(cacheDir, 'thing-1', 'lib', 'a.jar'), 'utf8')).toBe('whole');
});

test('a process that is killed while it installs holds nobody up', async () => {
  const other = startAnotherProcess('never', 'hang');
  await other.saysSomething;
  expect(installed().some((name) => name.includes('.partial-'))).toBe(true);
  other.kill();
  await other.output;
  await installOnce(options(), fill);
  expect(installed()).toEqual(['thing-1']);
});

test('an aborted wait ends with the reason', async () => {
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const first = installOnce(options(), async (partial) => {
    begun.resolve();
    await gate.promise;
    await fill(partial);
  });
  await begun.promise;
  const abort = new AbortController();
  const reason = new Error('enough');
  const progress = (): void => abort.abort(reason);
  await expect(installOnce(options({ signal: abort.signal, progress }), fill)).rejects.toThrow();
  gate.resolve();
  await first;
  expect(existsSync(join(cacheDir, 'thing-1', 'lib', 'a.jar'))).toBe(true);
});

/** Another process that installs the same thing with the given content; with `hang`, it stays in the middle of it. */
function startAnotherProcess(
  content: string,
  hang = '',
): {
  readonly saysSomething: Promise<unknown>;
  readonly output: Promise<string>;
  kill(): void;
} {
  const script = `
    import { installOnce } from ${JSON.stringify(join(import.meta.dirname, 'install.ts'))};
    import { mkdirSync, writeFileSync } from 'node:fs';
    const [cacheDir, content, hang] = process.argv.slice(1);
    const options = { cacheDir, id: 'thing-1', what: 'Thing 1', offline: false, signal: new AbortController().signal };
    await installOnce({ ...options, progress: (message) => console.log(message) }, async (partial) => {
      mkdirSync(partial + '/lib');
      writeFileSync(partial + '/lib/a.jar', content);
      if (hang) { console.log('hanging'); process.stdin.resume(); await new Promise(() => {}); }
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, cacheDir, content, hang], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  const saysSomething = new Promise((resolve) => child.stdout.once('data', resolve));
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const output = new Promise<string>((resolve) => child.once('close', () => resolve(text)));
  return { saysSomething, output, kill: () => child.kill('SIGKILL') };
}

function inAnotherProcess(content: string): Promise<string> {
  return startAnotherProcess(content).output;
}
