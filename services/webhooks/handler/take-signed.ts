import { createHash } from 'node:crypto';
import type { Log } from './log.ts';
import { bodyOf, headerOf, type ProxyRequest } from './proxy.ts';
import { Refusal } from './refusal.ts';
import type { Seen } from './seen.ts';
import { checkSignature } from './signature.ts';
import type { Put, Receipt, Written } from './stream.ts';
import { readRequest } from './take.ts';

export interface SignedParts {
  readonly secrets: readonly string[];
  readonly seen: Seen;
  readonly put: Put;
  /** In ms since 1970. */
  readonly now: () => number;
  readonly log: Log;
}

/**
 * Writes a message whose signature is right. One that was written before is answered as then, and nothing is written.
 * One of which nobody knows whether it was written, because a run of the function did not end, is written again: better
 * twice than never.
 * @throws Refusal
 */
export async function takeSigned(
  request: ProxyRequest,
  { secrets, seen, put, now, log }: SignedParts,
): Promise<Receipt> {
  const signed = {
    timestamp: headerOf(request, 'X-Signature-Timestamp'),
    signature: headerOf(request, 'X-Signature'),
    body: bodyOf(request),
  };
  const signature = checkSignature(signed, secrets, now());
  const record = readRequest(request, 'signed');
  const message = messageKey(signature, record);
  const earlier = await seen.begin(message).catch((cause: unknown) => {
    throw new Refusal(503, 'Service Unavailable', { cause });
  });
  if (earlier !== undefined) {
    log('warn', 'Sent again', { sender: record.sender, request_id: record.request_id, ...earlier });
    return earlier;
  }
  const receipt = await put(record, request.requestContext.extendedRequestId);
  // The record is in the stream. If this cannot be noted, the worst is that it comes a second time.
  await seen.done(message, receipt).catch((error: unknown) => {
    log('error', 'What was written could not be noted', { request_id: record.request_id, error: String(error) });
  });
  return receipt;
}

/**
 * What only the same message has: signed as it, from the same sender, and with the same meaning. The signature alone
 * would not do, for it says nothing of the path and the content type: whoever posted a copy as another sender's, or as
 * a form, before the message itself has come would make it look like one that is sent again.
 */
function messageKey(signature: string, { sender, event }: Written): string {
  return createHash('sha256')
    .update(JSON.stringify([signature, sender, event]))
    .digest('hex');
}
