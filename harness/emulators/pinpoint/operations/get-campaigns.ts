import { GetCampaigns$, type GetCampaignsRequest, type GetCampaignsResponse } from '@aws-sdk/client-pinpoint';
import { campaignResponse } from './campaigns.ts';
import { operation } from './operation.ts';
import { page } from './page.ts';

export const getCampaigns = operation(
  GetCampaigns$,
  (home, { ApplicationId, PageSize, Token }: GetCampaignsRequest): GetCampaignsResponse => {
    const app = home.app(ApplicationId);
    const { Item, ...next } = page([...app.campaigns.values()], PageSize, Token);
    return { CampaignsResponse: { Item: Item.map((campaign) => campaignResponse(app, campaign)), ...next } };
  },
);
