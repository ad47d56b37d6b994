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
import { decimal, integer, text, textMap } from './schemas.ts';

const set = z.strictObject({ DimensionType: text().optional(), Values: z.array(text()).optional() });
const attributes = z.record(
  z.string(),
  z.strictObject({ AttributeType: text().optional(), Values: z.array(text()).optional() }),
);
const dimensions = z.strictObject({
  Attributes: attributes.optional(),
  Behavior: z
    .strictObject({ Recency: z.strictObject({ Duration: text(), RecencyType: text() }).optional() })
    .optional(),
  Demographic: z
    .strictObject({
      AppVersion: set.optional(),
      Channel: set.optional(),
      DeviceType: set.optional(),
      Make: set.optional(),
      Model: set.optional(),
      Platform: set.optional(),
    })
    .optional(),
  Location: z.strictObject({ Country: set.optional() }).optional(),
  Metrics: z.record(z.string(), z.strictObject({ ComparisonOperator: text(), Value: decimal() })).optional(),
  UserAttributes: attributes.optional(),
});

export const pinpointSegment = defineResource({
  type: 'AWS::Pinpoint::Segment',
  properties: z.strictObject({
    ApplicationId: text(),
    Dimensions: dimensions.optional(),
    Name: text(),
    SegmentGroups: z
      .strictObject({
        Groups: z
          .array(
            z.strictObject({
              Dimensions: z.array(dimensions).optional(),
              SourceSegments: z.array(z.strictObject({ Id: text(), Version: integer().optional() })).optional(),
              SourceType: text().optional(),
              Type: text().optional(),
            }),
          )
          .optional(),
        Include: text().optional(),
      })
      .optional(),
    Tags: textMap().optional(),
  }),
  attributes: ['Arn', 'SegmentId'],
  async create({ ApplicationId, Tags: tags, ...properties }, context) {
    const pinpoint = context.aws.client(PinpointClient, context.region);
    // What the texts may be, the service says.
    const request = { ...properties, tags } as WriteSegmentRequest;
    const answer = await pinpoint.send(new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: request }));
    const { Id: SegmentId = '', Arn = '' } = answer.SegmentResponse ?? {};
    return { ref: SegmentId, attributes: { Arn, SegmentId } };
  },
  async exists({ ApplicationId }, { ref: SegmentId }, context) {
    const pinpoint = context.aws.client(PinpointClient, context.region);
    const asked = new GetSegmentCommand({ ApplicationId, SegmentId });
    return (await unless(PINPOINT_GONE, () => pinpoint.send(asked))) !== undefined;
  },
  async delete({ ApplicationId }, { ref: SegmentId }, context) {
    const pinpoint = context.aws.client(PinpointClient, context.region);
    await unless(PINPOINT_GONE, () => pinpoint.send(new DeleteSegmentCommand({ ApplicationId, SegmentId })));
  },
});
