/** How a webhook came into the stream: by mapping templates alone, or by one of the three functions. */
export type Via = 'gateway' | 'lambda' | 'async' | 'signed';

/** One webhook, as it stands on a line of its own in the stream, in S3 and in OpenSearch. */
export interface WebhookRecord {
  /** The resource that it was posted to: `050`, `appsflyer`, `adbrix`, or the last part of `/events/{sender}`. */
  readonly sender: string;
  readonly via: Via;
  /**
   * Of the request to the API. What a function does three times for one request carries it three times. A sender may
   * choose it, with the header X-Amzn-RequestId: it finds a request in the logs, and proves nothing.
   */
  readonly request_id: string;
  /** When the API received it, in ms since 1970. */
  readonly received_at: number;
  /** The JSON object that was posted, or the fields of the form: texts, and lists of texts where a field came twice. */
  readonly event: Readonly<Record<string, unknown>>;
}

const VIAS: readonly unknown[] = ['gateway', 'lambda', 'async', 'signed'] satisfies Via[];

/** What may be called a sender. */
export const SENDER = /^[a-z0-9-]{1,40}$/;

/**
 * The line of a record, with its line end. The event is JSON as text, so that a number in it stays as the sender wrote
 * it: an id of 20 digits is none of JavaScript's numbers.
 */
export function writeRecord({ event, ...known }: Omit<WebhookRecord, 'event'> & { readonly event: string }): string {
  const { sender, via, request_id, received_at } = known;
  const members = JSON.stringify({ sender, via, request_id, received_at });
  return `${members.slice(0, -1)},"event":${oneLine(event)}}\n`;
}

/** In JSON a line end can only stand between tokens: in a text it is written `\n`. */
function oneLine(json: string): string {
  return json.trim().replace(/[\r\n]+/g, ' ');
}

/** The record of a line, with or without its line end; undefined for what is none. */
export function readRecord(line: string): WebhookRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isRecord(value) ? value : undefined;
}

function isRecord(value: unknown): value is WebhookRecord {
  if (!isObject(value)) return false;
  const { sender, via, request_id, received_at, event } = value;
  return (
    typeof sender === 'string' &&
    VIAS.includes(via) &&
    typeof request_id === 'string' &&
    Number.isSafeInteger(received_at) &&
    isObject(event)
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
