/** `node build.ts` bundles the functions as `sam build` does, into `build/` or the folder that is given. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build as bundle } from 'esbuild';
import { type CollectionTag, parse, type ScalarTag } from 'yaml';

const FOLDER = import.meta.dirname;

interface BuildProperties {
  readonly EntryPoints: readonly string[];
  readonly External?: readonly string[];
  readonly Target: string;
  readonly Minify: boolean;
  readonly Sourcemap: boolean;
}

interface Template {
  readonly Globals: { readonly Function: { readonly CodeUri: string } };
  readonly Resources: Readonly<
    Record<
      string,
      {
        readonly Metadata?: { readonly BuildProperties?: BuildProperties };
        readonly Properties?: { readonly CodeUri?: string };
      }
    >
  >;
}

/**
 * Bundles each function, as the template's BuildProperties say, into a CommonJS file that needs nothing but what Lambda
 * has: `Function/lambda.js` and so on. Returns their paths in `outDir`.
 */
export async function build(outDir: string): Promise<readonly string[]> {
  const { Globals, Resources } = readTemplate(await readFile(join(FOLDER, 'template.yaml'), 'utf8')) as Template;
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  // In a folder of Lambda's nothing says otherwise; here the project's package.json would say that they are modules.
  await writeFile(join(outDir, 'package.json'), '{"type":"commonjs"}\n');
  const files: string[] = [];
  for (const [logicalId, { Metadata, Properties }] of Object.entries(Resources)) {
    if (Metadata?.BuildProperties === undefined) continue;
    const { EntryPoints, External = [], Target, Minify, Sourcemap } = Metadata.BuildProperties;
    const { outputFiles } = await bundle({
      absWorkingDir: join(FOLDER, Properties?.CodeUri ?? Globals.Function.CodeUri),
      entryPoints: [...EntryPoints],
      external: [...External],
      outdir: join(outDir, logicalId),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: Target,
      minify: Minify,
      sourcemap: Sourcemap,
      logLevel: 'warning',
      write: false,
    });
    await mkdir(join(outDir, logicalId));
    for (const { path, contents } of outputFiles) {
      await writeFile(path, contents);
      if (path.endsWith('.js')) files.push(relative(outDir, path));
    }
  }
  return files;
}

/** The template without CloudFormation's functions: each is its argument. */
export function readTemplate(text: string) {
  return parse(text, { customTags: INTRINSICS });
}

const NAMES = ['Ref', 'GetAtt', 'Sub', 'If', 'Not', 'Equals', 'FindInMap'];
const INTRINSICS: (ScalarTag | CollectionTag)[] = NAMES.flatMap((name) => [
  { tag: `!${name}`, resolve: (text: string) => text },
  { tag: `!${name}`, collection: 'seq' as const },
]);

if (import.meta.main) await build(process.argv[2] ?? join(FOLDER, 'build'));
