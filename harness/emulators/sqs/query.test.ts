import { expect, test } from 'vitest';
import { sqsBench } from './testing.ts';

const VERSION = 'Version=2012-11-05';

async function call(url: string, form: string, method: 'GET' | 'POST' = 'POST') {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const response =
    method === 'POST' ? await fetch(url, { method, headers, body: form }) : await fetch(`${url}?${form}`);
  return { status: response.status, text: await response.text() };
}

test('clients that speak Query send, receive and delete at the queue’s URL', async () => {
  const { make } = await sqsBench();
  const url = await make('brook');
  const sent = await call(
    url,
    `Action=SendMessage&${VERSION}&MessageBody=%EB%83%87%EB%AC%BC+%26%0D%0A&MessageAttribute.1.Name=n&` +
      'MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=v',
  );
  expect(sent.status).toBe(200);
  expect(sent.text).toMatch(
    /^<SendMessageResponse xmlns="http:\/\/queue\.amazonaws\.com\/doc\/2012-11-05\/"><SendMessageResult><MD5OfMessageBody>[0-9a-f]{32}<\/MD5OfMessageBody><MD5OfMessageAttributes>[0-9a-f]{32}<\/MD5OfMessageAttributes><MessageId>/,
  );
  const received = await call(
    url,
    `Action=ReceiveMessage&${VERSION}&AttributeName.1=ApproximateReceiveCount&MessageAttributeName.1=All&VisibilityTimeout=9`,
    'GET',
  );
  expect(received.text).toContain('<Body>냇물 &amp;&#xD;\n</Body>');
  expect(received.text).toContain('<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>');
  expect(received.text).toContain(
    '<MessageAttribute><Name>n</Name><Value><DataType>String</DataType><StringValue>v</StringValue></Value></MessageAttribute>',
  );
  const handle = /<ReceiptHandle>([^<]+)/.exec(received.text)?.[1] ?? '';
  const deleted = await call(url, `Action=DeleteMessage&${VERSION}&ReceiptHandle=${encodeURIComponent(handle)}`);
  expect(deleted.text).toMatch(/^<DeleteMessageResponse .*><ResponseMetadata><RequestId>/);
  expect((await call(url, `Action=ReceiveMessage&${VERSION}`)).text).toContain(
    '<ReceiveMessageResult></ReceiveMessageResult>',
  );
});

test('batches and queues go by form, too', async () => {
  const { url: edge, make } = await sqsBench();
  const signed = {
    authorization: 'AWS4-HMAC-SHA256 Credential=test/20220127/ap-northeast-2/sqs/aws4_request, SignedHeaders=host',
    'content-type': 'application/x-www-form-urlencoded',
  };
  const body = `Action=CreateQueue&${VERSION}&QueueName=made&Attribute.1.Name=DelaySeconds&Attribute.1.Value=3&Tag.1.Key=k&Tag.1.Value=v`;
  const created = await fetch(edge, { method: 'POST', headers: signed, body });
  expect(await created.text()).toContain(`<QueueUrl>${edge}/000000000000/made</QueueUrl>`);
  expect((await call(`${edge}/000000000000/made`, `Action=ListQueueTags&${VERSION}`)).text).toContain(
    '<Tag><Key>k</Key><Value>v</Value></Tag>',
  );
  const outcome = await call(
    await make('brook'),
    `Action=SendMessageBatch&${VERSION}&SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageBody=x&` +
      'SendMessageBatchRequestEntry.2.Id=b&SendMessageBatchRequestEntry.2.MessageBody=%00',
  );
  expect(outcome.text).toMatch(/<SendMessageBatchResultEntry><Id>a<\/Id><MessageId>/);
  expect(outcome.text).toMatch(
    /<BatchResultErrorEntry><Id>b<\/Id><SenderFault>true<\/SenderFault><Code>InvalidMessageContents<\/Code>/,
  );
});

test.each([
  [
    'nowhere',
    'Action=GetQueueAttributes&AttributeName.1=All',
    'AWS.SimpleQueueService.NonExistentQueue',
    'The specified queue does not exist for this wsdl version.',
  ],
  ['brook', 'Action=SendMessage', 'MissingParameter', 'The request must contain the parameter MessageBody.'],
  ['brook', 'Action=GetQueueAttributes&AttributeName.1=Foobar', 'InvalidAttributeName', 'Unknown Attribute Foobar.'],
  [
    'brook',
    'Action=ReceiveMessage&MaxNumberOfMessages=11',
    'InvalidParameterValue',
    'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
  ],
])('at %s, %s is refused by its old code', async (queue, form, code, message) => {
  const { url, make } = await sqsBench();
  await make('brook');
  const { status, text } = await call(`${url}/000000000000/${queue}`, form, 'GET');
  expect(status).toBe(400);
  expect(text).toContain(`<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`);
});
