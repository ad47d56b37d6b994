import {
  DeleteEmailChannel$,
  type DeleteEmailChannelRequest,
  type DeleteEmailChannelResponse,
} from '@aws-sdk/client-pinpoint';
import { emailChannelOf, emailChannelResponse } from './email-channels.ts';
import { operation } from './operation.ts';

export const deleteEmailChannel = operation(
  DeleteEmailChannel$,
  (home, { ApplicationId }: DeleteEmailChannelRequest): DeleteEmailChannelResponse => {
    const app = home.app(ApplicationId);
    const channel = emailChannelOf(app);
    app.emailChannel = undefined;
    return { EmailChannelResponse: emailChannelResponse(app, channel) };
  },
);
