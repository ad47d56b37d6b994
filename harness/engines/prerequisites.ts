import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findNginx } from '../processes/nginx.ts';
import { findPythons, isSuitable } from './localstack/index.ts';
import { findJava } from './opensearch/index.ts';
import { findOnPath } from './setup/command.ts';
import { dockerAnswers } from './stack.ts';

const run = promisify(execFile);

/** One program that naetmul may need of the machine. */
export interface Prerequisite {
  readonly name: string;
  /** What it is needed for. */
  readonly purpose: string;
  /** False for what is only used when it is there. */
  readonly required: boolean;
  /** The version that was found; undefined when the program was not. */
  readonly version: string | undefined;
  /** True when it is there and new enough. */
  readonly sufficient: boolean;
  /** How to get it, or what happens without it. */
  readonly remedy: string;
}

/** A shim that waits for something must not hold up the report, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** Looks at what this machine has, in the order a reader wants to see it. Never rejects. */
export function checkPrerequisites(): Promise<readonly Prerequisite[]> {
  return Promise.all([
    program('git', ['--version'], 'fetching naetmul', true, apt('git', 'git')),
    program('make', ['--version'], 'make scenarios, make test', true, apt('make', 'make')),
    program('node', ['--version'], 'running npm; naetmul brings its own Node 24', true, apt('nodejs', 'node'), 20),
    program('npm', ['--version'], 'installing naetmul', true, apt('npm', 'node')),
    python(),
    java(),
    program('mvn', ['--version'], 'fetching OpenSearch and MariaDB', true, apt('maven', 'maven'), 3),
    docker(),
    mysqld(),
    nginx(),
  ]);
}

async function program(
  name: string,
  args: readonly string[],
  purpose: string,
  required: boolean,
  remedy: string,
  oldestMajor = 0,
): Promise<Prerequisite> {
  const version = await versionOf(name, args);
  const sufficient = version !== undefined && Number.parseInt(version, 10) >= oldestMajor;
  return { name, purpose, required, version, sufficient, remedy };
}

async function versionOf(name: string, args: readonly string[]): Promise<string | undefined> {
  if (findOnPath(name) === undefined) return undefined;
  try {
    const { stdout, stderr } = await run(name, [...args], { timeout: TIMEOUT_MS });
    return /\d+(\.\d+)+/.exec(stdout || stderr)?.[0];
  } catch {
    return undefined;
  }
}

async function python(): Promise<Prerequisite> {
  const pythons = await findPythons();
  const best = pythons.find(isSuitable) ?? pythons[0];
  return {
    name: 'python',
    purpose: 'LocalStack (3.10 to 3.13, with venv)',
    required: true,
    version: best?.version,
    sufficient: best !== undefined && isSuitable(best),
    remedy: apt('python3 python3-venv', 'python@3.13'),
  };
}

async function java(): Promise<Prerequisite> {
  const common = { name: 'java', purpose: 'OpenSearch (17 or newer)', required: true } as const;
  const remedy = `${apt('openjdk-17-jre-headless', 'openjdk@17')}, or point JAVA_HOME at one`;
  try {
    const { release } = await findJava(new AbortController().signal);
    return { ...common, version: String(release), sufficient: true, remedy };
  } catch (error) {
    const tooOld = /is Java (\d+)/.exec((error as Error).message)?.[1];
    return { ...common, version: tooOld, sufficient: false, remedy };
  }
}

async function docker(): Promise<Prerequisite> {
  const version = await versionOf('docker', ['--version']);
  return {
    name: 'docker',
    purpose: 'servers in containers; without it they run as processes',
    required: false,
    version,
    sufficient: version !== undefined && (await dockerAnswers()),
    remedy: 'Optional. Install Docker and start it, to use --stack docker.',
  };
}

async function mysqld(): Promise<Prerequisite> {
  const version = (await versionOf('mysqld', ['--version'])) ?? (await versionOf('mariadbd', ['--version']));
  return {
    name: 'mysqld',
    purpose: 'MySQL; without it MariaDB is fetched',
    required: false,
    version,
    sufficient: version !== undefined,
    remedy: 'Optional. Install MySQL 8 to test against what Amazon RDS runs.',
  };
}

async function nginx(): Promise<Prerequisite> {
  const version = (await findNginx())?.version;
  return {
    name: 'nginx',
    purpose: 'the public face of the collector; without it the API server itself',
    required: false,
    version,
    sufficient: version !== undefined,
    remedy: `Optional. ${apt('nginx-light', 'nginx')}`,
  };
}

function apt(debian: string, brew: string): string {
  return `Debian and Ubuntu: sudo apt install ${debian}; macOS: brew install ${brew}`;
}
