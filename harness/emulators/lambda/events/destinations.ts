import type { Lock } from '../../../clock/index.ts';
import { type EntryNumber, ids, type LedgerId } from '../../../ledger/index.ts';
import type { AsyncEvent, EventParts } from './contract.ts';
import { serviceOf, withoutQualifier } from './names.ts';
import { persist } from './persist.ts';
import type { Queues } from './queues.ts';

/** Delivers the records of invocations to where the user wants them. */
export class Destinations {
  readonly #parts: EventParts;
  readonly #queues: Queues;
  readonly #enqueue: (event: AsyncEvent) => void;

  /** @param enqueue invokes a function that is a destination */
  constructor(parts: EventParts, queues: Queues, enqueue: (event: AsyncEvent) => void) {
    this.#parts = parts;
    this.#queues = queues;
    this.#enqueue = enqueue;
  }

  /**
   * Resolves to the ledger's name of what the record is in now.
   *
   * @param destinationArn an SQS queue's or a function's
   */
  async deliver(
    destinationArn: string,
    record: string,
    cause: EntryNumber | undefined,
    lock: Lock,
    signal: AbortSignal,
  ): Promise<LedgerId> {
    switch (serviceOf(destinationArn)) {
      case 'sqs': {
        const send = () => this.#queues.send(destinationArn, record, {}, cause);
        return ids.message(await persist(lock, signal, send));
      }
      case 'lambda':
        return this.#invoke(withoutQualifier(destinationArn), record, cause);
      default:
        throw new Error(`naetmul delivers to SQS queues and functions, not to ${destinationArn}.`);
    }
  }

  #invoke(functionArn: string, record: string, cause: EntryNumber | undefined): LedgerId {
    const { functions, random } = this.#parts;
    if (!functions.find(functionArn)) throw new Error(`There is no function ${functionArn}.`);
    const requestId = random.uuid();
    this.#enqueue({ functionArn, requestId, payload: Buffer.from(record), cause });
    return ids.request(requestId);
  }
}
