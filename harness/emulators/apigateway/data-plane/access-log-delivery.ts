import type { Lock } from '../../../clock/index.ts';
import type { EmulatorContext } from '../../../edge/emulator.ts';

/** What one PutRecordBatch takes (Firehose API reference). */
const MAX_BATCH_RECORDS = 500;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
/** Lines that wait for one delivery stream, beyond which new ones are dropped. A limit of naetmul's own. */
export const MAX_WAITING = 10_000;
/** Before the next try, doubled each time, ms; and how many tries a line has. AWS says nothing of either. */
const FIRST_RETRY_MS = 1000;
const MAX_TRIES = 6;

interface Line {
  readonly data: Buffer;
  tries: number;
}

interface Queue {
  readonly arn: string;
  readonly region: string;
  readonly name: string;
  waiting: Line[];
  busy: boolean;
  /** True once it was said that lines are dropped, until some are taken again. */
  warned: boolean;
}

interface BatchAnswer {
  readonly __type?: string;
  readonly message?: string;
  readonly RequestResponses?: readonly { readonly ErrorCode?: string; readonly ErrorMessage?: string }[];
}

/**
 * Puts lines of access logs to Firehose delivery streams, while nobody waits for it. The first goes at once; those
 * that come meanwhile go together. What a stream does not take is tried again on the clock. A log is no event of a
 * pipeline until Firehose has taken it: lines that wait here are not in the ledger.
 */
export class AccessLogDelivery {
  readonly #context: EmulatorContext;
  readonly #queues = new Map<string, Queue>();
  #stopped = new AbortController();

  constructor(context: EmulatorContext) {
    this.#context = context;
  }

  /** @param arn `arn:aws:firehose:{region}:{account}:deliverystream/{name}` */
  add(arn: string, line: string): void {
    let queue = this.#queues.get(arn);
    if (!queue) {
      const [, , , region = '', , resource = ''] = arn.split(':');
      const name = resource.slice(resource.indexOf('/') + 1);
      queue = { arn, region, name, waiting: [], busy: false, warned: false };
      this.#queues.set(arn, queue);
    }
    if (queue.waiting.length >= MAX_WAITING) {
      this.#warn(queue, `more than ${MAX_WAITING} lines wait`);
      return;
    }
    queue.waiting.push({ data: Buffer.from(line), tries: 0 });
    if (!queue.busy) this.#start(queue);
  }

  /** Forgets what waits, and gives up what is under way. */
  clear(): void {
    this.#stopped.abort();
    this.#stopped = new AbortController();
    this.#queues.clear();
  }

  #start(queue: Queue): void {
    queue.busy = true;
    const { signal } = this.#stopped;
    this.#context.clock
      .run(`access logs to firehose/${queue.name}`, (lock) => this.#drain(queue, lock, signal))
      .catch((error: unknown) => {
        if (!signal.aborted) this.#context.log.error(`Access logs cannot be put to ${queue.arn}`, error);
      });
  }

  async #drain(queue: Queue, lock: Lock, signal: AbortSignal): Promise<void> {
    try {
      while (queue.waiting.length > 0 && !signal.aborted) {
        const failed = await this.#put(queue, takeBatch(queue), signal);
        const [first] = failed;
        if (!first) continue;
        queue.waiting.unshift(...failed);
        await lock.sleep(FIRST_RETRY_MS * 2 ** (first.tries - 1), signal);
      }
    } finally {
      queue.busy = false;
    }
  }

  /** The lines that are to be tried again. */
  async #put(queue: Queue, batch: readonly Line[], signal: AbortSignal): Promise<Line[]> {
    const results = await this.#send(queue, batch, signal);
    const again: Line[] = [];
    let reason: string | undefined;
    batch.forEach((line, index) => {
      const refusal = results[index];
      if (!refusal) {
        queue.warned = false;
        return;
      }
      line.tries++;
      if (refusal.mayPass && line.tries < MAX_TRIES) again.push(line);
      else reason = refusal.reason;
    });
    if (reason !== undefined && !signal.aborted) this.#warn(queue, reason);
    return again;
  }

  /** Why each line was not taken; undefined for one that was. */
  async #send(queue: Queue, batch: readonly Line[], signal: AbortSignal): Promise<(Refusal | undefined)[]> {
    const all = (refusal: Refusal) => batch.map(() => refusal);
    try {
      const response = await this.#context.aws.send({
        service: 'firehose',
        region: queue.region,
        method: 'POST',
        target: '/',
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Firehose_20150804.PutRecordBatch' },
        body: JSON.stringify({
          DeliveryStreamName: queue.name,
          Records: batch.map(({ data }) => ({ Data: data.toString('base64') })),
        }),
        signal,
      });
      const answer = JSON.parse(response.body.toString()) as BatchAnswer;
      if (response.status !== 200) {
        const code = answer.__type?.split('#').at(-1) ?? String(response.status);
        return all({ reason: `${code}: ${answer.message ?? ''}`, mayPass: response.status >= 500 || isBusy(code) });
      }
      return batch.map((_line, index) => {
        const { ErrorCode, ErrorMessage = '' } = answer.RequestResponses?.[index] ?? {};
        return ErrorCode === undefined ? undefined : { reason: `${ErrorCode}: ${ErrorMessage}`, mayPass: true };
      });
    } catch (error) {
      return all({ reason: error instanceof Error ? error.message : String(error), mayPass: true });
    }
  }

  #warn(queue: Queue, reason: string): void {
    if (queue.warned) return;
    queue.warned = true;
    this.#context.log.warn(`Lines of access logs are dropped that ${queue.arn} does not take: ${reason}`);
  }
}

interface Refusal {
  readonly reason: string;
  /** False when it would be refused again. */
  readonly mayPass: boolean;
}

const isBusy = (code: string): boolean => /Throttl|LimitExceeded|ServiceUnavailable/.test(code);

function takeBatch(queue: Queue): Line[] {
  let count = 0;
  let bytes = 0;
  for (const { data } of queue.waiting) {
    bytes += data.length;
    if (count === MAX_BATCH_RECORDS || (count > 0 && bytes > MAX_BATCH_BYTES)) break;
    count++;
  }
  return queue.waiting.splice(0, count);
}
