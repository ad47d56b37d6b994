import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import { NaetmulError } from '../../../errors.ts';
import type { FunctionRevision } from '../model.ts';
import { environmentOf } from './environment.ts';
import type { Launch, LaunchPlace } from './launch.ts';

/** An OS-only runtime: the function brings its own client, an executable file `bootstrap`. Errors: `LAMBDA_ENTRYPOINT`. */
export function launchProvided(revision: FunctionRevision, place: LaunchPlace): Launch {
  const command = join(revision.codeDir, 'bootstrap');
  // Texts from AWS; it knows the folder as /var/task.
  if (!statSync(command, { throwIfNoEntry: false })?.isFile()) {
    throw new NaetmulError(
      'LAMBDA_ENTRYPOINT',
      "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]",
      {
        remedy: `Put an executable file named bootstrap into ${revision.codeDir}.`,
      },
    );
  }
  try {
    accessSync(command, constants.X_OK);
  } catch (cause) {
    throw new NaetmulError('LAMBDA_ENTRYPOINT', 'fork/exec /var/task/bootstrap: permission denied', {
      remedy: `Make it executable: chmod +x ${command}`,
      cause,
    });
  }
  const env = environmentOf(revision, place, {});
  return { command, args: [], env, cwd: revision.codeDir, framesLog: false, followsClock: false };
}
