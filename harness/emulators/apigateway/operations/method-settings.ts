import { badRequest, notSupported } from '../errors.ts';
import type { Patch } from '../patch.ts';
import type { Account, LogLevel, MethodSettings, Stage } from '../store/model.ts';

const LEVELS = ['OFF', 'ERROR', 'INFO'];
const DEFAULTS: MethodSettings = { metricsEnabled: false, dataTraceEnabled: false };
const SETTINGS = [
  'metrics/enabled',
  'logging/dataTrace',
  'logging/loglevel',
  'throttling/burstLimit',
  'throttling/rateLimit',
  'caching/ttlInSeconds',
  'caching/enabled',
  'caching/dataEncrypted',
  'caching/requireAuthorizationForCacheControl',
  'caching/unauthorizedCacheControlHeaderStrategy',
];

/** The list in AWS's message, with its missing commas, as recorded. */
const VALID_PATHS = [
  '/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, /accessLogSettings',
  '/accessLogSettings/destinationArn, /accessLogSettings/format',
  '/{resourcePath}/{httpMethod}/metrics/enabled, /{resourcePath}/{httpMethod}/logging/dataTrace',
  '/{resourcePath}/{httpMethod}/logging/loglevel',
  '/{resourcePath}/{httpMethod}/throttling/burstLimit/{resourcePath}/{httpMethod}/throttling/rateLimit' +
    '/{resourcePath}/{httpMethod}/caching/ttlInSeconds',
  '/{resourcePath}/{httpMethod}/caching/enabled, /{resourcePath}/{httpMethod}/caching/dataEncrypted',
  '/{resourcePath}/{httpMethod}/caching/requireAuthorizationForCacheControl',
  '/{resourcePath}/{httpMethod}/caching/unauthorizedCacheControlHeaderStrategy',
  '/*/*/metrics/enabled, /*/*/logging/dataTrace, /*/*/logging/loglevel',
  '/*/*/throttling/burstLimit /*/*/throttling/rateLimit /*/*/caching/ttlInSeconds',
  '/*/*/caching/enabled, /*/*/caching/dataEncrypted, /*/*/caching/requireAuthorizationForCacheControl',
  '/*/*/caching/unauthorizedCacheControlHeaderStrategy, /variables/{variable_name}, /tracingEnabled',
].join(', ');

export const invalidSettingPath = (patch: Patch) =>
  badRequest(`Invalid method setting path: ${patch.path}. Must be one of: [${VALID_PATHS}]`);

/** Changes one setting of one method, or of all: `/~1v1/POST/logging/loglevel`, or asterisks for path and method. */
export function patchMethodSetting(patch: Patch, stage: Stage, account: Account): void {
  const parts = patch.segments;
  if (patch.op === 'remove') {
    removeSettings(patch, stage);
    return;
  }
  const setting = parts.slice(-2).join('/');
  if (parts.length < 4 || !SETTINGS.includes(setting)) throw invalidSettingPath(patch);
  const key = keyOf(parts.slice(0, -2));
  const settings: MethodSettings = { ...(stage.methodSettings.get(key) ?? DEFAULTS) };
  change(settings, setting, patch, account);
  stage.methodSettings.set(key, settings);
}

function removeSettings(patch: Patch, stage: Stage): void {
  const key = keyOf(patch.segments);
  if (!stage.methodSettings.delete(key)) {
    throw badRequest(`Cannot remove method setting ${key} because there is no method setting for this method `);
  }
}

/** `['/v1', 'POST']`, from an escaped path, or `['v1', 'POST']`, from a bare one, is `v1/POST`. */
function keyOf(parts: readonly string[]): string {
  const key = parts.join('/');
  return key.startsWith('/') && !key.startsWith('//') ? key.slice(1) : key;
}

function change(settings: MethodSettings, setting: string, patch: Patch, account: Account): void {
  const { value = '' } = patch;
  switch (setting) {
    case 'metrics/enabled':
      settings.metricsEnabled = booleanOf(value);
      return;
    case 'logging/dataTrace':
      settings.dataTraceEnabled = booleanOf(value);
      return;
    case 'logging/loglevel':
      if (!LEVELS.includes(value)) throw badRequest(`Invalid logging level specified. Valid options are ${LEVELS}`);
      if (value !== 'OFF' && !account.cloudwatchRoleArn) {
        throw badRequest('CloudWatch Logs role ARN must be set in account settings to enable logging');
      }
      settings.loggingLevel = value as LogLevel;
      return;
    case 'throttling/burstLimit':
      settings.throttlingBurstLimit = limitOf(value);
      return;
    case 'throttling/rateLimit':
      settings.throttlingRateLimit = limitOf(value);
      return;
    case 'caching/enabled':
      if (value === 'false') return;
      throw notSupported(`caching (patch path ${patch.path})`);
    default:
      throw notSupported(`caching (patch path ${patch.path})`);
  }
}

/** A negative limit takes the limit away, as the console does to say "no throttling". */
function limitOf(value: string): number | undefined {
  const limit = Number(value);
  if (value === '' || !Number.isFinite(limit)) throw badRequest(`Invalid throttling limit specified: ${value}`);
  return limit < 0 ? undefined : limit;
}

function booleanOf(value: string): boolean {
  if (value !== 'true' && value !== 'false') throw badRequest(`Invalid boolean value specified: ${value}`);
  return value === 'true';
}
