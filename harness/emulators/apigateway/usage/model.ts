/** What the control plane keeps of keys and plans. Operations change it in place. */
export interface ApiKey {
  readonly id: string;
  readonly region: string;
  readonly accountId: string;
  /** What clients send in `x-api-key`: 20 to 128 characters. */
  readonly value: string;
  readonly createdDate: Date;
  lastUpdatedDate: Date;
  name?: string | undefined;
  description?: string | undefined;
  customerId?: string | undefined;
  enabled: boolean;
  readonly tags: Map<string, string>;
}

export interface Throttle {
  /** Requests that the token bucket holds. */
  burstLimit?: number | undefined;
  /** Requests a second that come into it. */
  rateLimit?: number | undefined;
}

export type QuotaPeriod = 'DAY' | 'WEEK' | 'MONTH';

export interface Quota {
  limit: number;
  /** Requests that the first period has less. */
  offset: number;
  period: QuotaPeriod;
}

export interface PlanStage {
  readonly apiId: string;
  readonly stage: string;
  /** By resource path and method: `/v1/POST`. */
  readonly throttle: Map<string, Throttle>;
}

export interface UsagePlan {
  readonly id: string;
  readonly region: string;
  readonly accountId: string;
  /** Ms since the epoch: the first period of its quota is the one that this lies in. */
  readonly createdAt: number;
  name: string;
  description?: string | undefined;
  productCode?: string | undefined;
  throttle?: Throttle | undefined;
  quota?: Quota | undefined;
  /** By `{api id}:{stage}`. */
  readonly apiStages: Map<string, PlanStage>;
  /** Ids of the keys that the plan is for. */
  readonly keys: Set<string>;
  readonly tags: Map<string, string>;
  /** Requests let in: by key id, by UTC day as `2022-01-27`. */
  readonly used: Map<string, Map<string, number>>;
}
