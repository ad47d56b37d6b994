import { createHash } from 'node:crypto';
import type { Attempt } from '../../destinations/destination.ts';
import type { KinesisOrigin } from '../../runs.ts';
import { type Item, recordOf } from '../stage.ts';
import { MAX_EVENT_BYTES } from './settings.ts';

/** An item with what the function is told of it. */
export interface EventRecord {
  readonly item: Item;
  readonly recordId: string;
  /** JSON. */
  readonly text: string;
}

const RECORD_ID_DIGITS = 56;
const SUBSEQUENCE_DIGITS = 6;

/** What the function is told of each item. Ids are the same whenever the items are. */
export function eventRecords(items: readonly Item[]): EventRecord[] {
  const seen = new Map<string, number>();
  return items.map((item) => {
    const { id, arrival, kinesis } = recordOf(item);
    const count = seen.get(id) ?? 0;
    seen.set(id, count + 1);
    const recordId = recordIdOf(id, count);
    const text = JSON.stringify({
      recordId,
      approximateArrivalTimestamp: arrival,
      data: Buffer.from(item.data.buffer, item.data.byteOffset, item.data.byteLength).toString('base64'),
      ...(kinesis && { kinesisRecordMetadata: metadataOf(kinesis, arrival) }),
    });
    return { item, recordId, text };
  });
}

/** As long as those of AWS, and of digits as well. `count` tells apart a record that was read twice. */
function recordIdOf(id: string, count: number): string {
  const digest = createHash('sha256').update(id).digest('hex');
  const digits = BigInt(`0x${digest}`)
    .toString()
    .padStart(RECORD_ID_DIGITS, '0')
    .slice(-(RECORD_ID_DIGITS - 2));
  return `49${digits}${String(count).padStart(SUBSEQUENCE_DIGITS, '0')}`;
}

function metadataOf({ sequenceNumber, subsequenceNumber, partitionKey, shardId }: KinesisOrigin, arrival: number) {
  return {
    sequenceNumber,
    subsequenceNumber: subsequenceNumber ?? 0,
    partitionKey,
    shardId,
    approximateArrivalTimestamp: arrival,
  };
}

/** As few parts as have room in one event each, in order. A record that is too large for any is alone in its part. */
export function splitForEvents(records: readonly EventRecord[], attempt: Attempt): EventRecord[][] {
  const room = MAX_EVENT_BYTES - Buffer.byteLength(eventOf([], attempt, NIL_UUID));
  const parts: EventRecord[][] = [];
  let left = 0;
  for (const record of records) {
    const size = Buffer.byteLength(record.text) + 1;
    const part = parts.at(-1);
    if (part && size <= left) {
      part.push(record);
      left -= size;
    } else {
      parts.push([record]);
      left = room - size;
    }
  }
  return parts;
}

const NIL_UUID = '00000000-0000-0000-0000-000000000000';

/** The event, as JSON. */
export function eventOf(records: readonly EventRecord[], attempt: Attempt, invocationId: string): string {
  const { sourceArn, deliveryStreamArn, region } = attempt;
  const head = JSON.stringify({
    invocationId,
    ...(sourceArn === undefined ? {} : { sourceKinesisStreamArn: sourceArn }),
    deliveryStreamArn,
    region,
  });
  return `${head.slice(0, -1)},"records":[${records.map(({ text }) => text).join(',')}]}`;
}

/** A UUID that is the same for the same text. */
export function uuidOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest();
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
