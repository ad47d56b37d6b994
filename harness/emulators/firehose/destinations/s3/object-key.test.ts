import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInstant } from '../../../../clock/index.ts';
import { dateFields } from './date-fields.ts';
import { objectKey } from './object-key.ts';
import { parseErrorOutputPrefix, parsePrefix } from './prefix.ts';
import { timeZones } from './time-zones.ts';

const UUID = '5abf82da-aa53-4e6b-8f0c-1f4f6f0f9f3a';
const NAME = 'ingest-delivery';

type Changes = Partial<Parameters<typeof objectKey>[0]>;

function key(prefix: string, instant: string, changes: Changes = {}): string {
  return objectKey({
    prefix: parsePrefix(prefix, 'S3'),
    deliveryStreamName: NAME,
    versionId: 1,
    oldestArrival: parseInstant(instant),
    timeZone: 'UTC',
    uuid: UUID,
    extension: '',
    ...changes,
  });
}

function failedKey(errorOutputPrefix: string | undefined, prefix = ''): string {
  const template = parseErrorOutputPrefix(errorOutputPrefix, prefix, 'S3');
  return key('', '2022-01-27T05:48:25Z', { prefix: template, errorOutputType: 'processing-failed' });
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

  test('a prefix knows the time to the second only', () => {
    expect(key('!{timestamp:ss.SSSSSS}/', '2022-01-27T05:48:25.999Z')).toBe(
      `25.000000/ingest-delivery-1-2022-01-27-05-48-25-${UUID}`,
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

  test('partition keys stand where the prefix names them, and the hour is added behind them', () => {
    const partitionKeys = { fromQuery: { customer: 'C1' }, fromLambda: { customer: 'C2', year: '2021' } };
    const prefix =
      'q=!{partitionKeyFromQuery:customer}/l=!{partitionKeyFromLambda:customer}/!{partitionKeyFromLambda:year}/';
    expect(key(prefix, '2022-01-27T05:48:25Z', { partitionKeys })).toBe(
      `q=C1/l=C2/2021/2022/01/27/05/ingest-delivery-1-2022-01-27-05-48-25-${UUID}`,
    );
  });

  test('an object of failed records lies in a folder for the type of error, where its prefix has it', () => {
    const suffix = `ingest-delivery-1-2022-01-27-05-48-25-${UUID}`;
    expect(failedKey(undefined)).toBe(`processing-failed/2022/01/27/05/${suffix}`);
    expect(failedKey('')).toBe(`processing-failed/2022/01/27/05/${suffix}`);
    expect(failedKey(undefined, 'failed_')).toBe(`failed_processing-failed/2022/01/27/05/${suffix}`);
    expect(failedKey('errors/')).toBe(`errors/${suffix}`);
    expect(failedKey('!{firehose:error-output-type}/')).toBe(`processing-failed/${suffix}`);
    expect(failedKey("e/!{timestamp:'year='yyyy}/!{firehose:error-output-type}")).toBe(
      `e/year=2022/processing-failed${suffix}`,
    );
  });
});

describe('whatever the instant, the zone and the prefix', () => {
  const instants = fc.integer({ min: parseInstant('1990-01-01T00:00:00Z'), max: parseInstant('2090-01-01T00:00:00Z') });
  const zones = fc.constantFrom(...timeZones());
  const literals = fc.stringMatching(/^[a-z0-9=_/-]{0,40}$/);

  test('the time in the name is the one in the prefix, and that of the oldest record in the zone', () => {
    fc.assert(
      fc.property(instants, zones, literals, (oldestArrival, timeZone, literal) => {
        const made = key(literal, '2022-01-01T00:00:00Z', { oldestArrival, timeZone });
        expect(made.startsWith(literal)).toBe(true);
        const match = /^(\d{4})\/(\d\d)\/(\d\d)\/(\d\d)\/ingest-delivery-1-(.{19})-/.exec(made.slice(literal.length));
        const [, year, month, day, hour, stamp = ''] = match ?? [];
        expect(stamp.startsWith(`${year}-${month}-${day}-${hour}-`)).toBe(true);
        const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = stamp.split('-').map(Number);
        const { offsetSeconds } = dateFields(oldestArrival, timeZone);
        const local = Math.floor(oldestArrival / 1000) + offsetSeconds;
        expect(Date.UTC(y, mo - 1, d, h, mi, s) / 1000).toBe(local);
      }),
    );
  });

  test('objects of one hour share their prefix, and keys differ by their UUIDs', () => {
    fc.assert(
      fc.property(instants, fc.uuid(), fc.uuid(), (oldestArrival, one, other) => {
        fc.pre(one !== other);
        const hour = oldestArrival - (oldestArrival % 3_600_000);
        const folderOf = (made: string) => made.slice(0, made.indexOf(NAME));
        const [a, b] = [
          key('x/', '2022-01-01T00:00:00Z', { oldestArrival: hour, uuid: one }),
          key('x/', '2022-01-01T00:00:00Z', { oldestArrival: hour + 3_599_999, uuid: other }),
        ];
        expect(folderOf(a)).toBe(folderOf(b));
        expect(a).not.toBe(b);
      }),
    );
  });

  test('what is not an expression stays as it is', () => {
    fc.assert(
      fc.property(literals, literals, literals, (before, between, after) => {
        const prefix = `${before}!{timestamp:yyyy}${between}!{timestamp:HH}${after}`;
        expect(key(prefix, '2022-01-27T05:48:25Z')).toBe(
          `${before}2022${between}05${after}ingest-delivery-1-2022-01-27-05-48-25-${UUID}`,
        );
      }),
    );
  });
});
