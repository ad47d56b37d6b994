import {
  DeleteEventStream$,
  type DeleteEventStreamRequest,
  type DeleteEventStreamResponse,
} from '@aws-sdk/client-pinpoint';
import { eventStreamOf, eventStreamResponse } from './event-streams.ts';
import { operation } from './operation.ts';

export const deleteEventStream = operation(
  DeleteEventStream$,
  (home, { ApplicationId }: DeleteEventStreamRequest): DeleteEventStreamResponse => {
    const app = home.app(ApplicationId);
    const stream = eventStreamOf(app);
    app.eventStream = undefined;
    stream.delete(`The event stream of ${app.name} was deleted.`);
    return { EventStream: eventStreamResponse(app, stream) };
  },
);
