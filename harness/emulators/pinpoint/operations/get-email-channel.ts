import { GetEmailChannel$, type GetEmailChannelRequest, type GetEmailChannelResponse } from '@aws-sdk/client-pinpoint';
import { emailChannelOf, emailChannelResponse } from './email-channels.ts';
import { operation } from './operation.ts';

export const getEmailChannel = operation(
  GetEmailChannel$,
  (home, { ApplicationId }: GetEmailChannelRequest): GetEmailChannelResponse => {
    const app = home.app(ApplicationId);
    return { EmailChannelResponse: emailChannelResponse(app, emailChannelOf(app)) };
  },
);
