import type { OperationMaker } from '../../operations/operation.ts';
import { createApiKey } from './create-api-key.ts';
import { createUsagePlan } from './create-usage-plan.ts';
import { deleteApiKey } from './delete-api-key.ts';
import { deleteUsagePlan } from './delete-usage-plan.ts';
import { getApiKey } from './get-api-key.ts';
import { getApiKeys } from './get-api-keys.ts';
import { getUsagePlan } from './get-usage-plan.ts';
import { getUsagePlans } from './get-usage-plans.ts';
import { updateApiKey } from './update-api-key.ts';
import { updateUsagePlan } from './update-usage-plan.ts';
import { getUsage, updateUsage } from './usage.ts';
import { createUsagePlanKey, deleteUsagePlanKey, getUsagePlanKey, getUsagePlanKeys } from './usage-plan-keys.ts';

/** API keys, usage plans, and what has been used of them. */
export const USAGE_OPERATIONS: readonly OperationMaker[] = [
  createApiKey,
  createUsagePlanKey,
  createUsagePlan,
  deleteApiKey,
  deleteUsagePlanKey,
  deleteUsagePlan,
  getApiKey,
  getApiKeys,
  getUsage,
  getUsagePlan,
  getUsagePlanKey,
  getUsagePlanKeys,
  getUsagePlans,
  updateApiKey,
  updateUsage,
  updateUsagePlan,
];
