import type { EventStream as EventStreamResponse } from '@aws-sdk/client-pinpoint';
import { errors } from '../errors.ts';
import type { EventStream } from '../event-stream/event-stream.ts';
import { iso } from '../instant.ts';
import type { App } from '../model.ts';

export function eventStreamOf({ eventStream }: App): EventStream {
  if (!eventStream) throw errors.notFound();
  return eventStream;
}

export function eventStreamResponse({ id }: App, { destination, settings }: EventStream): EventStreamResponse {
  return {
    ApplicationId: id,
    DestinationStreamArn: destination.arn,
    LastModifiedDate: iso(settings.modifiedAt),
    LastUpdatedBy: settings.modifiedBy,
    RoleArn: settings.roleArn,
  };
}
