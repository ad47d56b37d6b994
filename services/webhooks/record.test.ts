import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRecord, SENDER, type WebhookRecord, writeRecord } from './record.ts';

const KNOWN = { sender: 'appsflyer', via: 'gateway', request_id: 'r-1', received_at: 1_643_262_505_123 } as const;

test('a record is one line of JSON', () => {
  expect(writeRecord({ ...KNOWN, event: '{"event_name":"install"}' })).toBe(
    '{"sender":"appsflyer","via":"gateway","request_id":"r-1","received_at":1643262505123,"event":{"event_name":"install"}}\n',
  );
});

test('an event that was posted on several lines is put on one, and keeps the line ends in its texts', () => {
  const line = writeRecord({ ...KNOWN, event: '\n{\r\n  "memo": "a\\nb"\n}\n' });
  expect(line.split('\n')).toEqual([expect.stringMatching(/^\{.*\}$/), '']);
  expect(readRecord(line)?.event).toEqual({ memo: 'a\nb' });
});

test('a number stays as the sender wrote it', () => {
  expect(writeRecord({ ...KNOWN, event: '{"id":12345678901234567890,"price":1.10}' })).toContain(
    '"event":{"id":12345678901234567890,"price":1.10}}',
  );
});

test('whatever JSON is posted, what was written is read again', () => {
  const event = fc.dictionary(fc.string(), fc.jsonValue());
  const indent = fc.constantFrom(undefined, 2, '\t');
  fc.assert(
    fc.property(event, indent, (posted, space) => {
      const record = readRecord(writeRecord({ ...KNOWN, event: JSON.stringify(posted, undefined, space) }));
      expect(record).toEqual({ ...KNOWN, event: JSON.parse(JSON.stringify(posted)) } satisfies WebhookRecord);
    }),
  );
});

test.each([
  ['nothing', ''],
  ['a line that was cut off', '{"sender":"appsflyer","via":"gate'],
  ['another record', '{"value":"30","type":"Tip 3"}'],
  ['one that came another way', JSON.stringify({ ...KNOWN, via: 'post', event: {} })],
  ['one without an event', JSON.stringify(KNOWN)],
  ['one whose event is a list', JSON.stringify({ ...KNOWN, event: [] })],
  ['one that does not say when it came', JSON.stringify({ ...KNOWN, received_at: '2022-01-27', event: {} })],
  ['one that came at a fraction of a ms', JSON.stringify({ ...KNOWN, received_at: 1.5, event: {} })],
  ['one that came when no time is', JSON.stringify({ ...KNOWN, received_at: 1e300, event: {} })],
  ['null', 'null'],
])('%s is no record', (_what, line) => {
  expect(readRecord(line)).toBeUndefined();
});

test.each([
  ['050', true],
  ['my-shop-2', true],
  ['a'.repeat(40), true],
  ['a'.repeat(41), false],
  ['', false],
  ['Shop', false],
  ['a/b', false],
  ['상점', false],
])('that %j may be a sender is %j', (name, may) => {
  expect(SENDER.test(name)).toBe(may);
});
