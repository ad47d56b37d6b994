import type { Quota, QuotaPeriod, UsagePlan } from './model.ts';

const DAY_MS = 86_400_000;

/** `2022-01-27`, in UTC: quotas are counted by its days. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The first day of the period that an instant lies in: weeks begin on Sunday, months on their first day. */
export function periodStart(period: QuotaPeriod, ms: number): string {
  if (period === 'MONTH') return `${dayOf(ms).slice(0, 7)}-01`;
  if (period === 'DAY') return dayOf(ms);
  return dayOf(ms - new Date(ms).getUTCDay() * DAY_MS);
}

/** Requests that a key has left in the current period; negative after a quota was made smaller. */
export function remaining(plan: UsagePlan, quota: Quota, keyId: string, now: number): number {
  const start = periodStart(quota.period, now);
  const isFirst = start === periodStart(quota.period, plan.createdAt);
  return quota.limit - (isFirst ? quota.offset : 0) - usedBetween(plan, keyId, start, dayOf(now));
}

/** Requests of a key from one day to another, both included. */
export function usedBetween(plan: UsagePlan, keyId: string, from: string, to: string): number {
  let sum = 0;
  for (const [day, count] of plan.used.get(keyId) ?? []) if (day >= from && day <= to) sum += count;
  return sum;
}

/** Counts `requests` for a key on the day of `now`; a negative number gives some back. */
export function countUse(plan: UsagePlan, keyId: string, now: number, requests = 1): void {
  let days = plan.used.get(keyId);
  if (!days) {
    days = new Map();
    plan.used.set(keyId, days);
  }
  const day = dayOf(now);
  days.set(day, (days.get(day) ?? 0) + requests);
}

/** Every day from one to another, both included. */
export function* daysBetween(from: string, to: string): Generator<string> {
  for (let ms = Date.parse(from); ms <= Date.parse(to); ms += DAY_MS) yield dayOf(ms);
}
