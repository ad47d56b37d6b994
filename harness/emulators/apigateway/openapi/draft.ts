import type { Random } from '../../../clock/index.ts';
import { limitExceeded } from '../errors.ts';
import { MAX_RESOURCES } from '../limits.ts';
import { checkPathPart, checkPlace, childPath } from '../operations/resource-tree.ts';
import { newPartId } from '../store/ids.ts';
import type { Resource, RestApi } from '../store/model.ts';

export type PutMode = 'merge' | 'overwrite';

/**
 * A copy of the API to import into, which becomes the API when all has gone well. For `overwrite` it begins with no
 * more than the root resource.
 */
export function draftOf(api: RestApi, mode: PutMode): RestApi {
  const { resources, models, requestValidators, authorizers, gatewayResponses, binaryMediaTypes } = api;
  const kept = structuredClone({
    resources,
    models,
    requestValidators,
    authorizers,
    gatewayResponses,
    binaryMediaTypes,
  });
  if (mode === 'merge') return { ...api, ...kept };
  return {
    ...api,
    description: undefined,
    version: undefined,
    resources: new Map([[api.rootResourceId, { id: api.rootResourceId, path: '/', methods: new Map() }]]),
    models: new Map(),
    requestValidators: new Map(),
    authorizers: new Map(),
    gatewayResponses: new Map(),
    binaryMediaTypes: new Set(),
    minimumCompressionSize: undefined,
    apiKeySource: 'HEADER',
    policy: undefined,
  };
}

/** Makes the API what the draft is. */
export function adopt(api: RestApi, draft: RestApi): void {
  Object.assign(api, draft);
}

/** The resource at a path, made with its parents if need be. A path keeps the id that it had in the API (recorded). */
export function ensureResource(draft: RestApi, path: string, before: RestApi, random: Random): Resource {
  const segments = path.split('/').filter((segment) => segment !== '');
  let resource = draft.resources.get(draft.rootResourceId) as Resource;
  for (const pathPart of segments) {
    const parent = resource;
    const wanted = childPath(parent, pathPart);
    const found = [...draft.resources.values()].find((one) => one.path === wanted);
    if (found) {
      resource = found;
      continue;
    }
    checkPathPart(pathPart);
    checkPlace(draft, parent, pathPart);
    if (draft.resources.size >= MAX_RESOURCES) {
      throw limitExceeded('Maximum number of Resources for this API has been reached');
    }
    const id = [...before.resources.values()].find((one) => one.path === wanted)?.id ?? newPartId(random);
    resource = { id, parentId: parent.id, pathPart, path: wanted, methods: new Map() };
    draft.resources.set(id, resource);
  }
  return resource;
}
