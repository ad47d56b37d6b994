/** `node build.ts` bundles the function as `sam build` does, into `build/` or the folder that is given. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build as bundle } from 'esbuild';
import { type CollectionTag, parse, type ScalarTag } from 'yaml';

const FOLDER = import.meta.dirname;
const FUNCTION = 'IndexTemplateFunction';

interface BuildProperties {
  readonly EntryPoints: readonly string[];
  readonly External: readonly string[];
  readonly Target: string;
  readonly Minify: boolean;
  readonly Sourcemap: boolean;
}

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Metadata?: { readonly BuildProperties?: BuildProperties } }>>;
}

/** Bundles the function, as the template's BuildProperties say, into a CommonJS file: `handler.js`. */
export async function build(outDir: string): Promise<void> {
  const { EntryPoints, External, Target, Minify, Sourcemap } = await buildProperties();
  await rm(outDir, { recursive: true, force: true });
  await bundle({
    absWorkingDir: FOLDER,
    entryPoints: [...EntryPoints],
    external: [...External],
    outdir: outDir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: Target,
    minify: Minify,
    sourcemap: Sourcemap,
    logLevel: 'warning',
  });
  // In a folder of Lambda's nothing says otherwise; here the project's package.json would say that it is a module.
  await mkdir(outDir, { recursive: true });
  await writeFile(join(outDir, 'package.json'), '{"type":"commonjs"}\n');
}

async function buildProperties(): Promise<BuildProperties> {
  const text = await readFile(join(FOLDER, 'template.yaml'), 'utf8');
  const template: Template = parse(text, { customTags: INTRINSICS });
  const properties = template.Resources[FUNCTION]?.Metadata?.BuildProperties;
  if (properties === undefined) throw new Error(`template.yaml has no BuildProperties for ${FUNCTION}.`);
  return properties;
}

/** CloudFormation's short forms, of which nothing is wanted here. */
export const INTRINSICS: (ScalarTag | CollectionTag)[] = ['Ref', 'GetAtt', 'Sub'].flatMap((name) => [
  { tag: `!${name}`, resolve: (text: string) => text },
  { tag: `!${name}`, collection: 'seq' as const },
]);

if (import.meta.main) await build(process.argv[2] ?? join(FOLDER, 'build'));
