import { CreateResource$, type CreateResourceRequest } from '@aws-sdk/client-api-gateway';
import { limitExceeded } from '../errors.ts';
import { MAX_RESOURCES } from '../limits.ts';
import { newPartId } from '../store/ids.ts';
import type { Resource } from '../store/model.ts';
import { resourceShape } from '../store/shapes.ts';
import { findResource } from '../store/store.ts';
import { operation } from './operation.ts';
import { checkPathPart, checkPlace, childPath } from './resource-tree.ts';

export const createResource = operation(CreateResource$, (parts, input: CreateResourceRequest, call) => {
  const parent = findResource(parts.store, call, input.restApiId, input.parentId);
  const api = parts.store.api(call, input.restApiId);
  const pathPart = input.pathPart ?? '';
  checkPathPart(pathPart);
  checkPlace(api, parent, pathPart);
  if (api.resources.size >= MAX_RESOURCES)
    throw limitExceeded('Maximum number of Resources for this API has been reached');
  const resource: Resource = {
    id: newPartId(parts.random),
    parentId: parent.id,
    pathPart,
    path: childPath(parent, pathPart),
    methods: new Map(),
  };
  api.resources.set(resource.id, resource);
  return resourceShape(resource);
});
