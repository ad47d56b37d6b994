import * as api from '@aws-sdk/client-pinpoint';
import type { Operation } from '../../../edge/emulator.ts';
import { createApp } from './create-app.ts';
import { createCampaign } from './create-campaign.ts';
import { createEmailTemplate } from './create-email-template.ts';
import { createSegment } from './create-segment.ts';
import { deleteApp } from './delete-app.ts';
import { deleteCampaign } from './delete-campaign.ts';
import { deleteEmailChannel } from './delete-email-channel.ts';
import { deleteEmailTemplate } from './delete-email-template.ts';
import { deleteEndpoint } from './delete-endpoint.ts';
import { deleteEventStream } from './delete-event-stream.ts';
import { deleteSegment } from './delete-segment.ts';
import { getApp } from './get-app.ts';
import { getApplicationSettings } from './get-application-settings.ts';
import { getApps } from './get-apps.ts';
import { getCampaign } from './get-campaign.ts';
import { getCampaignActivities } from './get-campaign-activities.ts';
import { getCampaigns } from './get-campaigns.ts';
import { getEmailChannel } from './get-email-channel.ts';
import { getEmailTemplate } from './get-email-template.ts';
import { getEndpoint } from './get-endpoint.ts';
import { getEventStream } from './get-event-stream.ts';
import { getSegment } from './get-segment.ts';
import { getSegments } from './get-segments.ts';
import { getUserEndpoints } from './get-user-endpoints.ts';
import { listTagsForResource } from './list-tags-for-resource.ts';
import type { OperationMaker, Parts } from './operation.ts';
import { putEventStream } from './put-event-stream.ts';
import { putEvents } from './put-events.ts';
import { makeRefusals } from './refusals.ts';
import { sendMessages } from './send-messages.ts';
import { tagResource } from './tag-resource.ts';
import { untagResource } from './untag-resource.ts';
import { updateEmailChannel } from './update-email-channel.ts';
import { updateEmailTemplate } from './update-email-template.ts';
import { updateEndpoint } from './update-endpoint.ts';
import { updateEndpointsBatch } from './update-endpoints-batch.ts';

const MAKERS: readonly OperationMaker[] = [
  createApp,
  createCampaign,
  createEmailTemplate,
  createSegment,
  deleteApp,
  deleteCampaign,
  deleteEmailChannel,
  deleteEmailTemplate,
  deleteEndpoint,
  deleteEventStream,
  deleteSegment,
  getApp,
  getApplicationSettings,
  getApps,
  getCampaign,
  getCampaignActivities,
  getCampaigns,
  getEmailChannel,
  getEmailTemplate,
  getEndpoint,
  getEventStream,
  getSegment,
  getSegments,
  getUserEndpoints,
  listTagsForResource,
  putEventStream,
  putEvents,
  sendMessages,
  tagResource,
  untagResource,
  updateEmailChannel,
  updateEmailTemplate,
  updateEndpoint,
  updateEndpointsBatch,
];

/** Every operation of the API: those that work, and those that say that they do not. */
export function makeOperations(parts: Parts): Operation[] {
  const played = MAKERS.map((make) => make(parts));
  return [...played, ...makeRefusals(api, played)];
}
