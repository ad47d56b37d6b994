import type { QuotaSettings, ThrottleSettings } from '@aws-sdk/client-api-gateway';
import type { AwsError } from '../../../../edge/aws-error.ts';
import type { Call } from '../../../../edge/emulator.ts';
import { badRequest, notFound } from '../../errors.ts';
import type { Store } from '../../store/store.ts';
import type { PlanStage, Quota, QuotaPeriod, Throttle } from '../model.ts';

const PERIODS: readonly string[] = ['DAY', 'WEEK', 'MONTH'];

/** @throws NotFoundException unless the API has this stage */
export function checkApiStage(store: Store, call: Call, planId: string, apiId: string, stage: string): void {
  const api = store.apis.get(apiId);
  if (api?.region === call.region && api.accountId === call.accountId && api.stages.has(stage)) return;
  throw invalidApiStage(planId, apiId, stage);
}

export const invalidApiStage = (planId: string, apiId: string, stage: string): AwsError =>
  notFound(`Invalid API Stage {api: ${apiId}, stage: ${stage}} specified for usageplan ${planId}`);

/** `a1b2c3d4e5:PROD`. */
export function readApiStage(text: string | undefined): PlanStage {
  const [apiId, stage, ...rest] = (text ?? '').split(':');
  if (!apiId || !stage || rest.length > 0) throw badRequest('Invalid API Stage specified');
  return { apiId, stage, throttle: new Map() };
}

export function readThrottle({ burstLimit, rateLimit }: ThrottleSettings): Throttle {
  for (const limit of [burstLimit, rateLimit]) {
    if (limit !== undefined && !(limit >= 0)) throw badRequest('Usage Plan throttle limits must not be negative');
  }
  return { ...(burstLimit === undefined ? {} : { burstLimit }), ...(rateLimit === undefined ? {} : { rateLimit }) };
}

export function readQuota({ limit, offset = 0, period }: QuotaSettings): Quota {
  if (limit === undefined || !Number.isInteger(limit) || limit < 0) {
    throw badRequest('Usage Plan quota must have a limit, which must not be negative');
  }
  if (!period || !PERIODS.includes(period)) {
    throw badRequest(`Usage Plan quota must have a period, one of ${PERIODS.join(', ')}`);
  }
  if (!Number.isInteger(offset) || offset < 0 || offset > limit) {
    throw badRequest('Usage Plan quota must have an offset between 0 and its limit');
  }
  return { limit, offset, period: period as QuotaPeriod };
}
