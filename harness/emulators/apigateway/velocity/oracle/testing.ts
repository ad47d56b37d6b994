import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { findJava } from '../../../../engines/opensearch/java.ts';
import { cacheFolder } from '../../../../engines/setup/cache-folder.ts';
import { installOnce } from '../../../../engines/setup/install.ts';
import { fetchMavenArtifact, type MavenArtifact } from '../../../../engines/setup/maven.ts';

/**
 * What the oracle asks. API Gateway behaves like Velocity 1.7; 2.4.1 (`velocity-engine-core`) is asked for comparison.
 * Which Jayway JsonPath it runs is not known: 2.4.0 is of the years in which it was made, 2.9.0 is widely used now.
 */
export type VelocityEngine = 'velocity-1.7' | 'velocity-2.4.1';
export type JsonPathEngine = 'json-path-2.4.0' | 'json-path-2.9.0';

export type OracleRequest =
  | {
      readonly engine: VelocityEngine;
      readonly template: string;
      readonly context: Readonly<Record<string, unknown>>;
    }
  /** `document` is JSON text. */
  | { readonly engine: JsonPathEngine; readonly document: string; readonly path: string }
  /** How many times a second a mapping template is rendered over a body; the template is read once. */
  | {
      readonly engine: VelocityEngine;
      readonly template: string;
      readonly body: string;
      readonly milliseconds: number;
    };

/** What was rendered, or the JSON text of what was found (`times`: a number); or the exception. */
export type OracleAnswer = { readonly output: string } | { readonly error: string };

export interface Oracle extends AsyncDisposable {
  /** Answers in the order of the requests. */
  ask(requests: readonly OracleRequest[]): Promise<OracleAnswer[]>;
}

/**
 * Starts one JVM (17 or newer) with Apache Velocity and Jayway JsonPath, two versions of each. The first time Maven
 * fetches them into naetmul's cache, as it does OpenSearch.
 */
export async function startOracle(): Promise<Oracle> {
  const { signal } = new AbortController();
  const { executable } = await findJava(signal);
  const folder = await install(signal);
  const classPaths = Object.entries(JARS).map(
    ([engine, jars]) => `${engine}=${jars.map((jar) => path.join(folder, fileOf(jar))).join(path.delimiter)}`,
  );
  const java = spawn(executable, [path.join(import.meta.dirname, 'Oracle.java'), ...classPaths], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: java.stdout })[Symbol.asyncIterator]();
  return {
    async ask(requests) {
      java.stdin.write(requests.map((request) => `${JSON.stringify(request)}\n`).join(''));
      const answers: OracleAnswer[] = [];
      for (const request of requests) {
        const line = await lines.next();
        if (line.done === true) throw new Error(`the oracle died on ${JSON.stringify(request)}`);
        answers.push(JSON.parse(line.value));
      }
      return answers;
    },
    async [Symbol.asyncDispose]() {
      java.stdin.end();
      if (java.exitCode === null) await once(java, 'exit');
    },
  };
}

async function install(signal: AbortSignal): Promise<string> {
  const jars = Object.values(JARS).flat();
  const id = `template-oracle-${createHash('sha256').update(JSON.stringify(JARS)).digest('hex').slice(0, 12)}`;
  const options = { cacheDir: cacheFolder(), offline: false, signal, progress: () => undefined };
  return await installOnce({ ...options, id, what: 'Apache Velocity and Jayway JsonPath' }, async (partial) => {
    for (const jar of new Set(jars)) {
      copyFileSync(await fetchMavenArtifact(jar, options), path.join(partial, fileOf(jar)));
    }
  });
}

const fileOf = ({ name, version }: MavenArtifact): string => `${name}-${version}.jar`;

const jar = (group: string, name: string, version: string, sha256: string): MavenArtifact => ({
  group,
  name,
  version,
  type: 'jar',
  sha256,
});

const SLF4J = jar(
  'org.slf4j',
  'slf4j-api',
  '1.7.36',
  'd3ef575e3e4979678dc01bf1dcce51021493b4d11fb7f1be8ad982877c16a1c0',
);

/** The class path of each. */
const JARS: Readonly<Record<VelocityEngine | JsonPathEngine, readonly MavenArtifact[]>> = {
  'velocity-1.7': [
    jar('org.apache.velocity', 'velocity', '1.7', 'ec92dae810034f4b46dbb16ef4364a4013b0efb24a8c5dd67435cae46a290d8e'),
    jar(
      'commons-collections',
      'commons-collections',
      '3.2.1',
      '87363a4c94eaabeefd8b930cb059f66b64c9f7d632862f23de3012da7660047b',
    ),
    jar('commons-lang', 'commons-lang', '2.4', '2c73b940c91250bc98346926270f13a6a10bb6e29d2c9316a70d134e382c873e'),
  ],
  'velocity-2.4.1': [
    jar(
      'org.apache.velocity',
      'velocity-engine-core',
      '2.4.1',
      '1c19157d1171d560088e485be97c93a7a2f7e9f56e517f0a30273c5c39df6231',
    ),
    jar(
      'org.apache.commons',
      'commons-lang3',
      '3.17.0',
      '6ee731df5c8e5a2976a1ca023b6bb320ea8d3539fbe64c8a1d5cb765127c33b4',
    ),
    SLF4J,
  ],
  'json-path-2.4.0': [
    jar(
      'com.jayway.jsonpath',
      'json-path',
      '2.4.0',
      '60441c74fb64e5a480070f86a604941927aaf684e2b513d780fb7a38fb4c5639',
    ),
    jar('net.minidev', 'json-smart', '2.3', '903f48c8aa4c3f6426440b8d32de89fa1dc23b1169abde25e4e1d068aa67708b'),
    jar('net.minidev', 'accessors-smart', '1.2', '0c7c265d62fc007124dc32b91336e9c4272651d629bc5fa1a4e4e3bc758eb2e4'),
    jar('org.ow2.asm', 'asm', '5.0.4', '896618ed8ae62702521a78bc7be42b7c491a08e6920a15f89a3ecdec31e9a220'),
    SLF4J,
  ],
  'json-path-2.9.0': [
    jar(
      'com.jayway.jsonpath',
      'json-path',
      '2.9.0',
      '11a9ee6f88bb31f1450108d1cf6441377dec84aca075eb6bb2343be157575bea',
    ),
    jar('net.minidev', 'json-smart', '2.5.0', '432b9e545848c4141b80717b26e367f83bf33f19250a228ce75da6e967da2bc7'),
    jar('net.minidev', 'accessors-smart', '2.5.0', '12314fc6881d66a413fd66370787adba16e504fbf7e138690b0f3952e3fbd321'),
    jar('org.ow2.asm', 'asm', '9.3', '1263369b59e29c943918de11d6d6152e2ec6085ce63e5710516f8c67d368e4bc'),
    SLF4J,
  ],
};
