import { GetApp$, type GetAppRequest, type GetAppResponse } from '@aws-sdk/client-pinpoint';
import { applicationResponse } from './apps.ts';
import { operation } from './operation.ts';

export const getApp = operation(
  GetApp$,
  (home, { ApplicationId }: GetAppRequest): GetAppResponse => ({
    ApplicationResponse: applicationResponse(home.app(ApplicationId)),
  }),
);
