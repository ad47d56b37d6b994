import { GetSegments$, type GetSegmentsRequest, type GetSegmentsResponse } from '@aws-sdk/client-pinpoint';
import { operation } from './operation.ts';
import { page } from './page.ts';
import { segmentResponse } from './segments.ts';

export const getSegments = operation(
  GetSegments$,
  (home, { ApplicationId, PageSize, Token }: GetSegmentsRequest): GetSegmentsResponse => {
    const app = home.app(ApplicationId);
    const { Item, ...next } = page([...app.segments.values()], PageSize, Token);
    return { SegmentsResponse: { Item: Item.map((segment) => segmentResponse(app, segment)), ...next } };
  },
);
