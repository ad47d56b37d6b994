import { GetAccount$ } from '@aws-sdk/client-api-gateway';
import { accountShape } from './account-shape.ts';
import { operation } from './operation.ts';

export const getAccount = operation(GetAccount$, ({ store }, _input: unknown, call) =>
  accountShape(store.account(call)),
);
