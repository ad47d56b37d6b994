import { NaetmulError } from '../../../errors.ts';
import type { FunctionRevision } from '../model.ts';
import type { Launch, LaunchPlace } from './launch.ts';

export type { Launch, LaunchPlace, PythonRuntime, PythonRuntimeFinder } from './launch.ts';

export type RuntimeFamily = 'nodejs' | 'python' | 'provided';

/** Which family a runtime's identifier is of; undefined when it cannot be run here. */
export function runtimeFamily(runtime: string): RuntimeFamily | undefined {
  if (/^nodejs\d+\.x$/.test(runtime)) return 'nodejs';
  if (/^python3\.\d+$/.test(runtime)) return 'python';
  if (/^provided(\.al\d+)?$/.test(runtime)) return 'provided';
  return undefined;
}

/**
 * How a function's process is started. Errors: `LAMBDA_RUNTIME_UNSUPPORTED`, and whatever keeps this runtime from
 * running here (Python is missing); an executable `bootstrap` is the process's own matter.
 */
export async function launchOf(revision: FunctionRevision, _place: LaunchPlace): Promise<Launch> {
  throw new NaetmulError('LAMBDA_RUNTIME_UNSUPPORTED', `${revision.runtime} cannot be run here.`);
}
