import { PutEventStream$, type PutEventStreamRequest, type PutEventStreamResponse } from '@aws-sdk/client-pinpoint';
import { errors } from '../errors.ts';
import { openDestination } from '../event-stream/destination.ts';
import { EventStream } from '../event-stream/event-stream.ts';
import { eventStreamResponse } from './event-streams.ts';
import { operation, required } from './operation.ts';

const ROLE_ARN = /^arn:aws[\w-]*:iam::\d{12}:role\/.+$/;

export const putEventStream = operation(
  PutEventStream$,
  async (
    home,
    { ApplicationId, WriteEventStream: given }: PutEventStreamRequest,
    parts,
  ): Promise<PutEventStreamResponse> => {
    const app = home.app(ApplicationId);
    const arn = required(given?.DestinationStreamArn, 'DestinationStreamArn');
    const roleArn = required(given?.RoleArn, 'RoleArn');
    if (!ROLE_ARN.test(roleArn)) throw errors.streamValidation(`${roleArn} is not the ARN of a role`);
    const destination = await openDestination(arn, parts.aws);
    // While the destination was asked for, the app may have been deleted.
    home.app(app.id);
    const modifiedBy = `arn:aws:iam::${home.accountId}:root`;
    const settings = { roleArn, modifiedAt: parts.clock.now(), modifiedBy };
    if (app.eventStream) app.eventStream.redirect(destination, settings);
    else app.eventStream = new EventStream(parts, app.where, destination, settings);
    return { EventStream: eventStreamResponse(app, app.eventStream) };
  },
);
