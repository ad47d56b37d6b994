import type { MetricSink } from '../../../edge/sinks.ts';
import type { EntryNumber, Ledger, LedgerId } from '../../../ledger/index.ts';
import type { PublishedMessage } from '../model.ts';
import type { Kept } from './sessions.ts';

/** Who got a message, by client id. */
export interface Delivery {
  /** Connected, and allowed to receive it. */
  readonly deliveredTo: readonly string[];
  /** Away, with a session that keeps it. */
  readonly keptFor: readonly string[];
  /** Subscribed, and not allowed to receive it. */
  readonly withheldFrom: readonly string[];
}

/**
 * What the broker writes into the ledger, and what CloudWatch counts of it.
 * Source of the metrics: AWS IoT developer guide, "AWS IoT metrics and dimensions".
 */
export class Journal {
  readonly #ledger: Ledger;
  readonly #metrics: MetricSink;

  constructor(ledger: Ledger, metrics: MetricSink) {
    this.#ledger = ledger;
    this.#metrics = metrics;
  }

  /** `noted`, not `accepted`: nobody is responsible for a message that nobody had subscribed to. */
  published(message: PublishedMessage, id: LedgerId, delivery: Delivery): EntryNumber {
    const { topic, payload, qos, retain, clientId, cause } = message;
    // What comes over HTTPS is counted where it comes in.
    if (clientId !== undefined) this.#count('PublishIn.Success');
    if (delivery.deliveredTo.length > 0) this.#count('PublishOut.Success', delivery.deliveredTo.length);
    if (delivery.withheldFrom.length > 0) this.#count('PublishOut.AuthError', delivery.withheldFrom.length);
    return this.#ledger.append({
      where: `iot/${topic}`,
      what: 'noted',
      ids: [id],
      cause,
      detail: {
        qos,
        bytes: payload.length,
        ...(retain ? { retain } : {}),
        ...(clientId === undefined ? {} : { from: clientId }),
        deliveredTo: delivery.deliveredTo,
        ...(delivery.keptFor.length > 0 ? { keptFor: delivery.keptFor } : {}),
        ...(delivery.withheldFrom.length > 0 ? { withheldFrom: delivery.withheldFrom } : {}),
      },
    });
  }

  publishRefused(topic: string, clientId: string, error: 'AuthError' | 'ClientError', reason: string): void {
    this.#count(`PublishIn.${error}`);
    this.#ledger.append({ where: `iot/${topic}`, what: 'refused', detail: { from: clientId, reason } });
  }

  /** Kept messages that go to a client which has come back. */
  resumed(clientId: string, messages: Iterable<Kept>): void {
    for (const { topic, id } of messages) {
      this.#count('PublishOut.Success');
      this.#ledger.append({ where: `iot/${topic}`, what: 'noted', ids: [id], detail: { resumedBy: clientId } });
    }
  }

  /** Kept messages that nobody came back for. */
  expired(clientId: string, messages: Iterable<Kept>): void {
    for (const { topic, id } of messages) {
      const detail = { reason: `the session of ${clientId} expired` };
      this.#ledger.append({ where: `iot/${topic}`, what: 'noted', ids: [id], detail });
    }
  }

  connected(outcome: 'Success' | 'AuthError' | 'ClientError'): void {
    this.#count(`Connect.${outcome}`);
  }

  subscribed(outcome: 'Success' | 'AuthError' | 'ClientError'): void {
    this.#count(`Subscribe.${outcome}`);
  }

  unsubscribed(): void {
    this.#count('Unsubscribe.Success');
  }

  #count(metric: string, value = 1): void {
    this.#metrics.count('AWS/IoT', metric, DIMENSIONS, value);
  }
}

const DIMENSIONS = { Protocol: 'MQTT' };
