import { createHash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NaetmulError } from '../../errors.ts';
import { findOnPath, isExecutable, runCommand } from '../setup/command.ts';

export interface Java {
  readonly executable: string;
  /** Changes with every build of Java: what was made for one build is no good for another. */
  readonly fingerprint: string;
  /** The feature release: 17, 21. */
  readonly release: number;
}

/** OpenSearch 2.19 runs on 11; 17 is what naetmul is tested with. */
const OLDEST_RELEASE = 17;
const REMEDY =
  'Install Java 17 or newer (Debian and Ubuntu: sudo apt install openjdk-17-jre-headless; macOS: brew install openjdk@17), or point JAVA_HOME at one.';

/** The Java of JAVA_HOME, else the one on the PATH. Errors: `JAVA_MISSING`, `JAVA_TOO_OLD`. */
export async function findJava(signal: AbortSignal, env: NodeJS.ProcessEnv = process.env): Promise<Java> {
  const home = env.JAVA_HOME;
  const ofHome = home ? join(home, 'bin', 'java') : undefined;
  const found = ofHome !== undefined && isExecutable(ofHome) ? ofHome : findOnPath('java', env);
  if (found === undefined) {
    throw new NaetmulError('JAVA_MISSING', 'OpenSearch needs Java 17 or newer; none is in JAVA_HOME or on the PATH.', {
      remedy: REMEDY,
    });
  }
  const java = await describe(realpathSync(found), signal);
  if (java.release < OLDEST_RELEASE) {
    throw new NaetmulError('JAVA_TOO_OLD', `OpenSearch needs Java 17 or newer; ${found} is Java ${java.release}.`, {
      remedy: REMEDY,
    });
  }
  return java;
}

/** Every JDK carries a file `release`; reading it saves starting Java. A shim has none beside it and must be run. */
async function describe(executable: string, signal: AbortSignal): Promise<Java> {
  let text: string;
  try {
    text = readFileSync(join(dirname(dirname(executable)), 'release'), 'utf8');
  } catch {
    const purpose = 'Asking Java for its version';
    text = (await runCommand(executable, ['-XshowSettings:properties', '-version'], { signal, purpose })).join('\n');
  }
  const version = /JAVA_VERSION="([^"]+)"/.exec(text)?.[1] ?? /java\.version = (\S+)/.exec(text)?.[1] ?? '0';
  // Up to Java 8 the feature release is the second number.
  const numbers = version.split(/[._+-]/).map(Number);
  const release = (numbers[0] === 1 ? numbers[1] : numbers[0]) ?? 0;
  const fingerprint = createHash('sha256').update(executable).update(text).digest('hex').slice(0, 12);
  return { executable, fingerprint, release };
}
