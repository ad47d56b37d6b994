import type { App } from '../model.ts';

/** What events of messages have in common. Instants are in ms since the epoch. */
export interface MessagingEvent {
  readonly type: string;
  /** When the message was sent, for all events of a message. */
  readonly sentAt: number;
  /** When Pinpoint was told of the event. */
  readonly arrivedAt: number;
  readonly clientId: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly clientContext: Readonly<Record<string, string>>;
}

/** Source: Pinpoint developer guide, "Email event data stream", "Campaign event data stream". */
export function messagingRecord(app: App, event: MessagingEvent) {
  return {
    event_type: event.type,
    event_timestamp: event.sentAt,
    arrival_timestamp: event.arrivedAt,
    event_version: '3.1',
    application: { app_id: app.id, sdk: {} },
    client: { client_id: event.clientId },
    device: { platform: {} },
    session: {},
    attributes: event.attributes,
    client_context: { custom: event.clientContext },
    awsAccountId: app.accountId,
  };
}
