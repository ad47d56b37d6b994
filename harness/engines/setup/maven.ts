import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { NaetmulError } from '../../errors.ts';
import { findOnPath, runCommand } from './command.ts';
import { withLock } from './lock.ts';

/** Pinned, so that the same set-up is made in a year; needs Maven ≥ 3.6.3. */
const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

/** One file of a Maven repository, with the checksum of the file that naetmul was tested with. */
export interface MavenArtifact {
  readonly group: string;
  readonly name: string;
  readonly version: string;
  readonly type: 'jar' | 'zip';
  readonly sha256: string;
}

/**
 * Fetches an artifact with the user's own Maven (and so with its settings, mirrors and proxies) into `cacheDir/maven`
 * and returns the file. The user's local repository is left alone.
 * Errors: `MAVEN_MISSING`, `SETUP_FAILED`, `CHECKSUM_MISMATCH`.
 */
export async function fetchMavenArtifact(
  artifact: MavenArtifact,
  options: { readonly cacheDir: string; readonly signal: AbortSignal; progress(message: string): void },
): Promise<string> {
  const { group, name, version, type } = artifact;
  const coordinates = `${group}:${name}:${version}:${type}`;
  const mvn = findOnPath('mvn');
  if (mvn === undefined) {
    throw new NaetmulError('MAVEN_MISSING', `Maven is needed to fetch ${coordinates}, and mvn is not on the PATH.`, {
      remedy: 'Install Maven (Debian: sudo apt install maven; macOS: brew install maven).',
    });
  }
  const repository = join(options.cacheDir, 'maven');
  const file = join(repository, ...group.split('.'), name, version, `${name}-${version}.${type}`);
  const onWait = (): void => options.progress(`waiting for Maven, which is busy for another download`);
  // Two Mavens that write to one local repository can spoil each other's files.
  await withLock(join(options.cacheDir, 'locks', 'maven.lock'), { signal: options.signal, onWait }, async () => {
    options.progress(`downloading ${name} ${version} with Maven`);
    const args = [
      '--batch-mode',
      '--no-transfer-progress',
      `${DEPENDENCY_PLUGIN}:get`,
      `-Dartifact=${coordinates}`,
      '-Dtransitive=false',
      `-Dmaven.repo.local=${repository}`,
    ];
    await runCommand(mvn, args, {
      purpose: `Downloading ${coordinates}`,
      signal: options.signal,
      cwd: options.cacheDir,
    });
  });
  const found = await sha256Of(file);
  if (found !== artifact.sha256) {
    throw new NaetmulError('CHECKSUM_MISMATCH', `${coordinates} has sha256 ${found}, not ${artifact.sha256}.`, {
      remedy: `Remove ${file} and try again; if it stays so, look at the mirror that Maven uses.`,
    });
  }
  return file;
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
