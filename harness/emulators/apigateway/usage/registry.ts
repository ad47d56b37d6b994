import type { Call } from '../../../edge/emulator.ts';
import { notFound } from '../errors.ts';
import type { ApiKey, UsagePlan } from './model.ts';
import { TokenBucket } from './token-bucket.ts';

type Owner = Pick<Call, 'accountId' | 'region'>;

/** API keys, usage plans, and the buckets that requests take their tokens from. */
export class UsageRegistry {
  readonly #keys = new Map<string, ApiKey>();
  readonly #plans = new Map<string, UsagePlan>();
  readonly #buckets = new Map<string, TokenBucket>();

  clear(): void {
    this.#keys.clear();
    this.#plans.clear();
    this.#buckets.clear();
  }

  addKey(key: ApiKey): void {
    this.#keys.set(key.id, key);
  }

  removeKey(id: string): void {
    this.#keys.delete(id);
    for (const plan of this.#plans.values()) {
      plan.keys.delete(id);
      plan.used.delete(id);
    }
  }

  addPlan(plan: UsagePlan): void {
    this.#plans.set(plan.id, plan);
  }

  removePlan(id: string): void {
    this.#plans.delete(id);
  }

  /** Newest first, as AWS lists them. */
  keys(owner: Owner): ApiKey[] {
    return [...this.#keys.values()].filter((key) => isOf(key, owner)).reverse();
  }

  plans(owner: Owner): UsagePlan[] {
    return [...this.#plans.values()].filter((plan) => isOf(plan, owner));
  }

  /** @throws NotFoundException */
  key(owner: Owner, id: string | undefined): ApiKey {
    const key = this.#keys.get(id ?? '');
    if (!key || !isOf(key, owner)) throw notFound('Invalid API Key identifier specified');
    return key;
  }

  /** @throws NotFoundException */
  plan(owner: Owner, id: string | undefined): UsagePlan {
    const plan = this.#plans.get(id ?? '');
    if (!plan || !isOf(plan, owner)) throw notFound('Invalid Usage Plan ID specified');
    return plan;
  }

  keyOfValue(owner: Owner, value: string): ApiKey | undefined {
    for (const key of this.#keys.values()) if (key.value === value && isOf(key, owner)) return key;
    return undefined;
  }

  /** The plan that lets a key use a stage; with several, the one that was made first. */
  planFor(key: ApiKey, apiStage: string): UsagePlan | undefined {
    return this.plans(key).find((plan) => plan.keys.has(key.id) && plan.apiStages.has(apiStage));
  }

  /** The bucket of this name; a new and full one when its limits have changed. */
  bucket(name: string, rate: number, burst: number, now: number): TokenBucket {
    let bucket = this.#buckets.get(name);
    if (bucket?.rate !== rate || bucket.burst !== burst) {
      bucket = new TokenBucket(rate, burst, now);
      this.#buckets.set(name, bucket);
    }
    return bucket;
  }
}

function isOf(thing: Owner, owner: Owner): boolean {
  return thing.region === owner.region && thing.accountId === owner.accountId;
}
