import { type AccessPolicy, judge, type Verdict } from '../../../policies/resource-policy.ts';
import type { Exchange } from '../data-plane/exchange.ts';
import type { Gate } from '../data-plane/gates.ts';
import { accessDenied, requestUriTooLong } from '../data-plane/gateway-failure.ts';
import type { Runtime } from '../data-plane/runtime.ts';
import { MAX_METHOD_ARN_BYTES } from '../limits.ts';
import type { Authorizers } from './authorizers.ts';
import { readApiPolicy } from './resource-policy.ts';

const ACTION = 'execute-api:Invoke';

/**
 * Lets a request in if the API's resource policy and the method's authorizer do (developer guide, "How API Gateway
 * resource policies affect authorization workflow"): with an authorizer a policy only has to not deny; without one it
 * has to allow.
 */
export function createAccessGate(authorizers: Authorizers): Gate {
  const policies = new WeakMap<Runtime, AccessPolicy>();

  return {
    pass(exchange, { method }, runtime) {
      const { policy } = runtime.snapshot;
      const { authorizerId } = method;
      if (policy === undefined && authorizerId === undefined) return undefined;
      const arn = methodArnOf(exchange);
      if (Buffer.byteLength(arn) > MAX_METHOD_ARN_BYTES) throw requestUriTooLong();
      const verdict = policy === undefined ? 'allowed' : judgePolicy(exchange, runtime, policy, arn);
      if (verdict === 'denied' || (verdict === 'not-allowed' && authorizerId === undefined)) {
        throw accessDenied(anonymousRefusal(exchange, arn, verdict));
      }
      return authorizerId === undefined ? undefined : authorize(exchange, runtime, authorizerId, arn);
    },
  };

  function judgePolicy(exchange: Exchange, runtime: Runtime, document: string, resource: string): Verdict {
    const { api, context } = exchange;
    let policy = policies.get(runtime);
    if (!policy) {
      policy = readApiPolicy(document, `arn:aws:execute-api:${api.region}:${api.accountId}:${api.id}`);
      policies.set(runtime, policy);
    }
    const sourceIp = context.identity.sourceIp ?? '';
    return judge(policy, { caller: 'anonymous', action: ACTION, resource, sourceIp });
  }

  async function authorize(exchange: Exchange, runtime: Runtime, id: string, resource: string): Promise<void> {
    const authorizer = runtime.snapshot.authorizers.get(id);
    if (!authorizer) throw accessDenied('User is not authorized to access this resource');
    const { policy, principalId, context, usageIdentifierKey } = await authorizers.ask(authorizer, resource, exchange);
    const sourceIp = exchange.context.identity.sourceIp ?? '';
    const verdict = judge(policy, { caller: 'anonymous', action: ACTION, resource, sourceIp });
    const error = verdict === 'allowed' ? undefined : 'The client is not authorized to perform this operation.';
    exchange.phases.authorize = { status: error ? 403 : 200, latencyMs: 0, error };
    if (error) {
      exchange.log?.error(error);
      const how = verdict === 'denied' ? ' with an explicit deny' : '';
      throw accessDenied(`User is not authorized to access this resource${how}`);
    }
    exchange.context.authorizer = { ...context, principalId };
    exchange.usageIdentifierKey = usageIdentifierKey;
  }
}

/** `arn:aws:execute-api:{region}:{account}:{api}/{stage}/{method}{path}`, the path as it was asked for. */
function methodArnOf({ api, stage, httpMethod, path }: Exchange): string {
  return `arn:aws:execute-api:${api.region}:${api.accountId}:${api.id}/${stage.stageName}/${httpMethod}${path}`;
}

/** In AWS's words, which show the last four digits of the account only. */
function anonymousRefusal({ api }: Exchange, arn: string, verdict: Verdict): string {
  const shown = arn.replace(`:${api.accountId}:`, `:${'*'.repeat(8)}${api.accountId.slice(-4)}:`);
  const how = verdict === 'denied' ? ' with an explicit deny' : '';
  return `User: anonymous is not authorized to perform: ${ACTION} on resource: ${shown}${how}`;
}
