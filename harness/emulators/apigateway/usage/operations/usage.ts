import {
  GetUsage$,
  type GetUsageRequest,
  UpdateUsage$,
  type UpdateUsageRequest,
  type Usage,
} from '@aws-sdk/client-api-gateway';
import { badRequest, notFound } from '../../errors.ts';
import { operation } from '../../operations/operation.ts';
import { invalidPath, onlyReplace, readPatches } from '../../patch.ts';
import type { UsagePlan } from '../model.ts';
import { countUse, dayOf, daysBetween, remaining, usedBetween } from '../quota.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MAX_DAYS = 90;

/** What each key of a plan has used, and has left, at the end of each day. */
export const getUsage = operation(GetUsage$, ({ store, clock }, input: GetUsageRequest, call): Usage => {
  const plan = store.usage.plan(call, input.usagePlanId);
  const { startDate = '', endDate = '' } = input;
  if (!DAY.test(startDate) || !DAY.test(endDate)) throw badRequest('Invalid date specified: use YYYY-MM-DD');
  const days = [...daysBetween(startDate, endDate)];
  if (days.length === 0) throw badRequest('Start date must be before end date');
  if (days.length > MAX_DAYS) throw badRequest(`The dates must not be more than ${MAX_DAYS} days apart`);
  const keys = input.keyId === undefined ? [...plan.keys] : [input.keyId];
  const shown = days.filter((day) => day <= dayOf(clock.now()));
  const items = keys.map((keyId) => [
    keyId,
    shown.map((day) => [usedBetween(plan, keyId, day, day), leftOn(plan, keyId, day)]),
  ]);
  return { usagePlanId: plan.id, startDate, endDate, items: Object.fromEntries(items) };
});

/** Gives a key more, or less, for the rest of the current period. */
export const updateUsage = operation(UpdateUsage$, ({ store, clock }, input: UpdateUsageRequest, call): Usage => {
  const plan = store.usage.plan(call, input.usagePlanId);
  const keyId = input.keyId ?? '';
  if (!plan.keys.has(keyId)) throw notFound('Invalid Usage Plan Key identifier specified');
  const now = clock.now();
  for (const patch of readPatches(input.patchOperations, 'updateUsageInput')) {
    onlyReplace(patch);
    const wanted = Number(patch.value);
    if (patch.path !== '/remaining') throw invalidPath(patch);
    if (!patch.value || !Number.isInteger(wanted)) throw badRequest(`Invalid number specified: ${patch.value}`);
    if (!plan.quota) throw badRequest('The usage plan has no quota');
    countUse(plan, keyId, now, remaining(plan, plan.quota, keyId, now) - wanted);
  }
  const day = dayOf(now);
  const items = { [keyId]: [[usedBetween(plan, keyId, day, day), leftOn(plan, keyId, day)]] };
  return { usagePlanId: plan.id, startDate: day, endDate: day, items };
});

function leftOn(plan: UsagePlan, keyId: string, day: string): number {
  return plan.quota ? remaining(plan, plan.quota, keyId, Date.parse(day)) : 0;
}
