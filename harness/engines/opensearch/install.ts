import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EngineContext } from '../engine.ts';
import { installOnce } from '../setup/install.ts';
import { fetchMavenArtifact, type MavenArtifact } from '../setup/maven.ts';
import { unzip } from '../setup/unzip.ts';

/** The whole server without plugins and without a JDK, as OpenSearch publishes it for integration tests. */
const ARTIFACT: MavenArtifact = {
  group: 'org.opensearch.distribution.integ-test-zip',
  name: 'opensearch',
  version: '2.19.6',
  type: 'zip',
  sha256: '71d6d8b1c637f3faecda0752b184b1cc526fc6eaad59ec1408c6327bb00b9293',
};
/** Start scripts and settings are not used (see command.ts), nor are the command-line tools. */
const WANTED = /^opensearch-[^/]+\/((?:lib\/[^/]+\.jar|modules\/.+|(?:LICENSE|NOTICE)\.txt))$/;

/** The folder of OpenSearch's installation; made when it is not there. */
export function installOpenSearch(
  context: Pick<EngineContext, 'cacheDir' | 'offline' | 'progress' | 'signal'>,
): Promise<string> {
  const { cacheDir, offline, signal } = context;
  const progress = (message: string): void => context.progress(message);
  const options = { cacheDir, offline, signal, progress };
  const id = `opensearch-${ARTIFACT.version}`;
  return installOnce({ ...options, id, what: `OpenSearch ${ARTIFACT.version}` }, async (partial) => {
    const zip = await fetchMavenArtifact(ARTIFACT, options);
    progress(`unpacking OpenSearch ${ARTIFACT.version}`);
    await unzip(zip, partial, (entry) => WANTED.exec(entry)?.[1]);
    // The server insists on these, and may not make them where it may not write.
    for (const folder of ['bin', 'plugins', 'extensions']) mkdirSync(join(partial, folder));
    rmSync(dirname(zip), { recursive: true, force: true });
  });
}
