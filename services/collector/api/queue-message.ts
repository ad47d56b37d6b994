import type { EventMessage } from '../event.ts';

/** Two code points that JSON may have as they are, and an SQS message may not. Source: SQS API, SendMessage. */
const FORBIDDEN = /[\ufffe\uffff]/g;

/** The message of an event: JSON, without any character that SQS refuses. */
export function queueMessage(message: EventMessage): string {
  const { event_id, event, user_id, event_datetime, parameters } = message;
  const json = JSON.stringify({ event_id, event, user_id, event_datetime, parameters });
  return json.replace(FORBIDDEN, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}
