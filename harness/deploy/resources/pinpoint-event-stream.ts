import {
  DeleteEventStreamCommand,
  GetEventStreamCommand,
  PinpointClient,
  PutEventStreamCommand,
} from '@aws-sdk/client-pinpoint';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { PINPOINT_GONE } from './pinpoint-app.ts';
import { defineResource } from './resource-type.ts';
import { text } from './schemas.ts';

export const pinpointEventStream = defineResource({
  type: 'AWS::Pinpoint::EventStream',
  properties: z.strictObject({ ApplicationId: text(), DestinationStreamArn: text(), RoleArn: text() }),
  attributes: ['Id'],
  async create({ ApplicationId, ...WriteEventStream }, context) {
    const pinpoint = context.aws.client(PinpointClient, context.region);
    await pinpoint.send(new PutEventStreamCommand({ ApplicationId, WriteEventStream }));
    return { ref: ApplicationId, attributes: { Id: ApplicationId } };
  },
  async exists({ ApplicationId }, _made, context) {
    const pinpoint = context.aws.client(PinpointClient, context.region);
    const asked = new GetEventStreamCommand({ ApplicationId });
    return (await unless(PINPOINT_GONE, () => pinpoint.send(asked))) !== undefined;
  },
  async delete({ ApplicationId }, _made, context) {
    const pinpoint = context.aws.client(PinpointClient, context.region);
    await unless(PINPOINT_GONE, () => pinpoint.send(new DeleteEventStreamCommand({ ApplicationId })));
  },
});
