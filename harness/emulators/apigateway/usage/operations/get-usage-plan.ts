import { GetUsagePlan$, type GetUsagePlanRequest } from '@aws-sdk/client-api-gateway';
import { operation } from '../../operations/operation.ts';
import { usagePlanShape } from '../shapes.ts';

export const getUsagePlan = operation(GetUsagePlan$, ({ store }, input: GetUsagePlanRequest, call) =>
  usagePlanShape(store.usage.plan(call, input.usagePlanId), true),
);
