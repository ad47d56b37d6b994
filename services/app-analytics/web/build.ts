/** `node web/build.ts` builds the page into `web/dist`; the server does so where what is there was made of other sources. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const FOLDER = import.meta.dirname;
const DIST = join(FOLDER, 'dist');
/** Beside the page: a digest of all that it was made of. */
const STAMP = 'made-of.txt';
/** What is built in, or builds. */
const PACKAGES = ['vite', 'uplot'];

export interface BuiltPage {
  /** The folder that is served. */
  readonly folder: string;
  /** Undefined when there was nothing to do. */
  readonly builtInMs: number | undefined;
}

/**
 * The folder of the page, built in a process of its own if need be, so that the server does not keep the memory.
 * Errors: with what Vite says.
 */
export async function ensurePage(): Promise<BuiltPage> {
  // Where Vite is not, as in the container, the page was built before and is as it is.
  if (!isInstalled('vite') && (await stampOf(DIST)) !== undefined) return { folder: DIST, builtInMs: undefined };
  if ((await stampOf(DIST)) === (await digestOfSources())) return { folder: DIST, builtInMs: undefined };
  const startedAt = performance.now();
  try {
    await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url)]);
  } catch (error) {
    throw new Error(`The page cannot be built: ${(error as { stderr?: string }).stderr || error}`, { cause: error });
  }
  return { folder: DIST, builtInMs: Math.round(performance.now() - startedAt) };
}

async function buildPage(): Promise<void> {
  const { build } = await import('vite');
  const digest = await digestOfSources();
  // A folder of this build's own, then renamed: two that build at once, or one that is killed, leave nothing half made.
  const fresh = `${DIST}.${process.pid}`;
  await build({
    root: join(FOLDER, 'page'),
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir: fresh,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  });
  await writeFile(join(fresh, STAMP), digest);
  await rm(DIST, { recursive: true, force: true });
  try {
    await rename(fresh, DIST);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    // Another build came in between; it was made of the same.
    if ((await stampOf(DIST)) !== digest) throw error;
  }
}

async function stampOf(folder: string): Promise<string | undefined> {
  return readFile(join(folder, STAMP), 'utf8').catch(() => undefined);
}

async function digestOfSources(): Promise<string> {
  const digest = createHash('sha256');
  for (const folder of ['page', 'shared']) {
    const entries = await readdir(join(FOLDER, folder), { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'));
    for (const file of files.map((entry) => join(entry.parentPath, entry.name)).sort()) {
      digest.update(`${file.slice(FOLDER.length)}\n`).update(await readFile(file));
    }
  }
  digest.update(await readFile(fileURLToPath(import.meta.url)));
  for (const name of PACKAGES) digest.update(`${name} ${await versionOf(name)}\n`);
  return digest.digest('hex');
}

function isInstalled(name: string): boolean {
  return packageFile(name) !== undefined;
}

async function versionOf(name: string): Promise<string> {
  const file = packageFile(name);
  return file === undefined ? 'not installed' : JSON.parse(await readFile(file, 'utf8')).version;
}

/** The package.json of a package; not all of them let it be resolved by name. */
function packageFile(name: string): string | undefined {
  const paths = createRequire(import.meta.url).resolve.paths(name) ?? [];
  return paths.map((folder) => join(folder, name, 'package.json')).find((file) => existsSync(file));
}

if (import.meta.main) await buildPage();
