import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { FailedRecord } from '../failed-record.ts';
import { failItem, type Item, reportOnce, type Stage } from './stage.ts';

const decompress = promisify(gunzip);

/** What one record may become. A limit of naetmul's own, against records made to fill the memory. */
const MAX_DECOMPRESSED_BYTES = 64 * 1024 * 1024;

/**
 * `Decompression` of what CloudWatch Logs sends, and `CloudWatchLogProcessing` after it
 * (https://docs.aws.amazon.com/firehose/latest/dev/writing-with-cloudwatch-logs-decompression.html). What cannot be
 * decompressed is kept as it came; the others go on.
 */
export function decompressionStage(extractsMessages: boolean): Stage {
  return {
    async run(items, attempt) {
      const passed: Item[] = [];
      const failed: FailedRecord[] = [];
      for (const item of items) {
        try {
          const content = await decompress(item.data, { maxOutputLength: MAX_DECOMPRESSED_BYTES });
          const envelope: unknown = JSON.parse(content.toString());
          passed.push({ ...item, data: extractsMessages ? messagesOf(envelope) : content });
        } catch (error) {
          failed.push(
            failItem(item, {
              type: 'decompression-failed',
              attemptsMade: 1,
              errorCode: 'Decompression failed.',
              errorMessage: error instanceof Error ? error.message : String(error),
              attemptEndingTimestamp: attempt.now(),
            }),
          );
        }
      }
      reportOnce(attempt, failed);
      return { passed, failed };
    },
  };
}

/** The log events' messages, each with a newline after it; of a control message nothing is left. */
function messagesOf(envelope: unknown): Buffer {
  const { messageType, logEvents } = (envelope ?? {}) as { messageType?: unknown; logEvents?: unknown };
  if (messageType === 'CONTROL_MESSAGE') return Buffer.alloc(0);
  if (messageType !== 'DATA_MESSAGE' || !Array.isArray(logEvents)) {
    throw new Error('The record is not of the format of CloudWatch Logs subscriptions.');
  }
  const messages = logEvents.map((event: { message?: unknown } | null) => {
    if (typeof event?.message !== 'string') throw new Error('A log event has no message.');
    return `${event.message}\n`;
  });
  return Buffer.from(messages.join(''));
}
