import type { Call } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import { MAX_RESULTS } from '../limits.ts';
import type { Queue } from '../queue.ts';
import { queueUrl } from '../queue-url.ts';

export interface Page {
  readonly urls: string[];
  readonly next: { readonly NextToken?: string };
}

/** One page of queues that are sorted by name. AWS gives a token only to those who say how much they want. */
export function pageOf(
  queues: readonly Queue[],
  { MaxResults, NextToken }: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
  call: Call,
): Page {
  if (MaxResults !== undefined && (MaxResults < 1 || MaxResults > MAX_RESULTS)) {
    throw errors.invalidValue(MaxResults, 'MaxResults', `MaxResults must be an integer between 1 and ${MAX_RESULTS}.`);
  }
  const after = NextToken === undefined ? '' : Buffer.from(NextToken, 'base64').toString();
  const left = queues.filter(({ name }) => name > after);
  const shown = left.slice(0, MaxResults ?? MAX_RESULTS);
  const last = shown.at(-1);
  const more = MaxResults !== undefined && last !== undefined && left.length > shown.length;
  return {
    urls: shown.map((queue) => queueUrl(queue, call)),
    next: more ? { NextToken: Buffer.from(last.name).toString('base64') } : {},
  };
}
