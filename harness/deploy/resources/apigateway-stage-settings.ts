import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import { z } from 'zod';
import { decimal, flag, integer, text } from './schemas.ts';

/** The settings of a stage's methods: those of all of them, or of one. Caches are not supported. */
export const methodSettings = {
  LoggingLevel: z.enum(['OFF', 'ERROR', 'INFO']).optional(),
  DataTraceEnabled: flag().optional(),
  MetricsEnabled: flag().optional(),
  ThrottlingBurstLimit: integer().optional(),
  ThrottlingRateLimit: decimal().optional(),
};

export const methodSetting = z.strictObject({ ResourcePath: text(), HttpMethod: text(), ...methodSettings });

/** To a log group, or to a delivery stream whose name begins with `amazon-apigateway-`. */
export const accessLogSetting = z.strictObject({ DestinationArn: text(), Format: text() });

export type MethodSetting = z.output<typeof methodSetting>;

/** Where UpdateStage has each setting. Source: API Gateway developer guide, "Patch operations", UpdateStage. */
const SETTING_PATHS = {
  LoggingLevel: 'logging/loglevel',
  DataTraceEnabled: 'logging/dataTrace',
  MetricsEnabled: 'metrics/enabled',
  ThrottlingBurstLimit: 'throttling/burstLimit',
  ThrottlingRateLimit: 'throttling/rateLimit',
} as const;

/** What UpdateStage takes, for what CreateStage and CreateDeployment do not. */
export function stagePatches({
  MethodSettings = [],
  AccessLogSetting,
}: {
  readonly MethodSettings?: readonly MethodSetting[] | undefined;
  readonly AccessLogSetting?: z.output<typeof accessLogSetting> | undefined;
}): PatchOperation[] {
  const patches = MethodSettings.flatMap(patchesOf);
  if (AccessLogSetting === undefined) return patches;
  return [
    ...patches,
    { op: 'replace', path: '/accessLogSettings/destinationArn', value: AccessLogSetting.DestinationArn },
    { op: 'replace', path: '/accessLogSettings/format', value: AccessLogSetting.Format },
  ];
}

// `/v1` and `POST` make `/~1v1/POST/...`; all resources and all methods (`/*` and `*`) make `/*/*/...`.
function patchesOf(setting: MethodSetting): PatchOperation[] {
  const resource =
    setting.ResourcePath === '/*' ? '*' : setting.ResourcePath.replaceAll('~', '~0').replaceAll('/', '~1');
  return Object.entries(SETTING_PATHS).flatMap(([name, path]) => {
    const value = setting[name as keyof typeof SETTING_PATHS];
    if (value === undefined) return [];
    return [{ op: 'replace' as const, path: `/${resource}/${setting.HttpMethod}/${path}`, value: String(value) }];
  });
}
