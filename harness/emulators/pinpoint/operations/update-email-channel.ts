import {
  UpdateEmailChannel$,
  type UpdateEmailChannelRequest,
  type UpdateEmailChannelResponse,
} from '@aws-sdk/client-pinpoint';
import { errors } from '../errors.ts';
import { emailChannelResponse } from './email-channels.ts';
import { operation, required } from './operation.ts';

const IDENTITY_ARN = /^arn:aws[\w-]*:ses:[a-z0-9-]+:\d{12}:identity\/.+$/;

export const updateEmailChannel = operation(
  UpdateEmailChannel$,
  (
    home,
    { ApplicationId, EmailChannelRequest: given }: UpdateEmailChannelRequest,
    { clock },
  ): UpdateEmailChannelResponse => {
    const app = home.app(ApplicationId);
    const FromAddress = required(given?.FromAddress, 'FromAddress');
    const Identity = required(given?.Identity, 'Identity');
    if (!FromAddress.includes('@')) throw errors.bad(`Invalid FromAddress ${FromAddress}`);
    if (!IDENTITY_ARN.test(Identity)) throw errors.bad(`Invalid Identity ${Identity}`);
    const now = clock.now();
    app.emailChannel = {
      ...given,
      FromAddress,
      Identity,
      Enabled: given?.Enabled ?? true,
      createdAt: app.emailChannel?.createdAt ?? now,
      modifiedAt: now,
      version: (app.emailChannel?.version ?? 0) + 1,
    };
    return { EmailChannelResponse: emailChannelResponse(app, app.emailChannel) };
  },
);
