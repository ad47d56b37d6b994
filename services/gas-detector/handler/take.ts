import type { Log } from './log.ts';
import { judge, type Reading } from './reading.ts';
import { Refused, type Store } from './store.ts';

/** What is published to the subscribers, and what the caller is answered. */
export type Message = { readonly msg: string } | { readonly warning: 'no2 warning' };

export interface Parts {
  readonly store: Store;
  /** Publishes to every subscriber. Rejects when the message was not, or perhaps not, taken. */
  publish(message: Message): Promise<void>;
  /** Keeps a reading that cannot be stored now, until it can. Rejects when it cannot be kept. */
  wait(reading: Reading): Promise<void>;
  now(): Date;
  readonly log: Log;
}

/** Ends an invocation. API Gateway chooses its answer by the message, see template.yaml. */
export class Failure extends Error {
  override readonly name: string;

  constructor(kind: 'bad reading' | 'unavailable', reason: string) {
    super(`failure: ${kind}: ${reason}`);
    this.name = kind === 'bad reading' ? 'BadReading' : 'Unavailable';
  }
}

/**
 * Takes one post: warns the subscribers if it has to be, stores the reading with the time, and tells subscribers and
 * caller whether that went well, each post with one `msg`. Throws `Failure` when it did not; what is unavailable may be
 * sent again, for the same reading is stored once.
 */
export async function take(event: unknown, parts: Parts): Promise<Message> {
  const verdict = judge(event);
  // Nobody is to be warned later because OpenSearch is slow.
  const [warned, failure] = await Promise.all([
    verdict.warning ? tell({ warning: 'no2 warning' }, parts) : true,
    verdict.good ? keep({ ...verdict.reading, date: parts.now().toISOString() }, parts) : undefined,
  ]);
  if (!verdict.good) parts.log('warn', 'A bad reading', { reason: verdict.reason });
  const outcome = verdict.good ? failure : new Failure('bad reading', verdict.reason);
  // Of a bad reading, too, the warning must come: its caller is to try again.
  const said = warned ? outcome : new Failure('unavailable', 'the subscribers could not be warned; send it again');
  const message = { msg: said?.message ?? 'success' };
  const told = await tell(message, parts);
  if (said) throw said;
  if (told) return message;
  throw new Failure('unavailable', 'the reading is stored, but the subscribers could not be told; send it again');
}

/** Stores a reading, or lets it wait. Undefined when it is stored. */
async function keep(reading: Reading, { store, wait, log }: Parts): Promise<Failure | undefined> {
  try {
    await store.put(reading);
    return undefined;
  } catch (error) {
    if (error instanceof Refused) {
      log('warn', 'OpenSearch refused a reading', { reason: error.message });
      return new Failure('bad reading', error.message);
    }
    log('error', 'A reading could not be stored', { reason: reasonOf(error) });
  }
  try {
    await wait(reading);
  } catch (error) {
    log('error', 'A reading could not be queued either', { reason: reasonOf(error) });
    return new Failure('unavailable', 'the reading could not be stored; send it again');
  }
  return new Failure('unavailable', 'OpenSearch is away; the reading is kept and will be stored when it is back');
}

async function tell(message: Message, { publish, log }: Parts): Promise<boolean> {
  try {
    await publish(message);
    return true;
  } catch (error) {
    log('error', 'The subscribers could not be told', { ...message, reason: reasonOf(error) });
    return false;
  }
}

/** An error of the network often says something only in its cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
}
