import { GetResource$, type GetResourceRequest } from '@aws-sdk/client-api-gateway';
import { resourceShape } from '../store/shapes.ts';
import { findResource } from '../store/store.ts';
import { operation } from './operation.ts';

export const getResource = operation(GetResource$, ({ store }, input: GetResourceRequest, call) =>
  resourceShape(findResource(store, call, input.restApiId, input.resourceId), input.embed?.includes('methods')),
);
