import type { KinesisMapping } from '../../functions/model.ts';
import { regionOf } from '../names.ts';

/** A record of a stream as its mapping holds it. */
export interface StreamRecord {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  /** ms since the epoch on the clock. */
  readonly arrival: number;
}

/** What surrounds the data and the partition key of a record in the event, in bytes: rather more than less. */
const ENVELOPE_BYTES = 600;

/** The record's part in the 6 MB of an event, about. */
export function sizeInEvent({ data, partitionKey }: StreamRecord): number {
  return Math.ceil(data.length / 3) * 4 + Buffer.byteLength(partitionKey) + ENVELOPE_BYTES;
}

/** The event that a handler gets (Lambda developer guide, "Using Lambda with Kinesis"). */
export function kinesisEvent(
  mapping: KinesisMapping,
  role: string,
  shardId: string,
  records: readonly StreamRecord[],
): Buffer {
  const Records = records.map(({ sequenceNumber, partitionKey, data, arrival }) => ({
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey,
      sequenceNumber,
      data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
      approximateArrivalTimestamp: arrival / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shardId}:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: role,
    awsRegion: regionOf(mapping.eventSourceArn),
    eventSourceARN: mapping.eventSourceArn,
  }));
  return Buffer.from(JSON.stringify({ Records }));
}
