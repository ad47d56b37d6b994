import { join } from 'node:path';
import type { Launch } from './launch.ts';

const TASK_ROOT = '/var/task/';

/**
 * A runtime of AWS's own is started by the program that `AWS_LAMBDA_EXEC_WRAPPER` names, where a function has that
 * variable: the program gets the runtime's command line (Lambda developer guide, "Modifying the runtime environment").
 * A path below AWS's `/var/task` is one in the function's own folder.
 */
export function throughWrapper(launch: Launch): Launch {
  const named = launch.env.AWS_LAMBDA_EXEC_WRAPPER;
  if (!named) return launch;
  const wrapper = named.startsWith(TASK_ROOT) ? join(launch.cwd, named.slice(TASK_ROOT.length)) : named;
  // By a shell, as on AWS: a wrapper that is not there ends with the shell's 127.
  const args = ['-c', 'exec "$0" "$@"', wrapper, launch.command, ...launch.args];
  return { ...launch, command: '/bin/sh', args };
}
