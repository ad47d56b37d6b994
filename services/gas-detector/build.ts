/** `node build.ts` bundles the functions as `sam build` does, into `build/` or the folder that is given. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build as bundle } from 'esbuild';
import { type CollectionTag, parse, type ScalarTag } from 'yaml';

const FOLDER = import.meta.dirname;

const FUNCTIONS = ['Function', 'WaitingFunction'];

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Metadata?: { readonly BuildProperties?: BuildProperties } }>>;
}

interface BuildProperties {
  readonly EntryPoints: readonly string[];
  readonly Target: string;
  readonly Minify: boolean;
  readonly Sourcemap: boolean;
}

/**
 * Bundles each function, as the template's BuildProperties say, into a CommonJS file that needs nothing else: `api.js`
 * and `waiting.js`.
 */
export async function build(outDir: string): Promise<void> {
  await rm(outDir, { recursive: true, force: true });
  for (const logicalId of FUNCTIONS) {
    const { EntryPoints, Target, Minify, Sourcemap } = await buildProperties(logicalId);
    await bundle({
      absWorkingDir: FOLDER,
      entryPoints: [...EntryPoints],
      outdir: outDir,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: Target,
      minify: Minify,
      sourcemap: Sourcemap,
      logLevel: 'warning',
    });
  }
  // In a folder of Lambda's nothing says otherwise; here the project's package.json would say that they are modules.
  await mkdir(outDir, { recursive: true });
  await writeFile(join(outDir, 'package.json'), '{"type":"commonjs"}\n');
}

async function buildProperties(logicalId: string): Promise<BuildProperties> {
  const text = await readFile(join(FOLDER, 'template.yaml'), 'utf8');
  const template: Template = parse(text, { customTags: INTRINSICS });
  const properties = template.Resources[logicalId]?.Metadata?.BuildProperties;
  if (properties === undefined) throw new Error(`template.yaml has no BuildProperties for ${logicalId}.`);
  return properties;
}

/** CloudFormation's short forms, of which nothing is wanted here. */
export const INTRINSICS: (ScalarTag | CollectionTag)[] = ['Ref', 'GetAtt', 'Sub'].flatMap((name) => [
  { tag: `!${name}`, resolve: (text: string) => text },
  { tag: `!${name}`, collection: 'seq' as const },
]);

if (import.meta.main) await build(process.argv[2] ?? join(FOLDER, 'build'));
