import {
  CreateBasePathMapping$,
  type CreateBasePathMappingRequest,
  DeleteBasePathMapping$,
  type DeleteBasePathMappingRequest,
  GetBasePathMapping$,
  type GetBasePathMappingRequest,
  GetBasePathMappings$,
  type GetBasePathMappingsRequest,
  UpdateBasePathMapping$,
  type UpdateBasePathMappingRequest,
} from '@aws-sdk/client-api-gateway';
import { badRequest } from '../../errors.ts';
import { operation } from '../../operations/operation.ts';
import { page } from '../../operations/paging.ts';
import { onlyReplace, type Patch, readPatches, unknownPath } from '../../patch.ts';
import { newPartId } from '../../store/ids.ts';
import type { BasePathMapping } from '../model.ts';
import { findMapping } from '../registry.ts';
import { basePathMappingShape } from '../shapes.ts';
import { checkBasePath, checkTarget, checkUnique } from './base-path-checks.ts';

/** As AWS spells them. */
const PATHS = ['/basePath', '/restapiId', '/stage'];

export const createBasePathMapping = operation(
  CreateBasePathMapping$,
  ({ store, random }, input: CreateBasePathMappingRequest, call) => {
    const { mappings } = store.domains.find(call, input.domainName);
    const basePath = checkBasePath(input.basePath);
    const stage = input.stage || undefined;
    checkTarget(store, call, input.restApiId, stage);
    checkUnique(basePath, [...mappings.keys()]);
    const mapping: BasePathMapping = { id: newPartId(random), basePath, restApiId: input.restApiId ?? '', stage };
    mappings.set(basePath, mapping);
    return basePathMappingShape(mapping);
  },
);

export const getBasePathMapping = operation(
  GetBasePathMapping$,
  ({ store }, { domainName, basePath }: GetBasePathMappingRequest, call) =>
    basePathMappingShape(findMapping(store.domains.find(call, domainName), basePath)),
);

export const getBasePathMappings = operation(
  GetBasePathMappings$,
  ({ store }, input: GetBasePathMappingsRequest, call) => {
    const { mappings } = store.domains.find(call, input.domainName);
    const { items, position } = page([...mappings.values()], input, ({ id }) => id);
    return { items: items.map(basePathMappingShape), position };
  },
);

export const updateBasePathMapping = operation(
  UpdateBasePathMapping$,
  ({ store }, input: UpdateBasePathMappingRequest, call) => {
    const domain = store.domains.find(call, input.domainName);
    const before = findMapping(domain, input.basePath);
    const patches = readPatches(input.patchOperations, 'updateBasePathMappingInput');
    const next = patches.reduce(patched, before);
    checkTarget(store, call, next.restApiId, next.stage);
    const others = [...domain.mappings.keys()].filter((basePath) => basePath !== before.basePath);
    if (next.basePath !== before.basePath) checkUnique(next.basePath, others);
    domain.mappings.delete(before.basePath);
    domain.mappings.set(next.basePath, next);
    return basePathMappingShape(next);
  },
);

function patched(mapping: BasePathMapping, patch: Patch): BasePathMapping {
  const { path, value } = patch;
  if (!PATHS.includes(path)) throw unknownPath(patch, PATHS);
  onlyReplace(patch);
  if (path === '/basePath') return { ...mapping, basePath: checkBasePath(value) };
  if (path === '/stage') return { ...mapping, stage: value || undefined };
  if (!value) throw badRequest('Invalid REST API identifier specified');
  return { ...mapping, restApiId: value };
}

export const deleteBasePathMapping = operation(
  DeleteBasePathMapping$,
  ({ store }, { domainName, basePath }: DeleteBasePathMappingRequest, call) => {
    const domain = store.domains.find(call, domainName);
    domain.mappings.delete(findMapping(domain, basePath).basePath);
    return {};
  },
);
