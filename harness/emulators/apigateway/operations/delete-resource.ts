import { DeleteResource$, type DeleteResourceRequest } from '@aws-sdk/client-api-gateway';
import { badRequest } from '../errors.ts';
import { findResource } from '../store/store.ts';
import { operation } from './operation.ts';
import { subtree } from './resource-tree.ts';

/** Deletes the resource with all below it. */
export const deleteResource = operation(DeleteResource$, ({ store }, input: DeleteResourceRequest, call) => {
  const resource = findResource(store, call, input.restApiId, input.resourceId);
  const api = store.api(call, input.restApiId);
  if (resource.parentId === undefined) throw badRequest('Root resource cannot be deleted');
  for (const { id } of subtree(api, resource)) api.resources.delete(id);
  return {};
});
