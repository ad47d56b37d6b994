import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EngineContext } from '../engine.ts';
import { readableCopy } from '../privileges.ts';
import { installOnce } from '../setup/install.ts';
import { MANIFEST_FILE } from '../setup/manifest.ts';
import { fetchMavenArtifact, type MavenArtifact } from '../setup/maven.ts';
import { unzip } from '../setup/unzip.ts';
import { addModules, MODULES_HASH, VERSION } from './modules.ts';

/**
 * The server with a single module (it speaks HTTP), without plugins and without a JDK, as OpenSearch publishes it for
 * integration tests.
 */
const ARTIFACT: MavenArtifact = {
  group: 'org.opensearch.distribution.integ-test-zip',
  name: 'opensearch',
  version: VERSION,
  type: 'zip',
  sha256: '71d6d8b1c637f3faecda0752b184b1cc526fc6eaad59ec1408c6327bb00b9293',
};
/** Start scripts and settings are not used (see command.ts), nor are the command-line tools. */
const WANTED = /^opensearch-[^/]+\/((?:lib\/[^/]+\.jar|modules\/.+|(?:LICENSE|NOTICE)\.txt))$/;

/** The installation's name in the cache: another set of modules is another installation. */
export const INSTALLATION = `opensearch-${VERSION}-modules-${MODULES_HASH}`;

type InstallContext = Pick<EngineContext, 'cacheDir' | 'offline' | 'progress' | 'signal'>;

/**
 * The folder of OpenSearch’s installation, the server with its modules; made when it is not there. Where the bare server
 * is there already, only the modules are fetched.
 */
export function installOpenSearch(context: InstallContext): Promise<string> {
  const options = optionsOf(context);
  return installOnce({ ...options, id: INSTALLATION, what: `OpenSearch ${VERSION}` }, async (partial) => {
    // Links, which take no room: what is installed is never written to.
    readableCopy(await installServer(options), partial);
    rmSync(join(partial, MANIFEST_FILE));
    await addModules(join(partial, 'modules'), options);
  });
}

function installServer(options: ReturnType<typeof optionsOf>): Promise<string> {
  const id = `opensearch-${VERSION}`;
  return installOnce({ ...options, id, what: `OpenSearch ${VERSION}` }, async (partial) => {
    const zip = await fetchMavenArtifact(ARTIFACT, options);
    options.progress(`unpacking OpenSearch ${VERSION}`);
    await unzip(zip, partial, (entry) => WANTED.exec(entry)?.[1]);
    // The server insists on these, and may not make them where it may not write.
    for (const folder of ['bin', 'plugins', 'extensions']) mkdirSync(join(partial, folder));
    rmSync(dirname(zip), { recursive: true, force: true });
  });
}

function optionsOf(context: InstallContext) {
  const { cacheDir, offline, signal } = context;
  return { cacheDir, offline, signal, progress: (message: string): void => context.progress(message) };
}
