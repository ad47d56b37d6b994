import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineContext } from '../engine.ts';
import { linkOrCopy, type Owner, othersCanReach } from '../privileges.ts';
import { installOnce } from '../setup/install.ts';
import { classPath, type OpenSearchFiles } from './command.ts';
import { INSTALLATION } from './install.ts';
import type { Java } from './java.ts';

/**
 * Java can write the classes that a program has loaded into an archive (AppCDS) and map it at the next start. It halves
 * OpenSearch's boot: 2.4 s instead of 4.7 s, 3.4 s of CPU instead of 6.3 s (2 cores, Java 17). An archive is good for
 * one build of Java and one class path only; with any other, Java says nothing and boots the slow way.
 */
const ARCHIVE = 'classes.jsa';

/** All archives for one Java and one installation begin alike; the class path makes the rest of the name. */
function idPrefix(java: Java): string {
  return `${INSTALLATION}-cds-${java.fingerprint}-`;
}

function archiveId(java: Java, home: string): string {
  return idPrefix(java) + createHash('sha256').update(classPath(home)).digest('hex').slice(0, 8);
}

/**
 * True when this Java has an archive for another path only. Such a path belongs to a second run at the same time (see
 * `openRun`), which boots the slow way rather than spend 8 s and 80 MB on an archive of its own.
 */
export function hasArchiveForOtherPath(cacheDir: string, java: Java, home: string): boolean {
  const id = archiveId(java, home);
  const names = readdirSync(cacheDir);
  return !names.includes(id) && names.some((name) => name.startsWith(idPrefix(java)));
}

/** Makes the archive: `train` boots a server with the given flags and ends it. */
export async function makeArchive(
  context: Pick<EngineContext, 'cacheDir' | 'progress' | 'signal'>,
  java: Java,
  files: OpenSearchFiles,
  train: (flags: readonly string[]) => Promise<void>,
): Promise<void> {
  const { cacheDir, signal } = context;
  const progress = (message: string): void => context.progress(message);
  const id = archiveId(java, files.home);
  // It is made from what is here already, so `--offline` does not stand against it.
  const options = { cacheDir, id, what: 'OpenSearch’s class archive', offline: false, signal, progress };
  await installOnce(options, async (partial) => {
    progress('OpenSearch: making an archive of its classes, for faster starts');
    // The server may not be able to write into the cache.
    const made = join(files.dataDir, 'tmp', ARCHIVE);
    // Without the second flag, Java tells of each of some hundred classes that cannot be archived.
    await train([`-XX:ArchiveClassesAtExit=${made}`, '-Xlog:cds=off', '-Xlog:cds+dynamic=off']);
    copyFileSync(made, join(partial, ARCHIVE));
  });
}

/** The flags that make Java use the archive; none when there is no archive for this Java and path. */
export function archiveFlags(
  cacheDir: string,
  java: Java,
  files: OpenSearchFiles,
  owner: Owner | undefined,
): readonly string[] {
  const cached = join(cacheDir, archiveId(java, files.home), ARCHIVE);
  if (!existsSync(cached)) return [];
  if (owner === undefined || othersCanReach(cached)) return [`-XX:SharedArchiveFile=${cached}`];
  const reachable = join(files.dataDir, ARCHIVE);
  if (!existsSync(reachable)) linkOrCopy(cached, reachable);
  return [`-XX:SharedArchiveFile=${reachable}`];
}
