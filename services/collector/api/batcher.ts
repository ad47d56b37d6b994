import { setImmediate } from 'node:timers';

/** Most entries of a SendMessageBatch, and bytes of all their bodies together. */
const MAX_ENTRIES = 10;
const MAX_BATCH_BYTES = 262_144;

export interface BatchEntry {
  readonly Id: string;
  readonly MessageBody: string;
}

/** As SendMessageBatch answers. */
export interface BatchAnswer {
  readonly Successful?: readonly { readonly Id?: string | undefined }[] | undefined;
  readonly Failed?: readonly BatchFailure[] | undefined;
}

export interface BatchFailure {
  readonly Id?: string | undefined;
  readonly Code?: string | undefined;
  readonly Message?: string | undefined;
  readonly SenderFault?: boolean | undefined;
}

export interface BatcherOptions {
  send(entries: readonly BatchEntry[]): Promise<BatchAnswer>;
  /** How long a message waits for company while another batch is under way, in ms. */
  readonly lingerMs: number;
  /** Batches under way at once. */
  readonly maxUnderWay: number;
  /** Messages that wait; a further one is refused. */
  readonly maxWaiting: number;
  /** How long a message waits for its turn before it is given up, in ms. */
  readonly maxWaitMs: number;
}

/**
 * Why a message was not sent.
 * `busy`: the queue does not have it, and may take it later. `refused`: it does not take such a message.
 * `unknown`: the queue did not answer; the message may be in it.
 */
export class SendError extends Error {
  override readonly name = 'SendError';
  readonly kind: 'busy' | 'refused' | 'unknown';

  constructor(kind: SendError['kind'], message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

interface Waiting {
  readonly body: string;
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: SendError) => void;
  readonly giveUp: NodeJS.Timeout;
}

/**
 * Sends messages to a queue, those that come at the same time in one batch. One that comes while nothing is under way
 * leaves at once.
 */
export class Batcher {
  readonly #options: BatcherOptions;
  #waiting: Waiting[] = [];
  #underWay = new Set<Promise<void>>();
  #flushing: { cancel(): void } | undefined;

  constructor(options: BatcherOptions) {
    this.#options = options;
  }

  /** Resolves when the queue has the message. Errors: `SendError`. */
  send(body: string): Promise<void> {
    const { maxWaiting, maxWaitMs } = this.#options;
    if (this.#waiting.length >= maxWaiting) {
      return Promise.reject(new SendError('busy', `${maxWaiting} messages are waiting to be sent`));
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const giveUp = setTimeout(() => {
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
      reject(new SendError('busy', `the message's turn did not come within ${maxWaitMs} ms`));
    }, maxWaitMs);
    const waiting: Waiting = { body, bytes: Buffer.byteLength(body), resolve, reject, giveUp };
    this.#waiting.push(waiting);
    this.#schedule();
    return promise;
  }

  /** Resolves when every message is sent or has failed; what comes meanwhile is sent as well. */
  async drain(): Promise<void> {
    while (this.#waiting.length > 0 || this.#underWay.size > 0) {
      this.#flush();
      await Promise.race(this.#underWay);
    }
  }

  #schedule(): void {
    if (this.#underWay.size >= this.#options.maxUnderWay) return;
    if (this.#waiting.length >= MAX_ENTRIES) this.#flush();
    if (this.#waiting.length === 0 || this.#flushing !== undefined) return;
    if (this.#underWay.size === 0) {
      const immediate = setImmediate(() => this.#flush());
      this.#flushing = { cancel: () => clearImmediate(immediate) };
    } else {
      const timer = setTimeout(() => this.#flush(), this.#options.lingerMs);
      this.#flushing = { cancel: () => clearTimeout(timer) };
    }
  }

  /** Sends what is waiting, as far as batches may be under way. */
  #flush(): void {
    this.#flushing?.cancel();
    this.#flushing = undefined;
    while (this.#waiting.length > 0 && this.#underWay.size < this.#options.maxUnderWay) {
      const batch = this.#waiting.splice(0, fitting(this.#waiting));
      const sent: Promise<void> = this.#sendBatch(batch).then(() => {
        this.#underWay.delete(sent);
        this.#flushIfDue();
      });
      this.#underWay.add(sent);
    }
  }

  /** What waited for its turn need not linger. */
  #flushIfDue(): void {
    if (this.#flushing === undefined) this.#flush();
  }

  async #sendBatch(batch: readonly Waiting[]): Promise<void> {
    for (const { giveUp } of batch) clearTimeout(giveUp);
    const entries = batch.map(({ body }, index) => ({ Id: String(index), MessageBody: body }));
    let answer: BatchAnswer;
    try {
      answer = await this.#options.send(entries);
    } catch (cause) {
      for (const { reject } of batch) reject(errorOf(cause));
      return;
    }
    const successful = new Set(answer.Successful?.map(({ Id }) => Id));
    const failed = new Map(answer.Failed?.map((failure) => [failure.Id, failure]));
    batch.forEach(({ resolve, reject }, index) => {
      const failure = failed.get(String(index));
      if (failure !== undefined) reject(failureOf(failure));
      else if (successful.has(String(index))) resolve();
      else reject(new SendError('unknown', 'the queue answered nothing about this message'));
    });
  }
}

/** How many of the first messages make one batch: at least one. */
function fitting(waiting: readonly Waiting[]): number {
  let bytes = 0;
  let count = 0;
  for (const { bytes: size } of waiting) {
    bytes += size;
    if (count === MAX_ENTRIES || (count > 0 && bytes > MAX_BATCH_BYTES)) break;
    count++;
  }
  return count;
}

function failureOf({ Code = 'an error', Message = '', SenderFault }: BatchFailure): SendError {
  const text = Message === '' ? Code : `${Code}: ${Message}`;
  return new SendError(SenderFault === true ? 'refused' : 'busy', text);
}

/** A client error in answer to the only try says that nothing was taken; after any other end it may have been. */
function errorOf(cause: unknown): SendError {
  const { name, code, $metadata } = cause as SdkError;
  const { httpStatusCode = 0, attempts = 1 } = $metadata ?? {};
  const isAnswer = httpStatusCode >= 400 && httpStatusCode < 500 && attempts === 1;
  return new SendError(isAnswer ? 'busy' : 'unknown', typeof code === 'string' ? code : (name ?? String(cause)), cause);
}

/** What an error of the SDK, or of the socket below it, may have. */
interface SdkError {
  readonly name?: string;
  /** A text if it is the socket's; errors of an `AbortSignal` have a number. */
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}
