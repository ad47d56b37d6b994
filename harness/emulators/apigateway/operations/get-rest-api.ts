import { GetRestApi$, type GetRestApiRequest } from '@aws-sdk/client-api-gateway';
import { restApiShape } from '../store/shapes.ts';
import { operation } from './operation.ts';

/** Of one API tags are shown also when there are none (recorded). */
export const getRestApi = operation(GetRestApi$, ({ store }, input: GetRestApiRequest, call) => {
  const api = store.api(call, input.restApiId);
  return { ...restApiShape(api), tags: Object.fromEntries(api.tags) };
});
