import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

interface FetchOptions {
  readonly cacheDir: string;
  readonly signal: AbortSignal;
  progress(message: string): void;
}

/** As `fetchMavenArtifacts`, for a single one. */
export async function fetchMavenArtifact(artifact: MavenArtifact, options: FetchOptions): Promise<string> {
  await fetchMavenArtifacts([artifact], `${artifact.name} ${artifact.version}`, options);
  return fileOf(artifact, options.cacheDir);
}

/**
 * Fetches artifacts with the user's own Maven (and so with its settings, mirrors and proxies) into `cacheDir/maven` and
 * returns the files in the same order. The user's local repository is left alone. Maven takes seconds to start, so it is
 * started once for all. `what` is what people call them together.
 * Errors: `MAVEN_MISSING`, `SETUP_FAILED`, `CHECKSUM_MISMATCH`.
 */
export async function fetchMavenArtifacts(
  artifacts: readonly MavenArtifact[],
  what: string,
  options: FetchOptions,
): Promise<readonly string[]> {
  const { cacheDir, signal } = options;
  const mvn = findOnPath('mvn');
  if (mvn === undefined) {
    throw new NaetmulError('MAVEN_MISSING', `Maven is needed to fetch ${what}, and mvn is not on the PATH.`, {
      remedy: 'Install Maven (Debian: sudo apt install maven; macOS: brew install maven).',
    });
  }
  const onWait = (): void => options.progress(`waiting for Maven, which is busy for another download`);
  // Two Mavens that write to one local repository can spoil each other's files.
  await withLock(join(cacheDir, 'locks', 'maven.lock'), { signal, onWait }, async () => {
    options.progress(`downloading ${what} with Maven`);
    const project = mkdtempSync(join(tmpdir(), 'naetmul-maven-'));
    try {
      writeFileSync(join(project, 'pom.xml'), projectOf(artifacts));
      const args = ['--batch-mode', '--no-transfer-progress', `${DEPENDENCY_PLUGIN}:copy`];
      const repository = `-Dmaven.repo.local=${join(cacheDir, 'maven')}`;
      await runCommand(mvn, [...args, repository], { purpose: `Downloading ${what}`, signal, cwd: project });
    } finally {
      rmSync(project, { recursive: true, force: true });
    }
  });
  for (const artifact of artifacts) await verify(artifact, fileOf(artifact, cacheDir));
  return artifacts.map((artifact) => fileOf(artifact, cacheDir));
}

/** A project that does nothing but name the artifacts: on the command line the plugin's goals take only one. */
function projectOf(artifacts: readonly MavenArtifact[]): string {
  const [group, name, version] = DEPENDENCY_PLUGIN.split(':');
  const items = artifacts.map(
    (item) =>
      `<artifactItem><groupId>${item.group}</groupId><artifactId>${item.name}</artifactId>` +
      `<version>${item.version}</version><type>${item.type}</type></artifactItem>`,
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>naetmul</groupId><artifactId>downloads</artifactId><version>1</version><packaging>pom</packaging>
  <build><plugins><plugin>
    <groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version>
    <configuration><artifactItems>${items.join('')}</artifactItems></configuration>
  </plugin></plugins></build>
</project>
`;
}

function fileOf({ group, name, version, type }: MavenArtifact, cacheDir: string): string {
  return join(cacheDir, 'maven', ...group.split('.'), name, version, `${name}-${version}.${type}`);
}

async function verify({ group, name, version, type, sha256 }: MavenArtifact, file: string): Promise<void> {
  const found = await sha256Of(file);
  if (found === sha256) return;
  const message = `${group}:${name}:${version}:${type} has sha256 ${found}, not ${sha256}.`;
  throw new NaetmulError('CHECKSUM_MISMATCH', message, {
    remedy: `Remove ${file} and try again; if it stays so, look at the mirror that Maven uses.`,
  });
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
