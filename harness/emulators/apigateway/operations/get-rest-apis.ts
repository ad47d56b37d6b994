import { GetRestApis$, type GetRestApisRequest } from '@aws-sdk/client-api-gateway';
import { restApiShape } from '../store/shapes.ts';
import { operation } from './operation.ts';
import { page } from './paging.ts';

export const getRestApis = operation(GetRestApis$, ({ store }, input: GetRestApisRequest, call) => {
  const mine = [...store.apis.values()].filter((api) => api.region === call.region && api.accountId === call.accountId);
  const { items, position } = page(mine, input, (api) => api.id);
  return { items: items.map(restApiShape), position };
});
