import {
  CreateCampaignCommand,
  DeleteCampaignCommand,
  GetCampaignCommand,
  PinpointClient,
  type WriteCampaignRequest,
} from '@aws-sdk/client-pinpoint';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { PINPOINT_GONE } from './pinpoint-app.ts';
import { defineResource } from './resource-type.ts';
import { integer, text, textMap } from './schemas.ts';

export const pinpointCampaign = defineResource({
  type: 'AWS::Pinpoint::Campaign',
  properties: z.strictObject({
    ApplicationId: text(),
    Description: text().optional(),
    HoldoutPercent: integer().optional(),
    Limits: z
      .strictObject({
        Daily: integer().optional(),
        MaximumDuration: integer().optional(),
        MessagesPerSecond: integer().optional(),
        Total: integer().optional(),
      })
      .optional(),
    MessageConfiguration: z
      .strictObject({
        EmailMessage: z
          .strictObject({
            Body: text().optional(),
            FromAddress: text().optional(),
            HtmlBody: text().optional(),
            Title: text().optional(),
          })
          .optional(),
      })
      .optional(),
    Name: text(),
    Schedule: z
      .strictObject({
        EndTime: text().optional(),
        Frequency: text().optional(),
        StartTime: text().optional(),
        TimeZone: text().optional(),
      })
      // The API spells it otherwise.
      .transform(({ TimeZone: Timezone, ...schedule }) => ({ ...schedule, ...(Timezone && { Timezone }) })),
    SegmentId: text(),
    SegmentVersion: integer().optional(),
    Tags: textMap().optional(),
    TemplateConfiguration: z
      .strictObject({ EmailTemplate: z.strictObject({ Name: text(), Version: text().optional() }).optional() })
      .optional(),
  }),
  attributes: ['Arn', 'CampaignId'],
  async create({ ApplicationId, Tags: tags, ...properties }, context) {
    const pinpoint = context.aws.client(PinpointClient, context.region);
    // What the texts may be, the service says.
    const request = { ...properties, tags } as WriteCampaignRequest;
    const answer = await pinpoint.send(new CreateCampaignCommand({ ApplicationId, WriteCampaignRequest: request }));
    const { Id: CampaignId = '', Arn = '' } = answer.CampaignResponse ?? {};
    // `Ref` names the segment. Source: CloudFormation user guide, "AWS::Pinpoint::Campaign".
    return { ref: `${ApplicationId}|${properties.SegmentId}`, attributes: { Arn, CampaignId } };
  },
  async exists({ ApplicationId }, { attributes }, context) {
    const pinpoint = context.aws.client(PinpointClient, context.region);
    const asked = new GetCampaignCommand({ ApplicationId, CampaignId: String(attributes.CampaignId) });
    return (await unless(PINPOINT_GONE, () => pinpoint.send(asked))) !== undefined;
  },
  async delete({ ApplicationId }, { attributes }, context) {
    const pinpoint = context.aws.client(PinpointClient, context.region);
    const command = new DeleteCampaignCommand({ ApplicationId, CampaignId: String(attributes.CampaignId) });
    await unless(PINPOINT_GONE, () => pinpoint.send(command));
  },
});
