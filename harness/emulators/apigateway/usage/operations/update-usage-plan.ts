import { UpdateUsagePlan$, type UpdateUsagePlanRequest } from '@aws-sdk/client-api-gateway';
import type { Call } from '../../../../edge/emulator.ts';
import { badRequest } from '../../errors.ts';
import { operation } from '../../operations/operation.ts';
import { invalidPath, type Patch, readPatches } from '../../patch.ts';
import type { Store } from '../../store/store.ts';
import type { Quota, QuotaPeriod, Throttle, UsagePlan } from '../model.ts';
import { usagePlanShape } from '../shapes.ts';
import { checkApiStage, invalidApiStage, readApiStage, readQuota, readThrottle } from './usage-plan-checks.ts';

/** All patches are applied, or none. */
export const updateUsagePlan = operation(UpdateUsagePlan$, ({ store }, input: UpdateUsagePlanRequest, call) => {
  const plan = store.usage.plan(call, input.usagePlanId);
  const apiStages = [...plan.apiStages].map(
    ([name, stage]) => [name, { ...stage, throttle: new Map(stage.throttle) }] as const,
  );
  const next: Draft = {
    ...plan,
    throttle: plan.throttle && { ...plan.throttle },
    quota: plan.quota && { ...plan.quota },
    apiStages: new Map(apiStages),
  };
  for (const patch of readPatches(input.patchOperations, 'updateUsagePlanInput')) apply(patch, next, store, call);
  const changed: UsagePlan = { ...next, quota: next.quota && readQuota(next.quota) };
  store.usage.addPlan(changed);
  return usagePlanShape(changed, true);
});

/** Its quota may lack members until the last patch. */
type Draft = Omit<UsagePlan, 'quota'> & { quota?: Partial<Quota> | undefined };

function apply(patch: Patch, plan: Draft, store: Store, call: Call): void {
  const { op, value } = patch;
  const [member, key, ...rest] = patch.segments;
  if (member === 'apiStages' && key !== undefined) {
    patchMethodThrottle(patch, plan, key, rest);
    return;
  }
  if (rest.length > 0) throw invalidPath(patch);
  const text = op === 'remove' ? undefined : value;
  switch (member) {
    case 'name':
      if (!text) throw badRequest('Usage Plan name cannot be blank');
      plan.name = text;
      return;
    case 'description':
      plan.description = text || undefined;
      return;
    case 'productCode':
      plan.productCode = text || undefined;
      return;
    case 'apiStages':
      patchStages(patch, plan, store, call);
      return;
    case 'throttle':
      plan.throttle = key === undefined && op === 'remove' ? undefined : patchThrottle(patch, key, plan.throttle);
      return;
    case 'quota':
      plan.quota = key === undefined && op === 'remove' ? undefined : patchQuota(patch, key, plan.quota);
      return;
    default:
      throw invalidPath(patch);
  }
}

function patchStages({ op, value }: Patch, plan: Draft, store: Store, call: Call): void {
  const stage = readApiStage(value);
  const name = `${stage.apiId}:${stage.stage}`;
  if (op === 'remove') {
    if (!plan.apiStages.delete(name)) throw invalidApiStage(plan.id, stage.apiId, stage.stage);
    return;
  }
  checkApiStage(store, call, plan.id, stage.apiId, stage.stage);
  if (!plan.apiStages.has(name)) plan.apiStages.set(name, stage);
}

/** `/apiStages/{api}:{stage}/throttle/{path}/{method}/rateLimit`; without the last part, all of the method's. */
function patchMethodThrottle(patch: Patch, plan: Draft, name: string, rest: readonly string[]): void {
  const stage = plan.apiStages.get(name);
  if (!stage) throw badRequest('Invalid API Stage specified');
  if (rest[0] !== 'throttle') throw invalidPath(patch);
  const limit = rest.at(-1) === 'rateLimit' || rest.at(-1) === 'burstLimit' ? rest.at(-1) : undefined;
  const method = rest.slice(1, limit === undefined ? undefined : -1).join('/');
  if (limit === undefined) {
    if (patch.op !== 'remove') throw invalidPath(patch);
    if (method === '') stage.throttle.clear();
    else stage.throttle.delete(method);
    return;
  }
  stage.throttle.set(method, patchThrottle(patch, limit, stage.throttle.get(method)));
}

function patchThrottle(patch: Patch, key: string | undefined, throttle: Throttle = {}): Throttle {
  if (key !== 'rateLimit' && key !== 'burstLimit') throw invalidPath(patch);
  const { [key]: _replaced, ...rest } = throttle;
  return patch.op === 'remove' ? rest : readThrottle({ ...rest, [key]: numberOf(patch) });
}

function patchQuota(patch: Patch, key: string | undefined, quota: Partial<Quota> = {}): Partial<Quota> {
  switch (key) {
    case 'limit':
    case 'offset':
      return { ...quota, [key]: patch.op === 'remove' ? 0 : numberOf(patch) };
    case 'period':
      return { ...quota, period: patch.value as QuotaPeriod };
    default:
      throw invalidPath(patch);
  }
}

function numberOf(patch: Patch): number {
  const number = Number(patch.value);
  if (!patch.value || !Number.isFinite(number)) throw badRequest(`Invalid number specified: ${patch.value}`);
  return number;
}
