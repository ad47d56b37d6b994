import { signedAsk } from './aws.ts';
import { drain, type SqsBatchResponse, type SqsEvent } from './drain.ts';
import { jsonLog } from './log.ts';
import { readSettings } from './settings.ts';
import { openSearchStore, type Store } from './store.ts';

let store: Store | undefined;

/** Stores readings that had to wait: see `drain`. */
export async function handler(event: SqsEvent): Promise<SqsBatchResponse> {
  if (store === undefined) {
    const settings = readSettings(process.env);
    store = openSearchStore(signedAsk(settings), settings.index);
  }
  return drain(event.Records, store, jsonLog);
}
