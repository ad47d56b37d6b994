import { DeleteUsagePlan$, type DeleteUsagePlanRequest } from '@aws-sdk/client-api-gateway';
import { badRequest } from '../../errors.ts';
import { operation } from '../../operations/operation.ts';

export const deleteUsagePlan = operation(DeleteUsagePlan$, ({ store }, input: DeleteUsagePlanRequest, call) => {
  const plan = store.usage.plan(call, input.usagePlanId);
  if (plan.apiStages.size > 0) {
    throw badRequest(`Cannot delete Usage Plan ${plan.id} because there are API Stages attached to it`);
  }
  store.usage.removePlan(plan.id);
  return {};
});
