import { GetEventStream$, type GetEventStreamRequest, type GetEventStreamResponse } from '@aws-sdk/client-pinpoint';
import { eventStreamOf, eventStreamResponse } from './event-streams.ts';
import { operation } from './operation.ts';

export const getEventStream = operation(
  GetEventStream$,
  (home, { ApplicationId }: GetEventStreamRequest): GetEventStreamResponse => {
    const app = home.app(ApplicationId);
    return { EventStream: eventStreamResponse(app, eventStreamOf(app)) };
  },
);
