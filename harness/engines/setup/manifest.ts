import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { machine } from '../../clock/machine.ts';

/** The completion marker: it is written last, so an installation without it never finished. */
export const MANIFEST_FILE = '.naetmul-install.json';
/** Files looked at before other work of the process gets its turn: about 2 ms. */
const FILES_PER_TURN = 500;

interface Manifest {
  readonly id: string;
  /** Guards the list itself: sha256 over its JSON. */
  readonly digest: string;
  /** Path inside the folder, and size in bytes. */
  readonly files: readonly (readonly [path: string, size: number])[];
}

/** Lists every file of a finished installation with its size. */
export function writeManifest(folder: string, id: string): void {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
    .filter(({ entry, path }) => isPartOfInstall(entry.name, path) && (entry.isFile() || entry.isSymbolicLink()))
    .flatMap(({ path }) => {
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat?.isFile() ? [[relative(folder, path), stat.size] as const] : [];
    });
  const manifest: Manifest = { id, digest: digestOf(files), files };
  writeFileSync(join(folder, MANIFEST_FILE), JSON.stringify(manifest));
}

/**
 * Says what is wrong with an installation: undefined when it is whole, `'absent'` when there is none, else a phrase
 * such as `lib/x.jar is missing`. Compares sizes, not contents: 25,000 files take about 0.1 s.
 */
export async function damageOf(folder: string, id: string): Promise<string | undefined> {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return 'absent';
  const manifest = readManifest(join(folder, MANIFEST_FILE));
  if (manifest === undefined || manifest.id !== id) return 'its installation was never finished';
  let looked = 0;
  for (const [path, size] of manifest.files) {
    const stat = statSync(join(folder, path), { throwIfNoEntry: false });
    if (stat === undefined) return `${path} is missing`;
    if (stat.size !== size) return `${path} has ${stat.size} bytes instead of ${size}`;
    if (++looked % FILES_PER_TURN === 0) await machine.turn();
  }
  return undefined;
}

/** Python writes bytecode again whenever it likes; it is no part of what was installed. */
function isPartOfInstall(name: string, path: string): boolean {
  return name !== MANIFEST_FILE && !path.includes('__pycache__');
}

function readManifest(file: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
    return manifest.digest === digestOf(manifest.files) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

function digestOf(files: Manifest['files']): string {
  return createHash('sha256').update(JSON.stringify(files)).digest('hex');
}
