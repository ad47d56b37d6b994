import { GetCampaign$, type GetCampaignRequest, type GetCampaignResponse } from '@aws-sdk/client-pinpoint';
import { campaignOf, campaignResponse } from './campaigns.ts';
import { operation } from './operation.ts';

export const getCampaign = operation(
  GetCampaign$,
  (home, { ApplicationId, CampaignId }: GetCampaignRequest): GetCampaignResponse => {
    const app = home.app(ApplicationId);
    return { CampaignResponse: campaignResponse(app, campaignOf(app, CampaignId)) };
  },
);
