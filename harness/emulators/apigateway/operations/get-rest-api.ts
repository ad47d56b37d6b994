import { GetRestApi$, type GetRestApiRequest } from '@aws-sdk/client-api-gateway';
import { restApiShape } from '../store/shapes.ts';
import { operation } from './operation.ts';

export const getRestApi = operation(GetRestApi$, ({ store }, input: GetRestApiRequest, call) =>
  restApiShape(store.api(call, input.restApiId)),
);
