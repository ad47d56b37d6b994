import {
  CreateEmailTemplateCommand,
  DeleteEmailTemplateCommand,
  GetEmailTemplateCommand,
  PinpointClient,
} from '@aws-sdk/client-pinpoint';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { PINPOINT_GONE } from './pinpoint-app.ts';
import { defineResource } from './resource-type.ts';
import { text, textMap } from './schemas.ts';

export const pinpointEmailTemplate = defineResource({
  type: 'AWS::Pinpoint::EmailTemplate',
  properties: z.strictObject({
    HtmlPart: text().optional(),
    Subject: text(),
    Tags: textMap().optional(),
    TemplateDescription: text().optional(),
    TemplateName: text(),
    TextPart: text().optional(),
  }),
  attributes: ['Arn', 'Id'],
  async create({ TemplateName, Tags: tags, ...properties }, context) {
    const pinpoint = context.aws.client(PinpointClient, context.region);
    const EmailTemplateRequest = { ...properties, tags };
    const answer = await pinpoint.send(new CreateEmailTemplateCommand({ TemplateName, EmailTemplateRequest }));
    const { Arn = '' } = answer.CreateTemplateMessageBody ?? {};
    return { ref: TemplateName, attributes: { Arn, Id: TemplateName } };
  },
  async exists({ TemplateName }, _made, context) {
    const pinpoint = context.aws.client(PinpointClient, context.region);
    const asked = new GetEmailTemplateCommand({ TemplateName });
    return (await unless(PINPOINT_GONE, () => pinpoint.send(asked))) !== undefined;
  },
  async delete({ TemplateName }, _made, context) {
    const pinpoint = context.aws.client(PinpointClient, context.region);
    await unless(PINPOINT_GONE, () => pinpoint.send(new DeleteEmailTemplateCommand({ TemplateName })));
  },
});
