import { GetIntegration$, type GetIntegrationRequest } from '@aws-sdk/client-api-gateway';
import { integrationShape } from '../store/shapes.ts';
import { findIntegration, type MethodAddress } from '../store/store.ts';
import { operation } from './operation.ts';

export const getIntegration = operation(GetIntegration$, ({ store }, input: GetIntegrationRequest, call) =>
  integrationShape(findIntegration(store, call, input as MethodAddress)),
);
