import type { CampaignResponse } from '@aws-sdk/client-pinpoint';
import { errors } from '../errors.ts';
import { iso } from '../instant.ts';
import type { App, Campaign } from '../model.ts';
import { writeTags } from './tags.ts';

export function campaignOf({ campaigns }: App, id: string | undefined): Campaign {
  const campaign = campaigns.get(id ?? '');
  if (!campaign) throw errors.notFound();
  return campaign;
}

export function campaignResponse(app: App, campaign: Campaign): CampaignResponse {
  const { arn, createdAt, modifiedAt, description, holdoutPercent, id, limits, name, schedule, segmentId } = campaign;
  const { message, status, tags, template } = campaign;
  return {
    AdditionalTreatments: [],
    ApplicationId: app.id,
    Arn: arn,
    CreationDate: iso(createdAt),
    Description: description,
    HoldoutPercent: holdoutPercent,
    Hook: {},
    Id: id,
    IsPaused: false,
    LastModifiedDate: iso(modifiedAt),
    Limits: limits,
    ...(message && { MessageConfiguration: { EmailMessage: message } }),
    Name: name,
    Schedule: schedule,
    SegmentId: segmentId,
    SegmentVersion: 1,
    State: { CampaignStatus: status },
    ...writeTags(tags),
    ...(template && { TemplateConfiguration: template }),
    Version: 1,
  };
}
