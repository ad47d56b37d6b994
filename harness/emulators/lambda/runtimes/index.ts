import { NaetmulError } from '../../../errors.ts';
import type { FunctionRevision } from '../model.ts';
import { throughWrapper } from './exec-wrapper.ts';
import type { Launch, LaunchPlace } from './launch.ts';
import { launchNode } from './nodejs.ts';
import { launchProvided } from './provided.ts';
import { launchPython } from './python.ts';

export { RESERVED_VARIABLES } from './environment.ts';
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
 * How a function's process is started. Errors:
 * - `LAMBDA_RUNTIME_UNSUPPORTED`: no runtime of this family can be run here;
 * - `LAMBDA_ENTRYPOINT`: there is no executable `bootstrap`; on AWS each invocation then fails with the type
 *   `Runtime.InvalidEntrypoint` and the message `RequestId: <id> Error: ` and this error's message;
 * - `PYTHON_MISSING`, `SETUP_FAILED`, `OFFLINE_MISSING`: Python's client cannot be had here.
 */
export async function launchOf(revision: FunctionRevision, place: LaunchPlace): Promise<Launch> {
  switch (runtimeFamily(revision.runtime)) {
    case 'nodejs':
      return throughWrapper(launchNode(revision, place));
    case 'python':
      return throughWrapper(await launchPython(revision, place));
    case 'provided':
      return launchProvided(revision, place);
    default:
      throw unsupported(revision);
  }
}

function unsupported({ name, runtime }: FunctionRevision): NaetmulError {
  const message = `${name} needs the runtime ${runtime}; functions run here on nodejs*, python3.* and provided.*.`;
  return new NaetmulError('LAMBDA_RUNTIME_UNSUPPORTED', message, {
    remedy: `Choose one of these runtimes; a program with its own Runtime API client (${clientFor(runtime)}) runs on provided.al2023.`,
  });
}

function clientFor(runtime: string): string {
  if (runtime.startsWith('java')) return 'for Java: aws-lambda-java-runtime-interface-client';
  if (runtime.startsWith('dotnet')) return 'for .NET: Amazon.Lambda.RuntimeSupport';
  if (runtime.startsWith('ruby')) return 'for Ruby: the gem aws_lambda_ric';
  if (runtime.startsWith('go')) return 'for Go: aws-lambda-go';
  return 'an executable named bootstrap';
}
