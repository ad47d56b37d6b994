import {
  GetApplicationSettings$,
  type GetApplicationSettingsRequest,
  type GetApplicationSettingsResponse,
} from '@aws-sdk/client-pinpoint';
import { iso } from '../instant.ts';
import { operation } from './operation.ts';

/** Those of an app whose settings nobody changed. */
export const getApplicationSettings = operation(
  GetApplicationSettings$,
  (home, { ApplicationId }: GetApplicationSettingsRequest): GetApplicationSettingsResponse => {
    const { id, createdAt } = home.app(ApplicationId);
    return {
      ApplicationSettingsResource: {
        ApplicationId: id,
        CampaignHook: {},
        LastModifiedDate: iso(createdAt),
        Limits: {},
        QuietTime: {},
      },
    };
  },
);
