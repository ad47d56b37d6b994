import { describe, expect, test } from 'vitest';
import { parseInstant } from '../../../../clock/index.ts';
import { objectKey } from './object-key.ts';
import { parseErrorOutputPrefix, parsePrefix } from './prefix.ts';

const UUID = '5abf82da-aa53-4e6b-8f0c-1f4f6f0f9f3a';

function key(prefix: string, instant: string, changes: Partial<Parameters<typeof objectKey>[0]> = {}): string {
  return objectKey({
    prefix: parsePrefix(prefix),
    deliveryStreamName: 'ingest-delivery',
    versionId: 1,
    oldestArrival: parseInstant(instant),
    timeZone: 'UTC',
    uuid: UUID,
    extension: '',
    ...changes,
  });
}

describe('objectKey', () => {
  test.each([
    ['', '2022-01-27T05:48:25Z', '2022/01/27/05/ingest-delivery-1-2022-01-27-05-48-25-'],
    ['rawdata/', '2022-01-27T05:48:25Z', 'rawdata/2022/01/27/05/ingest-delivery-1-2022-01-27-05-48-25-'],
    ['failed_', '2022-01-27T05:48:25Z', 'failed_2022/01/27/05/ingest-delivery-1-2022-01-27-05-48-25-'],
    [
      'myFirehosePrefix',
      '2018-08-27T10:30:00Z',
      'myFirehosePrefix2018/08/27/10/ingest-delivery-1-2018-08-27-10-30-00-',
    ],
    ['', '2022-01-27T14:59:59.999Z', '2022/01/27/14/ingest-delivery-1-2022-01-27-14-59-59-'],
    ['', '2022-01-27T15:00:00Z', '2022/01/27/15/ingest-delivery-1-2022-01-27-15-00-00-'],
    ['', '2022-01-27T23:59:59.999Z', '2022/01/27/23/ingest-delivery-1-2022-01-27-23-59-59-'],
    ['', '2022-01-28T00:00:00Z', '2022/01/28/00/ingest-delivery-1-2022-01-28-00-00-00-'],
    ['', '2021-12-31T23:59:59Z', '2021/12/31/23/ingest-delivery-1-2021-12-31-23-59-59-'],
    ['', '2024-02-29T12:00:00Z', '2024/02/29/12/ingest-delivery-1-2024-02-29-12-00-00-'],
  ])('prefix "%s" at %s begins with %s', (prefix, instant, expected) => {
    expect(key(prefix, instant)).toBe(expected + UUID);
  });

  test('a custom time zone dates both the prefix and the name', () => {
    expect(key('rawdata/', '2022-01-26T15:00:00Z', { timeZone: 'Asia/Seoul' })).toBe(
      `rawdata/2022/01/27/00/ingest-delivery-1-2022-01-27-00-00-00-${UUID}`,
    );
  });

  test('the version and the extension are part of the name', () => {
    expect(key('', '2022-01-27T05:48:25Z', { versionId: 7, extension: '.gz' })).toBe(
      `2022/01/27/05/ingest-delivery-7-2022-01-27-05-48-25-${UUID}.gz`,
    );
  });

  test('a timestamp of one’s own replaces the default one', () => {
    expect(key('dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/', '2022-01-27T05:48:25Z')).toBe(
      `dt=2022-01-27/hour=05/ingest-delivery-1-2022-01-27-05-48-25-${UUID}`,
    );
  });

  test('every random string is new, eleven characters long, and the same when the object is tried again', () => {
    const prefix = '!{firehose:random-string}/!{firehose:random-string}/';
    const [first = '', second = '', ...rest] = key(prefix, '2022-01-27T05:48:25Z').split('/');
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{2}$/);
    expect(second).toMatch(/^[0-9a-f]{8}-[0-9a-f]{2}$/);
    expect(second).not.toBe(first);
    expect(rest.slice(0, 4)).toEqual(['2022', '01', '27', '05']);
    expect(key(prefix, '2022-01-27T05:48:25Z')).toBe(key(prefix, '2022-01-27T05:48:25Z'));
  });
});

describe('the rules of prefixes', () => {
  test.each([
    ['a!{firehose:error-output-type}/', 'Prefix cannot contain !{firehose:error-output-type}'],
    ['a!{timestamp:yyyy', 'Prefix contains an expression that is not closed: !{timestamp:yyyy'],
    ['a!{nothing}', 'Prefix contains an invalid expression: !{nothing}'],
    ['a!{firehose:something}', 'Prefix contains an invalid expression: !{firehose:something}'],
    ['!{partitionKeyFromQuery:}/', 'Prefix contains an invalid expression: !{partitionKeyFromQuery:}'],
  ])('the prefix %s is refused', (prefix, message) => {
    expect(() => parsePrefix(prefix)).toThrow(message);
  });

  test('an error output prefix with expressions names the type of error', () => {
    expect(() => parseErrorOutputPrefix('failed/!{timestamp:yyyy}/', '')).toThrow(
      'ErrorOutputPrefix must contain at least one instance of !{firehose:error-output-type} when it contains expressions',
    );
    expect(parseErrorOutputPrefix('failed/!{firehose:error-output-type}/', '').hasExpressions).toBe(true);
    expect(parseErrorOutputPrefix('failed/', '').hasExpressions).toBe(false);
  });
});
