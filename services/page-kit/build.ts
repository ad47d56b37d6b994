import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

const KIT = import.meta.dirname;
/** Beside the page: a digest of all that it was made of. */
const STAMP = 'made-of.txt';

export interface PageBuildOptions {
  /** The file that builds the page when it is run: `web/build.ts`, beside `page` and `shared`. */
  readonly script: string;
  /** What is built in, or builds. */
  readonly packages: readonly string[];
  /** A script that is larger is worth a warning, in kB. */
  readonly largeKb?: number;
}

export interface BuiltPage {
  /** The folder that is served. */
  readonly folder: string;
  /** Undefined when there was nothing to do. */
  readonly builtInMs: number | undefined;
}

/** Builds the page beside a script into `dist`, by Vite. */
export class PageBuild {
  readonly #options: PageBuildOptions;
  readonly #folder: string;
  readonly #dist: string;

  constructor(options: PageBuildOptions) {
    this.#options = options;
    this.#folder = dirname(options.script);
    this.#dist = join(this.#folder, 'dist');
  }

  /**
   * The folder of the page, built in a process of its own if need be, so that the server does not keep the memory.
   * Errors: with what Vite says.
   */
  async ensure(): Promise<BuiltPage> {
    const folder = this.#dist;
    const made = await stampOf(folder);
    // Where Vite is not, as in the container, the page was built before and is as it is.
    if (this.#packageFile('vite') === undefined && made !== undefined) return { folder, builtInMs: undefined };
    if (made === (await this.#digestOfSources())) return { folder, builtInMs: undefined };
    const startedAt = performance.now();
    try {
      await promisify(execFile)(process.execPath, [this.#options.script]);
    } catch (error) {
      throw new Error(`The page cannot be built: ${(error as { stderr?: string }).stderr || error}`, { cause: error });
    }
    return { folder, builtInMs: Math.round(performance.now() - startedAt) };
  }

  /** Builds it in this process. */
  async build(): Promise<void> {
    const { build } = await import('vite');
    const digest = await this.#digestOfSources();
    // A folder of this build's own, then renamed: two that build at once, or one that is killed, leave nothing half made.
    const fresh = `${this.#dist}.${process.pid}`;
    await build({
      root: join(this.#folder, 'page'),
      publicDir: join(KIT, 'page', 'public'),
      configFile: false,
      logLevel: 'warn',
      build: {
        outDir: fresh,
        emptyOutDir: true,
        target: 'es2022',
        chunkSizeWarningLimit: this.#options.largeKb ?? 500,
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
      },
    });
    await writeFile(join(fresh, STAMP), digest);
    await rm(this.#dist, { recursive: true, force: true });
    try {
      await rename(fresh, this.#dist);
    } catch (error) {
      await rm(fresh, { recursive: true, force: true });
      // Another build came in between; it was made of the same.
      if ((await stampOf(this.#dist)) !== digest) throw error;
    }
  }

  async #digestOfSources(): Promise<string> {
    const { script, packages } = this.#options;
    const folders = [join(this.#folder, 'page'), join(this.#folder, 'shared'), join(KIT, 'page'), join(KIT, 'shared')];
    const found = await Promise.all(
      folders.map(async (folder) => {
        const entries = await readdir(folder, { withFileTypes: true, recursive: true });
        const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'));
        return files.map((entry) => join(entry.parentPath, entry.name)).sort();
      }),
    );
    const digest = createHash('sha256');
    for (const file of [...found.flat(), script, join(KIT, 'build.ts')]) {
      digest.update(`${relative(this.#folder, file)}\n`).update(await readFile(file));
    }
    for (const name of packages) digest.update(`${name} ${await this.#versionOf(name)}\n`);
    return digest.digest('hex');
  }

  async #versionOf(name: string): Promise<string> {
    const file = this.#packageFile(name);
    return file === undefined ? 'not installed' : JSON.parse(await readFile(file, 'utf8')).version;
  }

  /** The package.json of a package; not all of them let it be resolved by name. */
  #packageFile(name: string): string | undefined {
    const paths = createRequire(this.#options.script).resolve.paths(name) ?? [];
    return paths.map((folder) => join(folder, name, 'package.json')).find((file) => existsSync(file));
  }
}

async function stampOf(folder: string): Promise<string | undefined> {
  return readFile(join(folder, STAMP), 'utf8').catch(() => undefined);
}
