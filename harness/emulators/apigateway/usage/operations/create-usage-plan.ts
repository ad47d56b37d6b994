import { CreateUsagePlan$, type CreateUsagePlanRequest } from '@aws-sdk/client-api-gateway';
import { badRequest } from '../../errors.ts';
import { operation } from '../../operations/operation.ts';
import { newPartId } from '../../store/ids.ts';
import type { PlanStage, UsagePlan } from '../model.ts';
import { usagePlanShape } from '../shapes.ts';
import { checkApiStage, readQuota, readThrottle } from './usage-plan-checks.ts';

export const createUsagePlan = operation(CreateUsagePlan$, (parts, input: CreateUsagePlanRequest, call) => {
  const { store, clock, random } = parts;
  if (!input.name) throw badRequest('Usage Plan name cannot be blank');
  const id = newPartId(random);
  const apiStages = new Map<string, PlanStage>();
  for (const { apiId = '', stage = '', throttle = {} } of input.apiStages ?? []) {
    checkApiStage(store, call, id, apiId, stage);
    const ofMethods = Object.entries(throttle).map(([path, limits]) => [path, readThrottle(limits)] as const);
    apiStages.set(`${apiId}:${stage}`, { apiId, stage, throttle: new Map(ofMethods) });
  }
  const plan: UsagePlan = {
    id,
    region: call.region,
    accountId: call.accountId,
    createdAt: clock.now(),
    name: input.name,
    description: input.description,
    throttle: input.throttle && readThrottle(input.throttle),
    quota: input.quota && readQuota(input.quota),
    apiStages,
    keys: new Set(),
    tags: new Map(Object.entries(input.tags ?? {})),
    used: new Map(),
  };
  store.usage.addPlan(plan);
  return usagePlanShape(plan, false);
});
