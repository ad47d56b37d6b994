import type { EventSourceMapping } from '../functions/model.ts';
import type { AsyncInvoker, EventParts, EventSources } from './contract.ts';
import { Destinations } from './destinations.ts';
import { KinesisPoller } from './kinesis/poller.ts';
import { Queues } from './queues.ts';
import { SqsPoller } from './sqs/poller.ts';

/** The pollers of all event source mappings, by UUID. */
export class Pollers implements EventSources {
  readonly #parts: EventParts;
  readonly #queues: Queues;
  readonly #destinations: Destinations;
  readonly #pollers = new Map<string, SqsPoller | KinesisPoller>();

  constructor(parts: EventParts, invoker: Pick<AsyncInvoker, 'enqueue'>) {
    this.#parts = parts;
    this.#queues = new Queues(parts.aws);
    this.#destinations = new Destinations(parts, this.#queues, (event) => invoker.enqueue(event));
  }

  start(mapping: EventSourceMapping): void {
    if (this.#pollers.has(mapping.uuid)) {
      this.update(mapping);
      return;
    }
    const poller =
      mapping.kind === 'sqs'
        ? new SqsPoller(mapping, this.#parts, this.#queues)
        : new KinesisPoller(mapping, this.#parts, this.#destinations);
    this.#pollers.set(mapping.uuid, poller);
    poller.start();
  }

  update(mapping: EventSourceMapping): void {
    const poller = this.#pollers.get(mapping.uuid);
    if (poller instanceof SqsPoller && mapping.kind === 'sqs') poller.update(mapping);
    if (poller instanceof KinesisPoller && mapping.kind === 'kinesis') poller.update(mapping);
  }

  async stop(uuid: string, forget: boolean): Promise<void> {
    const poller = this.#pollers.get(uuid);
    if (poller instanceof KinesisPoller && !forget) return await poller.pause();
    this.#pollers.delete(uuid);
    await poller?.stop();
  }

  lastProcessingResult(uuid: string): string {
    const poller = this.#pollers.get(uuid);
    return poller instanceof KinesisPoller ? poller.lastProcessingResult : 'No records processed';
  }

  async clear(): Promise<void> {
    await Promise.all([...this.#pollers.keys()].map((uuid) => this.stop(uuid, true)));
  }
}
