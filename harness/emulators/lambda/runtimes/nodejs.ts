import { dirname, join } from 'node:path';
import type { FunctionRevision } from '../model.ts';
import { environmentOf } from './environment.ts';
import type { Launch, LaunchPlace } from './launch.ts';

const CLIENT = join(import.meta.dirname, 'node', 'client.cjs');
const FOLLOW_CLOCK = join(import.meta.dirname, '..', '..', '..', 'clock', 'follow.cjs');
/** Of permissions that a function has on AWS too, and of a package.json without a "type" beside a `.ts` file. */
const SILENCED_WARNINGS = ['PERM0001', 'PERM0002', 'PERM0004', 'PERM0005', 'PERM0006', 'MODULE_TYPELESS_PACKAGE_JSON'];
/** As AWS starts Node, in bytes; found in its image's bootstrap script. */
const MAX_HTTP_HEADER_SIZE = 81_920;

/**
 * Runs with the harness's own Node, whatever version the runtime is of. AWS starts it with `--expose-gc` too, which would
 * cost each cold start 8 ms of 33 here: V8's flags are then not those that Node's own code was compiled with.
 */
export function launchNode(revision: FunctionRevision, place: LaunchPlace): Launch {
  const own = { NODE_PATH: revision.codeDir };
  const env = environmentOf(revision, place, own, dirname(process.execPath));
  if (place.telemetryFd !== undefined) env._LAMBDA_TELEMETRY_LOG_FD = String(place.telemetryFd);
  return {
    command: process.execPath,
    args: [
      ...heapLimits(revision.memoryMb, env.NODE_OPTIONS ?? ''),
      `--max-http-header-size=${MAX_HTTP_HEADER_SIZE}`,
      ...permissions(place),
      ...(place.inspectPort === undefined ? [] : [`--inspect=127.0.0.1:${place.inspectPort}`]),
      ...(place.clockFile === undefined ? [] : ['--require', FOLLOW_CLOCK]),
      CLIENT,
      ...(place.compileCache === undefined ? [] : [place.compileCache]),
    ],
    env,
    cwd: revision.codeDir,
    framesLog: place.telemetryFd !== undefined,
    followsClock: place.clockFile !== undefined,
  };
}

/** AWS gives a tenth of the memory to new objects and the rest to old ones, unless NODE_OPTIONS say otherwise. */
function heapLimits(memoryMb: number, options: string): readonly string[] {
  if (/--max[-_](old|semi)[-_]space[-_]size/.test(options)) return [];
  const newSpace = Math.floor(memoryMb / 10);
  return [
    `--max-semi-space-size=${Math.max(1, Math.floor(newSpace / 2))}`,
    `--max-old-space-size=${memoryMb - newSpace}`,
  ];
}

/**
 * On AWS all but `/tmp` is read-only. Node's permission model keeps a function from changing its code by accident (it
 * costs nothing measurable); a program that the function starts is not held by it.
 */
function permissions(place: LaunchPlace): readonly string[] {
  const writable = [place.tmpDir, '/tmp', '/private/tmp', '/dev', ...(place.compileCache ? [place.compileCache] : [])];
  return [
    '--permission',
    '--allow-fs-read=*',
    ...writable.map((folder) => `--allow-fs-write=${folder}/*`),
    ...['child-process', 'worker', 'addons', 'wasi', 'inspector'].map((name) => `--allow-${name}`),
    ...SILENCED_WARNINGS.map((code) => `--disable-warning=${code}`),
  ];
}
