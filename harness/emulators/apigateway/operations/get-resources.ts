import { GetResources$, type GetResourcesRequest } from '@aws-sdk/client-api-gateway';
import { resourceShape } from '../store/shapes.ts';
import { operation } from './operation.ts';
import { page } from './paging.ts';

export const getResources = operation(GetResources$, ({ store }, input: GetResourcesRequest, call) => {
  const api = store.api(call, input.restApiId);
  const sorted = [...api.resources.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const { items, position } = page(sorted, input, (resource) => resource.id);
  const embed = input.embed?.includes('methods') ?? false;
  return { items: items.map((resource) => resourceShape(resource, embed)), position };
});
