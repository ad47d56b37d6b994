import type { DeliveryStream } from '../delivery-stream.ts';
import type { DeliveryStreams } from '../delivery-streams.ts';
import { type Throughput, throughputOf } from '../limits.ts';
import { Throttle } from '../throttle.ts';

const MINUTE_MS = 60_000;
const known = new WeakMap<DeliveryStream, Intake>();

/** What direct puts to a delivery stream have to pass. */
export function intakeOf(streams: DeliveryStreams, stream: DeliveryStream): Intake {
  const intake = known.get(stream) ?? new Intake(streams, stream);
  known.set(stream, intake);
  return intake;
}

/**
 * Lets direct puts in as far as the region's quota (where it is switched on) and the memory that is free allow, and
 * counts what comes.
 */
export class Intake {
  readonly #streams: DeliveryStreams;
  readonly #stream: DeliveryStream;
  readonly #quota: Throughput;
  readonly #throttle: Throttle | undefined;
  #countedMinute = Number.NEGATIVE_INFINITY;

  constructor(streams: DeliveryStreams, stream: DeliveryStream) {
    this.#streams = streams;
    this.#stream = stream;
    this.#quota = throughputOf(stream.region);
    const { throttling } = streams.options;
    this.#throttle = throttling === 'on' ? new Throttle(streams.context.clock, this.#quota) : undefined;
  }

  /** Which of a put's records are let in, by their positions: all of them when there is no list. */
  admit(data: readonly Uint8Array[], bytes: number): readonly number[] | undefined {
    this.#countLimits();
    let free = this.#stream.freeBytes;
    if (!this.#throttle && bytes <= free) return undefined;
    const admitted: number[] = [];
    if (this.#throttle?.admitRequest() ?? true) {
      data.forEach((record, index) => {
        if (record.length > free || !(this.#throttle?.admitRecord(record.length) ?? true)) return;
        free -= record.length;
        admitted.push(index);
      });
    }
    return admitted.length === data.length ? undefined : admitted;
  }

  /** @param operation the one that the records came with */
  count(
    operation: 'PutRecord' | 'PutRecordBatch',
    put: { readonly records: number; readonly bytes: number; readonly refused: number; readonly startedAt: number },
  ): void {
    const { records, bytes, refused, startedAt } = put;
    this.#count(`${operation}.Requests`, 1);
    this.#count(`${operation}.Latency`, this.#streams.context.clock.now() - startedAt);
    if (refused > 0) this.#count('ThrottledRecords', refused);
    if (records > 0 || operation === 'PutRecordBatch') this.#count('IncomingPutRequests', 1);
    if (records === 0) return;
    this.#count(`${operation}.Bytes`, bytes);
    if (operation === 'PutRecordBatch') this.#count(`${operation}.Records`, records);
    this.#count('IncomingRecords', records);
    this.#count('IncomingBytes', bytes);
  }

  /** Once a minute: AWS shows what the limits are at the moment. */
  #countLimits(): void {
    const minute = Math.floor(this.#streams.context.clock.now() / MINUTE_MS);
    if (minute === this.#countedMinute) return;
    this.#countedMinute = minute;
    this.#count('RecordsPerSecondLimit', this.#quota.recordsPerSecond);
    this.#count('PutRequestsPerSecondLimit', this.#quota.requestsPerSecond);
    this.#count('BytesPerSecondLimit', this.#quota.bytesPerSecond);
  }

  #count(metric: string, value: number): void {
    this.#streams.metrics.count(this.#stream.name, metric, value);
  }
}
