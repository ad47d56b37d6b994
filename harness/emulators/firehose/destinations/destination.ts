import type { DestinationDescription } from '@aws-sdk/client-firehose';
import type { LedgerId } from '../../../ledger/index.ts';
import type { Batch } from '../buffer.ts';

/** What AWS calls the only destination that a delivery stream can have. */
export const DESTINATION_ID = 'destinationId-000000000001';

/** The delivery stream that a batch comes from. */
export interface Origin {
  readonly deliveryStreamName: string;
  readonly versionId: number;
  readonly region: string;
}

/** Where a delivery stream delivers to, with the configuration for it. Replaced as a whole when updated. */
export interface Destination {
  /** In front of its metrics: `DeliveryToS3` of `DeliveryToS3.Records`. */
  readonly metricPrefix: string;
  readonly hints: BufferingHints;
  describe(): Omit<DestinationDescription, 'DestinationId'>;
  /** Passes a batch on; rejects when it should be tried again. */
  deliver(batch: Batch, origin: Origin): Promise<Delivered>;
}

export interface BufferingHints {
  readonly sizeInMBs: number;
  readonly intervalInSeconds: number;
}

export interface Delivered {
  readonly into: readonly LedgerId[];
  /** Small facts for the ledger. */
  readonly detail: Readonly<Record<string, unknown>>;
}
