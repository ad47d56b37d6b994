import {
  type ActivityResponse,
  GetCampaignActivities$,
  type GetCampaignActivitiesRequest,
  type GetCampaignActivitiesResponse,
} from '@aws-sdk/client-pinpoint';
import { iso } from '../instant.ts';
import type { Activity, App, Campaign } from '../model.ts';
import { campaignOf } from './campaigns.ts';
import { operation } from './operation.ts';
import { page } from './page.ts';

export const getCampaignActivities = operation(
  GetCampaignActivities$,
  (home, input: GetCampaignActivitiesRequest): GetCampaignActivitiesResponse => {
    const app = home.app(input.ApplicationId);
    const campaign = campaignOf(app, input.CampaignId);
    const activities = campaign.activity ? [activityResponse(app, campaign, campaign.activity)] : [];
    return { ActivitiesResponse: page(activities, input.PageSize, input.Token) };
  },
);

function activityResponse(app: App, campaign: Campaign, { id, start, end, sent, total }: Activity): ActivityResponse {
  return {
    ApplicationId: app.id,
    CampaignId: campaign.id,
    ...(end === undefined ? {} : { End: iso(end), Result: 'SUCCESS' }),
    Id: id,
    ScheduledStart: iso(start),
    Start: iso(start),
    State: end === undefined ? 'RUNNING' : 'COMPLETED',
    SuccessfulEndpointCount: sent,
    TimezonesCompletedCount: 0,
    TimezonesTotalCount: 0,
    TotalEndpointCount: total,
    TreatmentId: '0',
  };
}
