import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** 1.7 is what API Gateway behaves like; 2.4.1 (`velocity-engine-core`) is asked for comparison. */
export const ENGINES = ['1.7', '2.4.1'] as const;
export type Engine = (typeof ENGINES)[number];

export interface OracleRequest {
  readonly engine: Engine;
  readonly template: string;
  readonly context: Readonly<Record<string, unknown>>;
}

export type OracleAnswer = { readonly output: string } | { readonly error: string };

export interface Oracle extends AsyncDisposable {
  ask(requests: readonly OracleRequest[]): Promise<OracleAnswer[]>;
}

const run = promisify(execFile);
const FOLDER = import.meta.dirname;

/**
 * Starts one JVM with Apache Velocity in both versions. Needs `java` (17 or newer) and, the first time, `mvn`, which
 * fetches Velocity from Maven Central into `cache` (default: VELOCITY_ORACLE_CACHE or a folder below node_modules).
 */
export async function startOracle(cache = process.env.VELOCITY_ORACLE_CACHE ?? defaultCache()): Promise<Oracle> {
  await mkdir(cache, { recursive: true });
  const classpaths: string[] = [];
  for (const engine of ENGINES) classpaths.push(`${engine}=${await classpath(engine, cache)}`);
  const java = spawn('java', [path.join(FOLDER, 'Oracle.java'), ...classpaths], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: java.stdout })[Symbol.asyncIterator]();
  return {
    async ask(requests) {
      const answers: OracleAnswer[] = [];
      for (const request of requests) {
        java.stdin.write(`${JSON.stringify(request)}\n`);
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

function defaultCache(): string {
  return path.resolve('node_modules/.cache/velocity-oracle');
}

async function classpath(engine: Engine, cache: string): Promise<string> {
  const file = path.join(cache, `classpath-${engine}.txt`);
  const known = await stat(file).then(
    () => true,
    () => false,
  );
  if (!known) {
    const repository = `-Dmaven.repo.local=${path.join(cache, 'm2')}`;
    const pom = path.join(FOLDER, `velocity-${engine}.xml`);
    await run('mvn', ['-q', '-f', pom, repository, 'dependency:build-classpath', `-Dmdep.outputFile=${file}`]);
  }
  return (await readFile(file, 'utf8')).trim();
}
