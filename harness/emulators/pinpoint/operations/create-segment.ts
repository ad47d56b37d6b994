import { CreateSegment$, type CreateSegmentRequest, type CreateSegmentResponse } from '@aws-sdk/client-pinpoint';
import { checkDimensions } from '../endpoints/segment.ts';
import { refuseOthers } from '../errors.ts';
import { hexId } from '../hex-id.ts';
import type { Segment } from '../model.ts';
import { operation, required } from './operation.ts';
import { segmentResponse } from './segments.ts';
import { readTags } from './tags.ts';

export const createSegment = operation(
  CreateSegment$,
  (home, { ApplicationId, WriteSegmentRequest }: CreateSegmentRequest, { clock, random }): CreateSegmentResponse => {
    const app = home.app(ApplicationId);
    const given = required(WriteSegmentRequest, 'WriteSegmentRequest');
    refuseOthers(given, ['Name', 'Dimensions', 'tags'], 'a segment');
    const dimensions = given.Dimensions ?? {};
    checkDimensions(dimensions);
    const id = hexId(random);
    const segment: Segment = {
      id,
      arn: home.arn(`apps/${app.id}/segments/${id}`),
      name: given.Name,
      dimensions,
      createdAt: clock.now(),
      tags: readTags(given.tags),
    };
    app.segments.set(id, segment);
    return { SegmentResponse: segmentResponse(app, segment) };
  },
);
