import {
  DeleteEmailChannelCommand,
  GetEmailChannelCommand,
  PinpointClient,
  UpdateEmailChannelCommand,
} from '@aws-sdk/client-pinpoint';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { PINPOINT_GONE } from './pinpoint-app.ts';
import { defineResource } from './resource-type.ts';
import { flag, text } from './schemas.ts';

export const pinpointEmailChannel = defineResource({
  type: 'AWS::Pinpoint::EmailChannel',
  properties: z.strictObject({
    ApplicationId: text(),
    ConfigurationSet: text().optional(),
    Enabled: flag().optional(),
    FromAddress: text(),
    Identity: text(),
    OrchestrationSendingRoleArn: text().optional(),
    RoleArn: text().optional(),
  }),
  attributes: ['Id'],
  async create({ ApplicationId, ...EmailChannelRequest }, context) {
    const pinpoint = context.aws.client(PinpointClient, context.region);
    await pinpoint.send(new UpdateEmailChannelCommand({ ApplicationId, EmailChannelRequest }));
    return { ref: ApplicationId, attributes: { Id: ApplicationId } };
  },
  async exists({ ApplicationId }, _made, context) {
    const pinpoint = context.aws.client(PinpointClient, context.region);
    const asked = new GetEmailChannelCommand({ ApplicationId });
    return (await unless(PINPOINT_GONE, () => pinpoint.send(asked))) !== undefined;
  },
  async delete({ ApplicationId }, _made, context) {
    const pinpoint = context.aws.client(PinpointClient, context.region);
    await unless(PINPOINT_GONE, () => pinpoint.send(new DeleteEmailChannelCommand({ ApplicationId })));
  },
});
