import type { Call } from '../../../edge/emulator.ts';
import { badRequest, notFound, notSupported } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { findStage } from '../store/store.ts';

/** `arn:aws:apigateway:ap-northeast-2::/restapis/a1b2c3d4e5` or `…/restapis/a1b2c3d4e5/stages/PROD`. */
const ARN = /^arn:aws[\w-]*:apigateway:([a-z0-9-]+)::\/(.+)$/;
const USAGE_PATH = /^(apikeys|usageplans)\/([a-z0-9]+)$/;
const DOMAIN_PATH = /^domainnames\/([^/]+)$/;
const PATH = /^restapis\/([a-z0-9]+)(?:\/stages\/([A-Za-z0-9_-]+))?$/;

/** The tags of the resource that an ARN names. The edge may hand the ARN in as it stood in the path. */
export function tagsOf(store: Store, call: Call, resourceArn: string | undefined): Map<string, string> {
  const arn = resourceArn?.includes('%') ? decodeURIComponent(resourceArn) : (resourceArn ?? '');
  const [, region, path = ''] = ARN.exec(arn) ?? [];
  if (region === undefined) throw badRequest('Invalid ARN specified in the request');
  const [, kind, id] = USAGE_PATH.exec(path) ?? [];
  if (kind === 'apikeys') return store.usage.key(call, id).tags;
  if (kind === 'usageplans') return store.usage.plan(call, id).tags;
  const [, domainName] = DOMAIN_PATH.exec(path) ?? [];
  if (domainName !== undefined) return store.domains.find(call, domainName).tags;
  const [, apiId, stageName] = PATH.exec(path) ?? [];
  if (apiId === undefined) throw notSupported(`tags of ${path}`);
  if (region !== call.region) throw notFound(`Invalid API identifier specified ${call.accountId}:${apiId}`);
  const api = store.api(call, apiId);
  return stageName === undefined ? api.tags : findStage(api, stageName).tags;
}
