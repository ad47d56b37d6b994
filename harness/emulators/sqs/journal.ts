import type { Call, EmulatorContext } from '../../edge/emulator.ts';
import { causeOf } from '../../edge/headers.ts';
import type { MetricSink } from '../../edge/sinks.ts';
import { type EntryNumber, ids } from '../../ledger/index.ts';
import type { QueuedMessage } from './engine/message.ts';
import type { Queue } from './queue.ts';

const NAMESPACE = 'AWS/SQS';

/**
 * Writes down what happens to messages, and counts what CloudWatch shows of queues
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html).
 */
export class Journal {
  readonly #ledger: EmulatorContext['ledger'];
  readonly #metrics: MetricSink;

  constructor(ledger: EmulatorContext['ledger'], metrics: MetricSink) {
    this.#ledger = ledger;
    this.#metrics = metrics;
  }

  /** @param bytes the size of each message */
  sent(queue: Queue, messages: readonly QueuedMessage[], bytes: readonly number[], call: Call): void {
    if (messages.length === 0) return;
    this.#ledger.append({
      where: queue.place,
      what: 'accepted',
      ids: idsOf(messages),
      cause: causeOf(call.request),
      detail: { bytes: bytes.reduce((sum, one) => sum + one, 0) },
    });
    this.#count(queue, 'NumberOfMessagesSent', messages.length);
    for (const one of bytes) this.#metrics.count(NAMESPACE, 'SentMessageSize', queue.dimensions, one, 'Bytes');
  }

  /** A FIFO queue took a message for one that it knows. */
  repeated(queue: Queue, messageId: string, bytes: number, call: Call): void {
    this.#ledger.append({
      where: queue.place,
      what: 'noted',
      ids: [ids.message(messageId)],
      cause: causeOf(call.request),
      detail: { operation: 'SendMessage', outcome: 'sent again within five minutes; not delivered again' },
    });
    this.#count(queue, 'NumberOfMessagesSent', 1);
    this.#metrics.count(NAMESPACE, 'SentMessageSize', queue.dimensions, bytes, 'Bytes');
  }

  /** One entry for all messages that have been received equally often. */
  received(queue: Queue, messages: readonly QueuedMessage[], visibilityMs: number, call: Call): void {
    this.#count(
      queue,
      messages.length > 0 ? 'NumberOfMessagesReceived' : 'NumberOfEmptyReceives',
      messages.length || 1,
    );
    for (const [receiveCount, together] of Map.groupBy(messages, (message) => message.receiveCount)) {
      this.#ledger.append({
        where: queue.place,
        what: 'noted',
        ids: idsOf(together),
        cause: causeOf(call.request),
        detail: { operation: 'ReceiveMessage', receiveCount, visibilityTimeout: visibilityMs / 1000 },
      });
    }
  }

  /** @param messageIds those that were there to be deleted; `asked` counts repetitions, too, as the metric does */
  deleted(queue: Queue, messageIds: readonly string[], asked: number, call: Call): void {
    if (asked > 0) this.#count(queue, 'NumberOfMessagesDeleted', asked);
    if (messageIds.length === 0) return;
    this.#ledger.append({
      where: queue.place,
      what: 'consumed',
      ids: messageIds.map((id) => ids.message(id)),
      cause: causeOf(call.request),
    });
  }

  deadLettered(queue: Queue, messages: readonly QueuedMessage[], deadLetterQueue: string): void {
    for (const [receiveCount, together] of Map.groupBy(messages, (message) => message.receivesHere)) {
      this.#ledger.append({
        where: queue.place,
        what: 'dead-lettered',
        ids: idsOf(together),
        detail: { queue: deadLetterQueue, receiveCount },
      });
    }
  }

  expired(queue: Queue, messages: readonly QueuedMessage[], at: number): void {
    const reason = `kept in ${queue.name} as long as its retention period allows (${queue.messages.times.retentionMs / 1000} s)`;
    this.#ledger.append({ where: queue.place, what: 'lost', ids: idsOf(messages), detail: { reason } }, at);
  }

  dropped(queue: Queue, messages: readonly QueuedMessage[], call: Call, operation: string): void {
    if (messages.length === 0) return;
    const cause = causeOf(call.request);
    this.#ledger.append({ where: queue.place, what: 'dropped', ids: idsOf(messages), cause, detail: { operation } });
  }

  /** A message that a move task took out of `source` has become a new one in `queue`. */
  moved(source: Queue, taken: QueuedMessage, queue: Queue, added: QueuedMessage, cause: EntryNumber | undefined): void {
    const from = this.#ledger.append({
      where: source.place,
      what: 'consumed',
      ids: [ids.message(taken.content.id)],
      cause,
      detail: { operation: 'StartMessageMoveTask', queue: queue.name, newMessageId: added.content.id },
    });
    this.#ledger.append({ where: queue.place, what: 'accepted', ids: [ids.message(added.content.id)], cause: from });
  }

  #count(queue: Queue, metric: string, value: number): void {
    this.#metrics.count(NAMESPACE, metric, queue.dimensions, value);
  }
}

function idsOf(messages: readonly QueuedMessage[]): string[] {
  return messages.map((message) => ids.message(message.content.id));
}
