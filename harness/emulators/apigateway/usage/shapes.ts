import type * as sdk from '@aws-sdk/client-api-gateway';
import { present } from '../store/shapes.ts';
import type { ApiKey, UsagePlan } from './model.ts';

/** @param shows what the answer has besides: creating shows the value, reading and updating the tags */
export function apiKeyShape(key: ApiKey, shows: { readonly value?: boolean; readonly tags?: boolean }): sdk.ApiKey {
  return present({
    id: key.id,
    value: shows.value ? key.value : undefined,
    name: key.name,
    description: key.description,
    customerId: key.customerId,
    enabled: key.enabled,
    createdDate: key.createdDate,
    lastUpdatedDate: key.lastUpdatedDate,
    stageKeys: [],
    tags: shows.tags || (shows.value && key.tags.size > 0) ? Object.fromEntries(key.tags) : undefined,
  });
}

/** @param withTags whether tags are shown also when there are none */
export function usagePlanShape(plan: UsagePlan, withTags: boolean): sdk.UsagePlan {
  return present({
    id: plan.id,
    name: plan.name,
    description: plan.description,
    productCode: plan.productCode,
    apiStages: [...plan.apiStages.values()].map(({ apiId, stage, throttle }) =>
      present({ apiId, stage, throttle: throttle.size > 0 ? Object.fromEntries(throttle) : undefined }),
    ),
    throttle: plan.throttle && present({ ...plan.throttle }),
    quota: plan.quota && { ...plan.quota },
    tags: withTags || plan.tags.size > 0 ? Object.fromEntries(plan.tags) : undefined,
  });
}

export function usagePlanKeyShape(key: ApiKey): sdk.UsagePlanKey {
  return present({ id: key.id, type: 'API_KEY', value: key.value, name: key.name });
}
