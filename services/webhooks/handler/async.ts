import { readEvent } from './event.ts';
import { jsonLog } from './log.ts';
import { setting } from './settings.ts';
import { kinesisStream, type Put, type Receipt, type Written } from './stream.ts';
import { checkSender } from './take.ts';

/** What the mapping template of POST /async/{sender} makes of a request. */
export interface QueuedRequest {
  readonly sender: string;
  readonly request_id: string;
  /** In ms since 1970. */
  readonly received_at: number;
  readonly content_type: string;
  readonly body: string;
}

let put: Put | undefined;

/**
 * Runs when the sender has long been answered. Whatever it throws, Lambda runs it again with the same request, twice,
 * and then puts the request into the queue of failures: also one that no run will ever take, for the sender believes it
 * delivered.
 */
export async function handler(request: QueuedRequest): Promise<Receipt> {
  put ??= kinesisStream(setting('STREAM_NAME'));
  const receipt = await put(readQueued(request));
  jsonLog('info', 'Written', { request_id: request.request_id, ...receipt });
  return receipt;
}

/** @throws Refusal */
export function readQueued({ sender, request_id, received_at, content_type, body }: QueuedRequest): Written {
  const event = readEvent(Buffer.from(body), content_type);
  return { sender: checkSender(sender), via: 'async', request_id, received_at, event };
}
