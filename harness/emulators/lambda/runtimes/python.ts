import { delimiter, dirname } from 'node:path';
import { NaetmulError } from '../../../errors.ts';
import type { FunctionRevision } from '../model.ts';
import { environmentOf } from './environment.ts';
import type { Launch, LaunchPlace } from './launch.ts';

/** AWS's own client, awslambdaric, in the Python that is found for it. Errors: `PYTHON_MISSING`, those of the finder. */
export async function launchPython(revision: FunctionRevision, place: LaunchPlace): Promise<Launch> {
  if (place.python === undefined) {
    throw new NaetmulError(
      'PYTHON_MISSING',
      `${revision.name} needs ${revision.runtime}, and Python is not set up here.`,
      {
        remedy: 'Use a nodejs or provided runtime, or set up Python functions.',
      },
    );
  }
  const { executable, packages } = await place.python(revision.runtime);
  const env = environmentOf(revision, place, {}, dirname(executable));
  // The user's folders come first, but the client must be found whatever they say.
  env.PYTHONPATH = [...(env.PYTHONPATH ? [env.PYTHONPATH] : []), packages].join(delimiter);
  if (place.telemetryFd !== undefined) env._LAMBDA_TELEMETRY_LOG_FD = String(place.telemetryFd);
  return {
    command: executable,
    // -B: nothing is written into the task folder; -S: of this machine's Python, only the standard library is there.
    args: ['-B', '-S', '-m', 'awslambdaric', revision.handler],
    env,
    cwd: revision.codeDir,
    framesLog: place.telemetryFd !== undefined,
    followsClock: false,
  };
}
