import type { App, Endpoint } from '../model.ts';
import { messagingRecord } from './messaging.ts';

export type SendStatus = 'SUCCESS' | 'HOLDOUT' | 'EXPIRED';

/** Which run of which campaign sent something. */
export interface CampaignRun {
  readonly campaignId: string;
  readonly activityId: string;
}

/** The attributes that say so, in every event of a campaign. */
export function campaignAttributes({ campaignId, activityId }: CampaignRun) {
  return { treatment_id: '0', campaign_activity_id: activityId, campaign_id: campaignId };
}

export interface CampaignSend {
  readonly app: App;
  readonly run: CampaignRun;
  readonly endpoint: Endpoint;
  readonly status: SendStatus;
  /** ms since the epoch. */
  readonly sentAt: number;
  readonly arrivedAt: number;
}

/** `_campaign.send`. Source: Pinpoint developer guide, "Campaign event data stream". */
export function campaignSendRecord({ app, run, endpoint, status, sentAt, arrivedAt }: CampaignSend) {
  const { campaignId, activityId } = run;
  return messagingRecord(app, {
    type: '_campaign.send',
    sentAt,
    arrivedAt,
    clientId: endpoint.Id,
    attributes: {
      treatment_id: '0',
      campaign_activity_id: activityId,
      delivery_type: 'EMAIL',
      campaign_id: campaignId,
      campaign_send_status: status,
    },
    clientContext: { endpoint: endpointText(endpoint) },
  });
}

function endpointText(endpoint: Endpoint): string {
  const { ChannelType, Address, EndpointStatus, OptOut, RequestId, Location, Demographic, EffectiveDate } = endpoint;
  const { Attributes, Metrics, User } = endpoint;
  const known = { ChannelType, Address, EndpointStatus, OptOut, RequestId, Location, Demographic, EffectiveDate };
  return JSON.stringify({ ...known, Attributes, Metrics, User: User ?? {} });
}
