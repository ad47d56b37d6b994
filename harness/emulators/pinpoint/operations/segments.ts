import type { SegmentResponse } from '@aws-sdk/client-pinpoint';
import { errors } from '../errors.ts';
import { iso } from '../instant.ts';
import type { App, Segment } from '../model.ts';
import { writeTags } from './tags.ts';

export function segmentOf({ segments }: App, id: string | undefined): Segment {
  const segment = segments.get(id ?? '');
  if (!segment) throw errors.notFound();
  return segment;
}

export function segmentResponse(app: App, { arn, id, name, dimensions, createdAt, tags }: Segment): SegmentResponse {
  return {
    ApplicationId: app.id,
    Arn: arn,
    CreationDate: iso(createdAt),
    Dimensions: dimensions,
    Id: id,
    LastModifiedDate: iso(createdAt),
    Name: name,
    SegmentType: 'DIMENSIONAL',
    ...writeTags(tags),
    Version: 1,
  };
}
