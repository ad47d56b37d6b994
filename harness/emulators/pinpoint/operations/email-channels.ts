import type { EmailChannelResponse } from '@aws-sdk/client-pinpoint';
import { errors } from '../errors.ts';
import { iso } from '../instant.ts';
import { DEFAULT_MESSAGES_PER_SECOND } from '../limits.ts';
import type { App, EmailChannel } from '../model.ts';

export function emailChannelOf({ emailChannel }: App): EmailChannel {
  if (!emailChannel) throw errors.notFound();
  return emailChannel;
}

export function emailChannelResponse({ id }: App, channel: EmailChannel): EmailChannelResponse {
  const { ConfigurationSet, Enabled, FromAddress, Identity, RoleArn, OrchestrationSendingRoleArn } = channel;
  return {
    ApplicationId: id,
    ConfigurationSet,
    CreationDate: iso(channel.createdAt),
    Enabled,
    FromAddress,
    HasCredential: true,
    Id: 'email',
    Identity,
    IsArchived: false,
    LastModifiedDate: iso(channel.modifiedAt),
    MessagesPerSecond: DEFAULT_MESSAGES_PER_SECOND,
    Platform: 'EMAIL',
    RoleArn,
    OrchestrationSendingRoleArn,
    Version: channel.version,
  };
}
