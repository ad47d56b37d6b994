import { expect, test } from 'vitest';
import { QUEUE_ARN } from '../testing.ts';
import { MAX_PAYLOAD_BYTES, receivedOf, sizeOf, splitBySize } from './batches.ts';
import { eventOf, eventRecord } from './event.ts';

const SOURCE = { eventSourceArn: QUEUE_ARN, batchingWindowMs: 0 };

test('a message is in the event as AWS shows it, member by member', () => {
  const message = {
    MessageId: '059f36b4-87a3-44ab-83d2-661975830a7d',
    ReceiptHandle: 'AQEB',
    Body: '{"text":"냇물 \\"brook\\""}',
    MD5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
    MD5OfMessageAttributes: 'd25a6aea97eb8f585bfa92d314504a92',
    Attributes: {
      SenderId: 'AIDAIENQZJOLO23YVJ4VO',
      ApproximateFirstReceiveTimestamp: '1545082649185',
      ApproximateReceiveCount: '1',
      SentTimestamp: '1545082649183',
    },
    MessageAttributes: {
      WeeksOn: { DataType: 'Number', StringValue: '6' },
      Picture: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2, 3]) },
    },
  };
  expect(eventOf([eventRecord(message, SOURCE)]).toString()).toBe(
    '{"Records":[{"messageId":"059f36b4-87a3-44ab-83d2-661975830a7d","receiptHandle":"AQEB",' +
      '"body":"{\\"text\\":\\"냇물 \\\\\\"brook\\\\\\"\\"}",' +
      '"attributes":{"ApproximateReceiveCount":"1","SentTimestamp":"1545082649183",' +
      '"SenderId":"AIDAIENQZJOLO23YVJ4VO","ApproximateFirstReceiveTimestamp":"1545082649185"},' +
      '"messageAttributes":{"WeeksOn":{"stringValue":"6","stringListValues":[],"binaryListValues":[],' +
      '"dataType":"Number"},"Picture":{"binaryValue":"AQID","stringListValues":[],"binaryListValues":[],' +
      '"dataType":"Binary"}},"md5OfMessageAttributes":"d25a6aea97eb8f585bfa92d314504a92",' +
      '"md5OfBody":"e4e68fb7bd0e697a0ae8f1bb342846b3","eventSource":"aws:sqs",' +
      `"eventSourceARN":"${QUEUE_ARN}","awsRegion":"ap-northeast-2"}]}`,
  );
});

test('the attributes of a FIFO queue’s message have AWS’s order', () => {
  const names = ['MessageDeduplicationId', 'MessageGroupId', 'SenderId', 'SequenceNumber', 'ApproximateReceiveCount'];
  const record = eventRecord({ Attributes: Object.fromEntries(names.map((name) => [name, 'x'])) }, SOURCE);
  expect(Object.keys(JSON.parse(record).attributes)).toEqual([
    'ApproximateReceiveCount',
    'SequenceNumber',
    'MessageGroupId',
    'SenderId',
    'MessageDeduplicationId',
  ]);
});

test('a message without attributes has no hash of them, or null where a window is waited for', () => {
  const hashOf = (batchingWindowMs: number) =>
    JSON.parse(eventRecord({ Body: 'a' }, { ...SOURCE, batchingWindowMs })).md5OfMessageAttributes;
  expect([hashOf(0), hashOf(1000)]).toEqual([undefined, null]);
});

test('batches are cut where their event would be over 6 MB, and keep the order', () => {
  const mib = 1024 * 1024;
  const messages = Array.from({ length: 14 }, (_, n) =>
    receivedOf({ MessageId: `m${n}`, Body: 'x'.repeat(mib - 1000) }, SOURCE, 0),
  );
  const batches = splitBySize(messages);
  expect(batches.map((batch) => batch.length)).toEqual([6, 6, 2]);
  expect(batches.flat()).toEqual(messages);
  for (const batch of batches) {
    const bytes = eventOf(batch.map(({ record }) => record)).length;
    expect(bytes).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES);
    expect(sizeOf(batch)).toBe(bytes + 1);
  }
});
