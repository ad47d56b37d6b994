import { DeleteCampaign$, type DeleteCampaignRequest, type DeleteCampaignResponse } from '@aws-sdk/client-pinpoint';
import { campaignOf, campaignResponse } from './campaigns.ts';
import { operation } from './operation.ts';

/** What it has not sent by now is not sent. */
export const deleteCampaign = operation(
  DeleteCampaign$,
  (home, { ApplicationId, CampaignId }: DeleteCampaignRequest): DeleteCampaignResponse => {
    const app = home.app(ApplicationId);
    const campaign = campaignOf(app, CampaignId);
    campaign.status = 'DELETED';
    app.campaigns.delete(campaign.id);
    return { CampaignResponse: campaignResponse(app, campaign) };
  },
);
