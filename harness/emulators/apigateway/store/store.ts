import type { Call } from '../../../edge/emulator.ts';
import { DomainRegistry } from '../domain-names/registry.ts';
import { notFound } from '../errors.ts';
import { UsageRegistry } from '../usage/registry.ts';
import type { Account, Deployment, Integration, Method, Resource, RestApi, Stage } from './model.ts';

/** Every API of every region, and the finders that name what is missing as AWS does. */
export class Store {
  readonly apis = new Map<string, RestApi>();
  readonly domains = new DomainRegistry();
  readonly usage = new UsageRegistry();
  readonly #accounts = new Map<string, Account>();

  account(call: Pick<Call, 'accountId' | 'region'>): Account {
    const key = `${call.accountId}/${call.region}`;
    const account = this.#accounts.get(key) ?? {};
    this.#accounts.set(key, account);
    return account;
  }

  clear(): void {
    this.apis.clear();
    this.domains.clear();
    this.usage.clear();
    this.#accounts.clear();
  }

  api(call: Pick<Call, 'accountId' | 'region'>, id: string | undefined): RestApi {
    const api = this.apis.get(id ?? '');
    if (!api || api.region !== call.region || api.accountId !== call.accountId) {
      throw notFound(`Invalid API identifier specified ${call.accountId}:${id}`);
    }
    return api;
  }
}

/** The resource; a wrong API id is reported as a wrong resource, as recorded from AWS for all calls below a resource. */
export function findResource(store: Store, call: Call, apiId: string | undefined, id: string | undefined): Resource {
  const api = store.apis.get(apiId ?? '');
  const resource = api?.region === call.region ? api.resources.get(id ?? '') : undefined;
  if (!resource) throw notFound('Invalid Resource identifier specified');
  return resource;
}

/** The members that say which method a call is about. */
export interface MethodAddress {
  readonly restApiId: string | undefined;
  readonly resourceId: string | undefined;
  readonly httpMethod: string | undefined;
}

export function findMethod(store: Store, call: Call, at: MethodAddress): Method {
  const method = findResource(store, call, at.restApiId, at.resourceId).methods.get(at.httpMethod ?? '');
  if (!method) throw notFound('Invalid Method identifier specified');
  return method;
}

export function findIntegration(store: Store, call: Call, at: MethodAddress): Integration {
  const { integration } = findMethod(store, call, at);
  if (!integration) throw notFound('Invalid Integration identifier specified');
  return integration;
}

export function findDeployment(api: RestApi, id: string | undefined): Deployment {
  const deployment = api.deployments.get(id ?? '');
  if (!deployment) throw notFound('Invalid Deployment identifier specified');
  return deployment;
}

export function findStage(api: RestApi, name: string | undefined): Stage {
  const stage = api.stages.get(name ?? '');
  if (!stage) throw notFound('Invalid Stage identifier specified');
  return stage;
}
