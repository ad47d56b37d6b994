import {
  CreateUsagePlanKey$,
  type CreateUsagePlanKeyRequest,
  DeleteUsagePlanKey$,
  type DeleteUsagePlanKeyRequest,
  GetUsagePlanKey$,
  type GetUsagePlanKeyRequest,
  GetUsagePlanKeys$,
  type GetUsagePlanKeysRequest,
} from '@aws-sdk/client-api-gateway';
import { badRequest, conflict, notFound } from '../../errors.ts';
import { operation } from '../../operations/operation.ts';
import { page } from '../../operations/paging.ts';
import { usagePlanKeyShape } from '../shapes.ts';

export const createUsagePlanKey = operation(
  CreateUsagePlanKey$,
  ({ store }, input: CreateUsagePlanKeyRequest, call) => {
    if (input.keyType !== 'API_KEY') throw badRequest('Invalid key type specified. Valid options are API_KEY');
    const plan = store.usage.plan(call, input.usagePlanId);
    const key = store.usage.key(call, input.keyId);
    if (plan.keys.has(key.id)) throw conflict(`Usage plan ${plan.id} already has the API key ${key.id}`);
    plan.keys.add(key.id);
    return usagePlanKeyShape(key);
  },
);

export const getUsagePlanKey = operation(GetUsagePlanKey$, ({ store }, input: GetUsagePlanKeyRequest, call) => {
  const plan = store.usage.plan(call, input.usagePlanId);
  if (!plan.keys.has(input.keyId ?? '')) throw notFound('Invalid Usage Plan Key identifier specified');
  return usagePlanKeyShape(store.usage.key(call, input.keyId));
});

/** Of a plan that is not there: none (recorded). */
export const getUsagePlanKeys = operation(GetUsagePlanKeys$, ({ store }, input: GetUsagePlanKeysRequest, call) => {
  const plan = store.usage.plans(call).find(({ id }) => id === input.usagePlanId);
  const found = store.usage
    .keys(call)
    .filter((key) => plan?.keys.has(key.id))
    .filter((key) => !input.nameQuery || key.name?.startsWith(input.nameQuery));
  const { items, position } = page(found, input, (key) => key.id);
  return { items: items.map(usagePlanKeyShape), position };
});

export const deleteUsagePlanKey = operation(
  DeleteUsagePlanKey$,
  ({ store }, input: DeleteUsagePlanKeyRequest, call) => {
    const plan = store.usage.plan(call, input.usagePlanId);
    if (!plan.keys.delete(input.keyId ?? '')) throw notFound('Invalid Usage Plan Key identifier specified');
    return {};
  },
);
