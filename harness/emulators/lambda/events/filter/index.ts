import type { Message } from '@aws-sdk/client-sqs';
import type { StreamRecord } from '../kinesis/event.ts';
import { NumberText } from './json.ts';
import { Content, matches, type Subject } from './match.ts';
import { type FilterSource, parsePattern } from './pattern.ts';

/**
 * Checks the patterns of `FilterCriteria` as CreateEventSourceMapping does.
 *
 * @throws AwsError InvalidParameterValueException (400) for a pattern that is none; NotImplementedException (501), which
 *   names what naetmul does not support
 */
export function checkFilterPatterns(patterns: readonly string[], source: FilterSource): void {
  for (const pattern of patterns) parsePattern(pattern, source);
}

/** Whether a message gets to the function: one of the patterns matches, or there are none. */
export function messageFilter(patterns: readonly string[]): (message: Message) => boolean {
  return filter(patterns, 'sqs', ({ Body = '' }) => ({ body: new Content(Body) }));
}

/** Whether a record gets to the function. */
export function recordFilter(patterns: readonly string[]): (record: StreamRecord) => boolean {
  return filter(patterns, 'kinesis', ({ sequenceNumber, partitionKey, data, arrival }) => ({
    kinesisSchemaVersion: '1.0',
    partitionKey,
    sequenceNumber,
    data: new Content(Buffer.from(data).toString()),
    approximateArrivalTimestamp: new NumberText(String(arrival / 1000)),
  }));
}

function filter<T>(texts: readonly string[], source: FilterSource, subjectOf: (item: T) => Subject) {
  const patterns = texts.map((text) => parsePattern(text, source));
  return (item: T): boolean => {
    if (patterns.length === 0) return true;
    const subject = subjectOf(item);
    return patterns.some((pattern) => matches(pattern, subject));
  };
}
