import type { FunctionRevision } from '../model.ts';
import type { LaunchPlace } from './launch.ts';

/**
 * Variables that a function's configuration may not set.
 * docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html; AWS_ACCESS_KEY is as old and refused as well.
 */
export const RESERVED_VARIABLES: ReadonlySet<string> = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);

/** Where programs are looked for, after the runtime's own folder. */
const PATH = ['/usr/local/bin', '/usr/bin', '/bin', '/opt/bin'];

const TEST_CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: undefined };

/**
 * What a function's process is given, of whatever family: the user's variables over Lambda's unreserved ones, the
 * reserved ones over those. Nothing of the harness's own environment is in it.
 */
export function environmentOf(
  revision: FunctionRevision,
  place: LaunchPlace,
  own: Readonly<Record<string, string>>,
  programFolder?: string,
): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = place.credentials ?? TEST_CREDENTIALS;
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: [...(programFolder === undefined ? [] : [programFolder]), ...PATH].join(':'),
    TMPDIR: place.tmpDir,
    AWS_ENDPOINT_URL: place.edgeUrl,
    ...own,
    ...withoutReserved(revision.environment),
    _HANDLER: revision.handler,
    // An OS-only runtime is not told its name.
    ...(revision.runtime.startsWith('provided') ? {} : { AWS_EXECUTION_ENV: `AWS_Lambda_${revision.runtime}` }),
    AWS_REGION: revision.region,
    AWS_DEFAULT_REGION: revision.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
    AWS_LAMBDA_FUNCTION_NAME: revision.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(revision.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: revision.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: place.logStream,
    AWS_LAMBDA_RUNTIME_API: place.runtimeApi,
    LAMBDA_TASK_ROOT: revision.codeDir,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    ...(place.clockFile === undefined ? {} : { NAETMUL_CLOCK: place.clockFile }),
  };
}

function withoutReserved(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !RESERVED_VARIABLES.has(name)));
}
