import {
  type InputLogEvent,
  PutLogEvents$,
  type PutLogEventsRequest,
  type PutLogEventsResponse,
  type RejectedLogEventsInfo,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../../edge/emulator.ts';
import type { LogEvent } from '../../../edge/sinks.ts';
import { LOG_GROUP_NAME, LOG_STREAM_NAME, member, size, TIMESTAMP, validate } from '../constraints.ts';
import { invalidParameter } from '../errors.ts';
import { formatPosition } from '../positions.ts';
import { EVENT_OVERHEAD_BYTES, type LogService } from '../service.ts';

/** Limits of one batch: API_PutLogEvents.html */
const MAX_BATCH_EVENTS = 10_000;
const MAX_BATCH_BYTES = 1_048_576;
const MAX_EVENT_BYTES = 1_048_576;
const MAX_SPAN_MS = 24 * 3_600_000;
const MAX_AGE_MS = 14 * 86_400_000;
const MAX_AHEAD_MS = 2 * 3_600_000;

/** API_PutLogEvents.html */
export function putLogEvents(service: LogService): Operation<PutLogEventsRequest, PutLogEventsResponse> {
  return {
    schema: PutLogEvents$,
    run({ logGroupName, logStreamName, logEvents }, call) {
      validate(
        member('logGroupName', logGroupName, { ...LOG_GROUP_NAME, required: true }),
        member('logStreamName', logStreamName, { ...LOG_STREAM_NAME, required: true }),
        size('logEvents', logEvents?.length, { required: true, min: 1, max: MAX_BATCH_EVENTS }),
        ...(logEvents ?? []).flatMap(checkEvent),
      );
      const events = logEvents as readonly LogEvent[];
      checkSize(events);
      const group = service.group(call, logGroupName);
      const stream = service.stream(group, logStreamName);
      checkOrder(events);

      const now = service.now();
      const oldest = now - MAX_AGE_MS;
      const retained = Math.max(oldest, service.retainedFrom(group));
      const tooOld = countUntil(events, (event) => event.timestamp >= oldest);
      const expired = countUntil(events, (event) => event.timestamp >= retained);
      const tooNew = countUntil(events, (event) => event.timestamp > now + MAX_AHEAD_MS);
      const accepted = events.slice(expired, Math.max(expired, tooNew));
      checkSpan(accepted);
      service.ingest(group, stream, accepted);

      const rejected: RejectedLogEventsInfo = {
        ...(tooOld > 0 ? { tooOldLogEventEndIndex: tooOld } : {}),
        ...(expired > tooOld ? { expiredLogEventEndIndex: expired } : {}),
        ...(tooNew < events.length ? { tooNewLogEventStartIndex: tooNew } : {}),
      };
      return {
        nextSequenceToken: formatPosition({ t: now, id: stream.id }),
        ...(accepted.length < events.length ? { rejectedLogEventsInfo: rejected } : {}),
      };
    },
  };
}

function checkEvent({ timestamp, message }: InputLogEvent, at: number): (string | undefined)[] {
  const name = `logEvents.${at + 1}.member`;
  return [
    member(`${name}.timestamp`, timestamp, { ...TIMESTAMP, required: true }),
    member(`${name}.message`, message, { min: 1, required: true }),
  ];
}

function checkSize(events: readonly LogEvent[]): void {
  let total = 0;
  for (const { message } of events) {
    const bytes = Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES;
    if (bytes > MAX_EVENT_BYTES) {
      throw invalidParameter(`Log event too large: ${bytes} bytes exceeds limit of ${MAX_EVENT_BYTES}`);
    }
    total += bytes;
  }
  if (total > MAX_BATCH_BYTES) {
    throw invalidParameter(`Upload too large: ${total} bytes exceeds limit of ${MAX_BATCH_BYTES}`);
  }
}

function checkOrder(events: readonly LogEvent[]): void {
  let previous = Number.NEGATIVE_INFINITY;
  for (const { timestamp } of events) {
    if (timestamp < previous) {
      throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
    }
    previous = timestamp;
  }
}

function checkSpan(events: readonly LogEvent[]): void {
  const [first, last] = [events[0], events.at(-1)];
  if (first && last && last.timestamp - first.timestamp > MAX_SPAN_MS) {
    throw invalidParameter('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  }
}

/** How many events come before the first that `reached` accepts. */
function countUntil(events: readonly LogEvent[], reached: (event: LogEvent) => boolean): number {
  const at = events.findIndex(reached);
  return at === -1 ? events.length : at;
}
