import { GetSegment$, type GetSegmentRequest, type GetSegmentResponse } from '@aws-sdk/client-pinpoint';
import { operation } from './operation.ts';
import { segmentOf, segmentResponse } from './segments.ts';

export const getSegment = operation(
  GetSegment$,
  (home, { ApplicationId, SegmentId }: GetSegmentRequest): GetSegmentResponse => {
    const app = home.app(ApplicationId);
    return { SegmentResponse: segmentResponse(app, segmentOf(app, SegmentId)) };
  },
);
