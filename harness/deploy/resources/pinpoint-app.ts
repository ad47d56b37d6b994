import { CreateAppCommand, DeleteAppCommand, GetAppCommand, PinpointClient } from '@aws-sdk/client-pinpoint';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { text, textMap } from './schemas.ts';

/** What Pinpoint answers about an application, or a part of one, that is not there. */
export const PINPOINT_GONE = ['NotFoundException'];

export const pinpointApp = defineResource({
  type: 'AWS::Pinpoint::App',
  properties: z.strictObject({ Name: text(), Tags: textMap().optional() }),
  attributes: ['Arn', 'Id'],
  async create({ Name, Tags: tags }, context) {
    const pinpoint = context.aws.client(PinpointClient, context.region);
    const answer = await pinpoint.send(new CreateAppCommand({ CreateApplicationRequest: { Name, tags } }));
    const { Id = '', Arn = '' } = answer.ApplicationResponse ?? {};
    return { ref: Id, attributes: { Arn, Id } };
  },
  async exists(_properties, { ref: ApplicationId }, context) {
    const pinpoint = context.aws.client(PinpointClient, context.region);
    return (await unless(PINPOINT_GONE, () => pinpoint.send(new GetAppCommand({ ApplicationId })))) !== undefined;
  },
  async delete(_properties, { ref: ApplicationId }, context) {
    const pinpoint = context.aws.client(PinpointClient, context.region);
    await unless(PINPOINT_GONE, () => pinpoint.send(new DeleteAppCommand({ ApplicationId })));
  },
});
