import { DeleteSegment$, type DeleteSegmentRequest, type DeleteSegmentResponse } from '@aws-sdk/client-pinpoint';
import { operation } from './operation.ts';
import { segmentOf, segmentResponse } from './segments.ts';

export const deleteSegment = operation(
  DeleteSegment$,
  (home, { ApplicationId, SegmentId }: DeleteSegmentRequest): DeleteSegmentResponse => {
    const app = home.app(ApplicationId);
    const segment = segmentOf(app, SegmentId);
    app.segments.delete(segment.id);
    return { SegmentResponse: segmentResponse(app, segment) };
  },
);
