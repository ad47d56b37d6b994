import { GetUsagePlans$, type GetUsagePlansRequest } from '@aws-sdk/client-api-gateway';
import { operation } from '../../operations/operation.ts';
import { page } from '../../operations/paging.ts';
import { usagePlanShape } from '../shapes.ts';

export const getUsagePlans = operation(GetUsagePlans$, ({ store }, input: GetUsagePlansRequest, call) => {
  const found = store.usage.plans(call).filter((plan) => !input.keyId || plan.keys.has(input.keyId));
  const { items, position } = page(found, input, (plan) => plan.id);
  return { items: items.map((plan) => usagePlanShape(plan, false)), position };
});
