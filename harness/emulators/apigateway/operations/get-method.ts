import { GetMethod$, type GetMethodRequest } from '@aws-sdk/client-api-gateway';
import { methodShape } from '../store/shapes.ts';
import { findMethod, type MethodAddress } from '../store/store.ts';
import { operation } from './operation.ts';

export const getMethod = operation(GetMethod$, ({ store }, input: GetMethodRequest, call) =>
  methodShape(findMethod(store, call, input as MethodAddress)),
);
