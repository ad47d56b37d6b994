import { SENDER, type Via } from '../record.ts';
import { readEvent } from './event.ts';
import { bodyOf, headerOf, type ProxyRequest } from './proxy.ts';
import { Refusal } from './refusal.ts';
import type { Written } from './stream.ts';

/** The record that a request is to become. @throws Refusal */
export function readRequest(request: ProxyRequest, via: Via): Written {
  const { requestId, requestTimeEpoch } = request.requestContext;
  return {
    sender: checkSender(request.pathParameters?.sender),
    via,
    request_id: requestId,
    received_at: requestTimeEpoch,
    event: readEvent(bodyOf(request), headerOf(request, 'Content-Type')),
  };
}

export function checkSender(name = ''): string {
  if (SENDER.test(name)) return name;
  throw new Refusal(400, "A sender's name has 1 to 40 small letters, digits and hyphens.");
}
