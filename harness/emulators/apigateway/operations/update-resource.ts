import { UpdateResource$, type UpdateResourceRequest } from '@aws-sdk/client-api-gateway';
import { badRequest } from '../errors.ts';
import { readPatches, unknownPath, unsupportedOp } from '../patch.ts';
import { resourceShape } from '../store/shapes.ts';
import { findResource } from '../store/store.ts';
import { operation } from './operation.ts';
import { checkPathPart, checkPlace, renewPaths, subtree } from './resource-tree.ts';

const PATHS = ['/parentId', '/pathPart'];

export const updateResource = operation(UpdateResource$, ({ store }, input: UpdateResourceRequest, call) => {
  const resource = findResource(store, call, input.restApiId, input.resourceId);
  const api = store.api(call, input.restApiId);
  for (const patch of readPatches(input.patchOperations, 'updateResourceInput')) {
    if (patch.op !== 'replace') throw unsupportedOp(patch.path, patch.op);
    if (!PATHS.includes(patch.path)) throw unknownPath(patch, PATHS);
    const member = patch.path.slice(1);
    if (resource.parentId === undefined) throw badRequest(`Root resource cannot update its ${member}.`);
    const value = patch.value ?? '';
    if (member === 'parentId') {
      const parent = findResource(store, call, input.restApiId, value);
      if (subtree(api, resource).includes(parent)) throw badRequest('Resources cannot be cyclical.');
      checkPlace(api, parent, resource.pathPart ?? '', resource);
      resource.parentId = parent.id;
    } else {
      checkPathPart(value);
      checkPlace(api, findResource(store, call, input.restApiId, resource.parentId), value, resource);
      resource.pathPart = value;
    }
    renewPaths(api, resource);
  }
  return resourceShape(resource);
});
