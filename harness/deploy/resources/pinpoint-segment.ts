import {
  CreateSegmentCommand,
  DeleteSegmentCommand,
  GetSegmentCommand,
  PinpointClient,
  type WriteSegmentRequest,
} from '@aws-sdk/client-pinpoint';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { PINPOINT_GONE } from './pinpoint-app.ts';
import { defineResource } from './resource-type.ts';
import { text, textMap } from './schemas.ts';

const set = z.strictObject({ DimensionType: text().optional(), Values: z.array(text()).optional() });
const attributes = z.record(
  z.string(),
  z.strictObject({ AttributeType: text().optional(), Values: z.array(text()).optional() }),
);
const dimensions = z.strictObject({
  Attributes: attributes.optional(),
  Demographic: z
    .strictObject({
      AppVersion: set.optional(),
      Channel: set.optional(),
      Make: set.optional(),
      Model: set.optional(),
      Platform: set.optional(),
    })
    .optional(),
  Location: z.strictObject({ Country: set.optional() }).optional(),
  UserAttributes: attributes.optional(),
});

export const pinpointSegment = defineResource({
  type: 'AWS::Pinpoint::Segment',
  properties: z.strictObject({
    ApplicationId: text(),
    Dimensions: dimensions.optional(),
    Name: text(),
    Tags: textMap().optional(),
  }),
  attributes: ['Arn', 'SegmentId'],
  async create({ ApplicationId, Tags: tags, ...properties }, context) {
    const pinpoint = context.aws.client(PinpointClient, context.region);
    // What the texts may be, the service says.
    const request = { ...properties, tags } as WriteSegmentRequest;
    const answer = await pinpoint.send(new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: request }));
    const { Id: SegmentId = '', Arn = '' } = answer.SegmentResponse ?? {};
    // `Ref` is the application's, which is of little use. Source: CloudFormation user guide, "AWS::Pinpoint::Segment".
    return { ref: ApplicationId, attributes: { Arn, SegmentId } };
  },
  async exists({ ApplicationId }, { attributes }, context) {
    const pinpoint = context.aws.client(PinpointClient, context.region);
    const asked = new GetSegmentCommand({ ApplicationId, SegmentId: String(attributes.SegmentId) });
    return (await unless(PINPOINT_GONE, () => pinpoint.send(asked))) !== undefined;
  },
  async delete({ ApplicationId }, { attributes }, context) {
    const pinpoint = context.aws.client(PinpointClient, context.region);
    const command = new DeleteSegmentCommand({ ApplicationId, SegmentId: String(attributes.SegmentId) });
    await unless(PINPOINT_GONE, () => pinpoint.send(command));
  },
});
