import type { EmulatorContext } from '../../../edge/emulator.ts';
import type { Exchange } from '../data-plane/exchange.ts';
import { mask } from '../data-plane/execution-log.ts';
import type { Gate } from '../data-plane/gates.ts';
import { invalidApiKey, quotaExceeded, throttled } from '../data-plane/gateway-failure.ts';
import type { MethodRuntime, Runtime } from '../data-plane/runtime.ts';
import { DEFAULT_BURST_LIMIT, DEFAULT_RATE_LIMIT } from '../limits.ts';
import type { MethodSettings } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import type { ApiKey, Throttle, UsagePlan } from './model.ts';
import { countUse, remaining } from './quota.ts';

/**
 * Lets a request in if its API key, the usage plan of that key and the throttle of its method do, in this order
 * (developer guide, "How throttling limit settings are applied in API Gateway"). The account's own throttle of 10,000
 * requests a second is not played: while the clock is held no token would ever come back.
 */
export function createUsageGate({ clock }: EmulatorContext, { usage }: Store): Gate {
  return {
    pass(exchange, method, runtime) {
      const { log, context, api, stage } = exchange;
      const value = keyValueOf(exchange, runtime);
      const shown = mask(value ?? '');
      const apiStage = `${api.id}/${stage.stageName}`;
      log?.info(`Verifying Usage Plan for request: ${context.requestId}. API Key: ${shown} API Stage: ${apiStage}`);
      const { apiKeyRequired } = method.method;
      if (apiKeyRequired) admit(exchange, method, value, shown);
      throttleMethod(exchange, method);
      if (!apiKeyRequired) {
        log?.info(
          `API Key ${shown} authorized because method '${exchange.httpMethod} ${method.resource.path}' ` +
            'does not require API Key. Request will not contribute to throttle or quota limits',
        );
      }
      log?.info(`Usage Plan check succeeded for API Key ${shown} and API Stage ${apiStage}`);
    },
  };

  function admit(exchange: Exchange, method: MethodRuntime, value: string | undefined, shown: string): void {
    const { api, stage, log } = exchange;
    const key = value === undefined ? undefined : usage.keyOfValue(api, value);
    const plan = key?.enabled ? usage.planFor(key, `${api.id}:${stage.stageName}`) : undefined;
    if (!key || !plan) {
      log?.error(`API Key ${shown} not authorized for API Stage ${api.id}/${stage.stageName}`);
      throw invalidApiKey();
    }
    exchange.context.identity = { ...exchange.context.identity, apiKey: key.value, apiKeyId: key.id };
    throttleClient(exchange, method, key, plan);
    const { quota } = plan;
    if (quota && remaining(plan, quota, key.id, clock.now()) <= 0) {
      log?.error(
        `API Key ${shown} exceeded quota limit for API Stage ${api.id}/${stage.stageName}: ` +
          `Key quota exhausted for Usage Plan ID ${plan.id}. Limit: ${quota.limit} Period: ${quota.period}`,
      );
      throw quotaExceeded();
    }
    countUse(plan, key.id, clock.now());
  }

  function throttleClient(exchange: Exchange, method: MethodRuntime, key: ApiKey, plan: UsagePlan): void {
    const { api, stage, httpMethod, log } = exchange;
    const of = plan.apiStages.get(`${api.id}:${stage.stageName}`);
    const path = `${method.resource.path}/${method.method.httpMethod}`;
    const limits: readonly (readonly [string, Throttle | undefined])[] = [
      [`${plan.id}/${key.id}/${api.id}/${stage.stageName}${path}`, of?.throttle.get(path)],
      [`${plan.id}/${key.id}`, plan.throttle],
    ];
    for (const [name, throttle] of limits) {
      const { rateLimit, burstLimit } = throttle ?? {};
      if (rateLimit === undefined && burstLimit === undefined) continue;
      const [rate, burst] = [rateLimit ?? DEFAULT_RATE_LIMIT, burstLimit ?? DEFAULT_BURST_LIMIT];
      const now = clock.now();
      if (usage.bucket(name, rate, burst, now).take(now)) continue;
      log?.error(
        `API Key ${mask(key.value)} exceeded throttle limit for API Stage ${api.id}/${stage.stageName}: ` +
          `Key throttle limit exceeded for Usage Plan ID ${plan.id}, RestApi ${api.id}, Stage ${stage.stageName}, ` +
          `Resource ${method.resource.id}, HttpMethod ${httpMethod}. Limit: ${rate.toFixed(2)} Burst: ${burst}`,
      );
      throw throttled();
    }
  }

  /** The stage's own limit, which the method's settings or those of all methods give. Each method has its bucket. */
  function throttleMethod({ api, stage, httpMethod, log }: Exchange, { resource, settingsKey }: MethodRuntime): void {
    const own = limitsOf(stage.methodSettings.get(settingsKey)) ?? limitsOf(stage.methodSettings.get('*/*'));
    if (!own) return;
    const { rate, burst } = own;
    const now = clock.now();
    if (usage.bucket(`${api.id}/${stage.stageName}/${settingsKey}`, rate, burst, now).take(now)) return;
    log?.error(
      `Key throttle limit exceeded for RestApi ${api.id}, Stage ${stage.stageName}, Resource ${resource.id}, ` +
        `HttpMethod ${httpMethod}. Limit: ${rate.toFixed(2)} Burst: ${burst}`,
    );
    throw throttled();
  }
}

function keyValueOf(exchange: Exchange, { snapshot }: Runtime): string | undefined {
  if (snapshot.apiKeySource === 'AUTHORIZER') return exchange.usageIdentifierKey;
  return exchange.headers.lastOfAnyCase('x-api-key');
}

function limitsOf(settings: MethodSettings | undefined): { rate: number; burst: number } | undefined {
  const { throttlingRateLimit: rate, throttlingBurstLimit: burst } = settings ?? {};
  if (rate === undefined && burst === undefined) return undefined;
  return { rate: rate ?? DEFAULT_RATE_LIMIT, burst: burst ?? DEFAULT_BURST_LIMIT };
}
