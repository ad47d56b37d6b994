import { iotPublisher, signedAsk, waitingQueue } from './aws.ts';
import { jsonLog } from './log.ts';
import { readSettings } from './settings.ts';
import { openSearchStore } from './store.ts';
import { type Message, type Parts, take } from './take.ts';

let parts: Parts | undefined;

/** Takes what a detector posts: see `take`. */
export async function handler(event: unknown): Promise<Message> {
  parts ??= makeParts();
  return take(event, parts);
}

function makeParts(): Parts {
  const settings = readSettings(process.env);
  return {
    store: openSearchStore(signedAsk(settings), settings.index),
    publish: iotPublisher(settings),
    wait: waitingQueue(settings),
    now: () => new Date(),
    log: jsonLog,
  };
}
