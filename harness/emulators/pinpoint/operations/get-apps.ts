import { GetApps$, type GetAppsRequest, type GetAppsResponse } from '@aws-sdk/client-pinpoint';
import { applicationResponse } from './apps.ts';
import { operation } from './operation.ts';
import { page } from './page.ts';

export const getApps = operation(GetApps$, (home, { PageSize, Token }: GetAppsRequest): GetAppsResponse => {
  const { Item, ...next } = page([...home.apps.values()], PageSize, Token);
  return { ApplicationsResponse: { Item: Item.map(applicationResponse), ...next } };
});
