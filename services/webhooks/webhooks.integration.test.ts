import { execFile } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Deployed, deploy, loadTemplate } from '../../harness/deploy/index.ts';
import { type TestAws, testAws } from '../../harness/deploy/testing.ts';
import { certify } from '../../harness/emulators/apigateway/domain-names/testing.ts';
import { localstackTool } from '../../harness/engines/index.ts';
import { readRecord, type WebhookRecord } from './record.ts';

const TEMPLATE = fileURLToPath(new URL('template.yaml', import.meta.url));
const SECRETS = ['the-secret-of-last-year', 'the-secret-of-this-year'];
const MIB = 1024 * 1024;
const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const INSTALL = { event_name: 'install', app_id: 'com.example', event_value: '{"price":"1,000"}', wifi: true };
const CALL = 'call_id=20220127144825001&caller=01000000000&memo=%EC%83%81%EB%8B%B4+%EC%99%84%EB%A3%8C&tag=a&tag=b';
const CALL_FIELDS = { call_id: '20220127144825001', caller: '01000000000', memo: '상담 완료', tag: ['a', 'b'] };
/** 상담 완료 in EUC-KR. */
const KOREAN_MEMO = '%BB%F3%B4%E3+%BF%CF%B7%E1';
const BAD_BODY = /^\s*\{"message":"The body must be a JSON object or a form of at most 1,000 fields, not empty, /;

let aws: TestAws;
let webhooks: Deployed;

const make = async (name: string, parameters: Record<string, string>) =>
  deploy(await loadTemplate(TEMPLATE, { parameters: { SigningSecrets: SECRETS.join(','), ...parameters } }), {
    ...aws.options,
    name,
  });

beforeAll(async () => {
  aws = await testAws('webhooks', { openSearch: true });
  webhooks = await make('webhooks', {});
});

afterAll(() => aws?.[Symbol.asyncDispose]());

beforeEach(() => aws.clock.real());

async function post(path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> | string) {
  const given = typeof headers === 'string' ? { 'content-type': headers } : headers;
  const answer = await fetch(`${webhooks.outputs.Url}${path}`, { method: 'POST', body, headers: given });
  return { status: answer.status, text: await answer.text() };
}

/** The records that come into the stream while `work` is done. */
async function streamed(work: () => Promise<unknown>): Promise<WebhookRecord[]> {
  const before = (await lines()).length;
  await work();
  return (await lines()).slice(before).map((line) => readRecord(line) ?? expect.fail(`no record: ${line}`));
}

async function lines(): Promise<string[]> {
  return (await stored()).map(({ text }) => text);
}

/** What is in the stream, with the keys that say into which shard it goes. */
async function stored(): Promise<{ text: string; key: string | undefined }[]> {
  const kinesis = aws.edge.access.client(KinesisClient);
  const StreamName = webhooks.outputs.StreamName;
  const place = { StreamName, ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' } as const;
  const { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(place));
  const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
  return Records.map(({ Data, PartitionKey }) => {
    const text = Buffer.from(Data ?? []).toString();
    expect(text).toMatch(/^\{[^\r\n]*\}\n$/);
    return { text, key: PartitionKey };
  });
}

const RECEIPT = {
  status: 200,
  text: expect.stringMatching(/^\{"SequenceNumber":"\d{56}","ShardId":"shardId-0{12}"\}$/),
};

/** Lets Kinesis fail while `work` is done. */
async function withKinesis<T>(status: number, type: string, work: () => Promise<T>): Promise<T> {
  const headers = { 'Content-Type': 'application/x-amz-json-1.1' };
  const body = JSON.stringify({ __type: type, message: 'An error that a test put in.' });
  const undo = aws.edge.use(async (request, { operation }, next) =>
    operation?.startsWith('PutRecord') ? { status, headers, body } : next(request),
  );
  return work().finally(undo);
}

describe('the template', () => {
  test('is accepted by cfn-lint', async () => {
    const { stdout } = await promisify(execFile)(localstackTool('cfn-lint'), ['--format', 'parseable', TEMPLATE]);
    expect(stdout).toBe('');
  });

  test('has the outputs that its users rely on, and no secret among them', () => {
    const { ApiId } = webhooks.outputs;
    expect(webhooks.outputs).toEqual({
      Url: `${aws.url}/_aws/execute-api/${ApiId}/PROD`,
      StreamName: 'webhooks-stream',
      DeliveryStreamName: 'webhooks-delivery',
      BucketName: expect.stringMatching(/^webhooks-bucket-[a-z0-9]{12}$/),
      SearchDeliveryStreamName: 'webhooks-search-delivery',
      SearchLogGroup: '/aws/kinesisfirehose/webhooks-search-delivery',
      DomainName: 'webhooks',
      DomainEndpoint: expect.stringContaining('webhooks'),
      IndexName: 'webhooks',
      FunctionName: expect.stringMatching(/^webhooks-Function-/),
      AsyncFunctionName: expect.stringMatching(/^webhooks-AsyncFunction-/),
      AsyncFailuresUrl: expect.stringContaining('AsyncFailures'),
      SignedFunctionName: expect.stringMatching(/^webhooks-SignedFunction-/),
      ApiId: expect.stringMatching(/^[a-z0-9]{10}$/),
      StageName: 'PROD',
      ExecutionLogGroup: `API-Gateway-Execution-Logs_${ApiId}/PROD`,
    });
  });
});

describe('straight into the stream', () => {
  test.each([
    ['/050', '050'],
    ['/appsflyer', 'appsflyer'],
    ['/adbrix', 'adbrix'],
    ['/events/my-shop', 'my-shop'],
  ])('%s takes JSON and forms, and says who sent them', async (path, sender) => {
    const since = aws.clock.now();
    const records = await streamed(async () => {
      expect(await post(path, JSON.stringify(INSTALL, undefined, 2), JSON_TYPE)).toEqual(RECEIPT);
      expect(await post(`${path}?sender=somebody`, CALL, `${FORM_TYPE}; charset=UTF-8`)).toEqual(RECEIPT);
    });
    const known = {
      sender,
      via: 'gateway',
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      received_at: expect.any(Number),
    };
    expect(records).toEqual([
      { ...known, event: INSTALL },
      { ...known, event: CALL_FIELDS },
    ]);
    for (const { received_at } of records) expect(received_at).toBeGreaterThanOrEqual(since);
  });

  test.each([
    ['is empty', '', JSON_TYPE],
    ['is an empty object', '{}', JSON_TYPE],
    ['is a list', '[1,2]', JSON_TYPE],
    ['is a form, and says that it is JSON', CALL, JSON_TYPE],
    ['is an empty form', '', FORM_TYPE],
    ['is a form of too many fields', 'a=1&'.repeat(1001), FORM_TYPE],
    ['is larger than Kinesis takes', JSON.stringify({ text: 'x'.repeat(MIB) }), JSON_TYPE],
  ])('a body that %s is answered with 400, and nothing comes into the stream', async (_what, body, type) => {
    const records = await streamed(async () => {
      expect(await post('/appsflyer', body, type)).toEqual({ status: 400, text: expect.stringMatching(BAD_BODY) });
    });
    expect(records).toEqual([]);
  });

  test.each(['Shop', 'a%22b', 'a'.repeat(41), '%EC%83%81%EC%A0%90'])('nobody is called %s', async (name) => {
    const records = await streamed(async () => {
      for (const [body, type] of [
        [JSON.stringify(INSTALL), JSON_TYPE],
        [CALL, FORM_TYPE],
      ] as const) {
        expect(await post(`/events/${name}`, body, type)).toMatchObject({ status: 400 });
      }
    });
    expect(records).toEqual([]);
  });

  test('another content type is answered with 415', async () => {
    expect(await post('/050', 'a=1', 'text/plain')).toEqual({
      status: 415,
      text: '{"message":"Unsupported Media Type"}',
    });
  });

  test.each([
    ['Kinesis is full', 400, 'ProvisionedThroughputExceededException', 429, 'Too Many Requests'],
    ['the stream is gone', 400, 'ResourceNotFoundException', 500, 'Internal server error'],
    ['Kinesis fails', 500, 'InternalFailureException', 503, 'Service Unavailable'],
  ])('the answer is not 200 when %s, on the way through a function neither', async (_what, status, type, expected, message) => {
    for (const path of ['/appsflyer', '/lambda/appsflyer']) {
      const answer = await withKinesis(status, type, () => post(path, JSON.stringify(INSTALL), JSON_TYPE));
      expect(answer).toEqual({ status: expected, text: expect.stringContaining(`{"message":"${message}"}`) });
    }
  });

  test('a form in EUC-KR cannot be read', async () => {
    const [record] = await streamed(() => post('/050', `memo=${KOREAN_MEMO}`, `${FORM_TYPE}; charset=euc-kr`));
    expect(record?.event).toEqual({ memo: expect.stringMatching(/^\ufffd+/) });
  });
});

describe('through a function', () => {
  test('JSON and forms are written while the sender waits', async () => {
    const records = await streamed(async () => {
      expect(await post('/lambda/appsflyer', JSON.stringify(INSTALL, undefined, 2), JSON_TYPE)).toEqual(RECEIPT);
      expect(await post('/lambda/050', CALL, FORM_TYPE)).toEqual(RECEIPT);
    });
    expect(records).toMatchObject([
      { sender: 'appsflyer', via: 'lambda', event: INSTALL },
      { sender: '050', via: 'lambda', event: CALL_FIELDS },
    ]);
  });

  test.each([`${FORM_TYPE}; charset=euc-kr`, FORM_TYPE])('a form in EUC-KR is read, sent as %s', async (type) => {
    const [record] = await streamed(() => post('/lambda/050', `memo=${KOREAN_MEMO}&vn=050712345678`, type));
    expect(record?.event).toEqual({ memo: '상담 완료', vn: '050712345678' });
  });

  test.each([
    ['{"a":', JSON_TYPE, 400, 'The body is not JSON.'],
    ['[]', JSON_TYPE, 400, 'The body must be a JSON object, not empty.'],
    ['', FORM_TYPE, 400, 'The form has no fields.'],
    ['a=1', 'text/plain', 415, 'Unsupported Media Type'],
    [JSON.stringify({ text: 'x'.repeat(MIB) }), JSON_TYPE, 400, 'The event must have at most 1 MiB.'],
  ])('the body %#, as %s, is answered with %d', async (body, type, status, message) => {
    const records = await streamed(async () => {
      expect(await post('/lambda/appsflyer', body, type)).toEqual({ status, text: JSON.stringify({ message }) });
    });
    expect(records).toEqual([]);
  });
});

describe('through a function that nobody waits for', () => {
  test('the sender is answered at once, and what it sent is written', async () => {
    const answers: string[] = [];
    const records = await streamed(async () => {
      for (const [path, body, type] of [
        ['/async/appsflyer', JSON.stringify(INSTALL), JSON_TYPE],
        ['/async/050', `memo=${KOREAN_MEMO}`, `${FORM_TYPE}; charset=euc-kr`],
      ] as const) {
        const { status, text } = await post(path, body, type);
        expect(status).toBe(202);
        answers.push(JSON.parse(text).request_id);
        const count = answers.length;
        await vi.waitFor(async () => expect((await lines()).filter(isAsync)).toHaveLength(count), { timeout: 10_000 });
      }
    });
    expect(records).toMatchObject([
      { sender: 'appsflyer', via: 'async', request_id: answers[0], event: INSTALL },
      { sender: '050', via: 'async', request_id: answers[1], event: { memo: '상담 완료' } },
    ]);
  });

  test('what three runs could not write is in the queue of failures', async () => {
    await aws.clock.travelTo(Date.parse('2022-01-27T00:00:00Z'));
    const QueueUrl = webhooks.outputs.AsyncFailuresUrl;
    const body = await withKinesis(500, 'InternalFailureException', async () => {
      expect(await post('/async/appsflyer', JSON.stringify(INSTALL), JSON_TYPE)).toMatchObject({ status: 202 });
      await aws.clock.advance(600_000);
      const { Messages: [message] = [] } = await aws.edge.access
        .client(SQSClient)
        .send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0 }));
      return JSON.parse(message?.Body ?? 'null');
    });
    expect(body).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: { sender: 'appsflyer', content_type: JSON_TYPE, body: JSON.stringify(INSTALL) },
      responsePayload: { errorType: 'Refusal', errorMessage: 'Service Unavailable' },
    });
  });
});

const isAsync = (line: string) => line.includes('"via":"async"');

test.each(['gateway', 'lambda', 'async', 'signed'])('nobody chooses the shard, on the way %s', async (way) => {
  const path = way === 'gateway' ? '/appsflyer' : `/${way}/appsflyer`;
  const id = randomUUID();
  const before = (await stored()).length;
  for (const [index, type] of [JSON_TYPE, JSON_TYPE, FORM_TYPE, FORM_TYPE].entries()) {
    const body = type === JSON_TYPE ? JSON.stringify({ index }) : `index=${index}`;
    const answer = await post(path, body, { ...signed(body), 'content-type': type, 'X-Amzn-RequestId': id });
    expect(answer.status).toBe(way === 'async' ? 202 : 200);
  }
  await vi.waitFor(async () => expect(await stored()).toHaveLength(before + 4), { timeout: 10_000 });
  const records = (await stored()).slice(before);
  expect(records.map(({ text }) => readRecord(text)?.request_id)).toEqual([id, id, id, id]);
  expect(new Set([id, ...records.map(({ key }) => key)]).size).toBe(5);
});

/** The headers of a message that is signed. */
function signed(body: string | Uint8Array, secret = SECRETS[1] ?? '', timestamp = Math.floor(Date.now() / 1000)) {
  return {
    'content-type': JSON_TYPE,
    'x-signature-timestamp': `${timestamp}`,
    'x-signature': `sha256=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`,
  };
}

describe('signed', () => {
  test('a message is taken with the new secret and with the old one', async () => {
    const records = await streamed(async () => {
      for (const [index, secret] of SECRETS.entries()) {
        const body = JSON.stringify({ ...INSTALL, index });
        expect(await post('/signed/appsflyer', body, signed(body, secret))).toEqual(RECEIPT);
      }
    });
    expect(records).toMatchObject([
      { sender: 'appsflyer', via: 'signed', event: { ...INSTALL, index: 0 } },
      { sender: 'appsflyer', via: 'signed', event: { ...INSTALL, index: 1 } },
    ]);
  });

  test('a message that comes again is answered as the first time and written once, and not used up by a copy that came before it', async () => {
    const body = JSON.stringify({ ...INSTALL, text: '상담' });
    const headers = signed(body);
    const records = await streamed(async () => {
      expect(await post('/signed/adbrix', body, headers)).toEqual(RECEIPT);
      expect(await post('/signed/appsflyer', body, { ...headers, 'content-type': FORM_TYPE })).toEqual(RECEIPT);
      const first = await post('/signed/appsflyer', body, headers);
      expect(first).toEqual(RECEIPT);
      expect(await post('/signed/appsflyer', body, headers)).toEqual(first);
    });
    expect(records).toHaveLength(3);
    expect(records[2]).toMatchObject({ sender: 'appsflyer', event: { ...INSTALL, text: '상담' } });
  });

  test('a message of which nobody knows whether it was written is written when it comes again', async () => {
    const body = JSON.stringify({ ...INSTALL, attempt: 'interrupted' });
    const headers = signed(body);
    const records = await streamed(async () => {
      const failed = await withKinesis(500, 'InternalFailureException', () => post('/signed/appsflyer', body, headers));
      expect(failed.status).toBe(503);
      expect(await post('/signed/appsflyer', body, headers)).toEqual(RECEIPT);
    });
    expect(records).toHaveLength(1);
  });

  test('nothing is written while nobody can say whether it was written before', async () => {
    const body = JSON.stringify({ ...INSTALL, attempt: 'without S3' });
    const undo = aws.edge.use(async (request, { service }, next) =>
      service === 's3' ? { status: 503, headers: {}, body: '' } : next(request),
    );
    const records = await streamed(async () => {
      const answer = await post('/signed/appsflyer', body, signed(body)).finally(undo);
      expect(answer).toEqual({ status: 503, text: '{"message":"Service Unavailable"}' });
    });
    expect(records).toEqual([]);
  });

  test.each([
    ['without a signature', () => ({ 'content-type': JSON_TYPE }), 'The header X-Signature-Timestamp is missing.'],
    [
      'signed with another secret',
      (body: string) => signed(body, 'a-secret-of-another-house'),
      'The signature is wrong.',
    ],
    ['whose body was changed', (body: string) => signed(`${body} `), 'The signature is wrong.'],
    [
      'that was long under way',
      (body: string) => signed(body, SECRETS[1], Math.floor(Date.now() / 1000) - 302),
      'X-Signature-Timestamp is more than 300 seconds from now.',
    ],
  ])('a message %s is answered with 401', async (_what, headers, message) => {
    const body = JSON.stringify(INSTALL);
    const records = await streamed(async () => {
      const answer = await post('/signed/appsflyer', body, headers(body));
      expect(answer).toEqual({ status: 401, text: JSON.stringify({ message }) });
    });
    expect(records).toEqual([]);
  });
});

test.each([
  ['/appsflyer', 10 * MIB + 1],
  ['/lambda/appsflyer', 6 * MIB],
  ['/signed/appsflyer', 6 * MIB],
  ['/async/appsflyer', MIB],
])('%s answers 413 to %d bytes and some, and nothing is written', async (path, length) => {
  const records = await streamed(async () => {
    const body = JSON.stringify({ text: 'x'.repeat(length) });
    expect(await post(path, body, JSON_TYPE)).toEqual({ status: 413, text: '{"message":"Request Too Long"}' });
  });
  expect(records).toEqual([]);
});

test('what is in the stream comes into S3, line by line, and into OpenSearch, in an index of the day', async () => {
  await aws.clock.travelTo(Date.parse('2022-01-31T15:00:00Z'));
  const events = [
    { ...INSTALL, event_revenue: '1000.5' },
    { ...INSTALL, event_value: { price: 1000 }, event_revenue: 'none' },
    { event_name: 'purchase', event_value: ['x'.repeat(40_000)], event_revenue: 10 },
    { event_name: { ko: '설치' } },
  ];
  for (const event of events) {
    expect(await post('/events/shop', JSON.stringify(event), JSON_TYPE)).toEqual(RECEIPT);
  }
  await aws.clock.advance(300_000);
  const stored = (await storedBelow('rawdata/2022/01/31/15/'))
    .trimEnd()
    .split('\n')
    .map(readRecord)
    .filter((record) => record?.sender === 'shop');
  expect(stored.map((record) => record?.event)).toEqual(events);

  const domain = `http://${webhooks.outputs.DomainEndpoint}`;
  await fetch(`${domain}/_refresh`, { method: 'POST' });
  const { hits, aggregations } = (await search(`${domain}/webhooks-2022-01-31/_search`, {
    query: { term: { sender: 'shop' } },
    sort: ['received_at', 'event.event_name'],
    aggs: {
      names: { terms: { field: 'event.event_name' } },
      revenue: { sum: { field: 'event.event_revenue' } },
    },
  })) as { hits: { hits: { _source: unknown }[] }; aggregations: unknown };
  expect(hits.hits.map(({ _source }) => _source)).toEqual(stored.slice(0, 3));
  expect(aggregations).toMatchObject({
    names: {
      buckets: [
        { key: 'install', doc_count: 2 },
        { key: 'purchase', doc_count: 1 },
      ],
    },
    revenue: { value: 1010.5 },
  });
  const [failed] = (await storedBelow('failed_'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(JSON.parse(Buffer.from(failed.rawData, 'base64').toString()).event).toEqual(events[3]);
});

async function storedBelow(Prefix: string): Promise<string> {
  const s3 = aws.edge.access.client(S3Client);
  const Bucket = webhooks.outputs.BucketName;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  const texts = await Promise.all(
    Contents.map(async ({ Key }) => (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()),
  );
  return texts.join('');
}

async function search(url: string, body: object): Promise<unknown> {
  const headers = { 'content-type': JSON_TYPE };
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json();
}

test('with a truststore the API has no address but its domain name', async () => {
  const s3 = aws.edge.access.client(S3Client);
  const Bucket = webhooks.outputs.BucketName;
  const { pem } = await certify('CN=authority of the senders', aws.clock.now(), { ca: true });
  await s3.send(new PutObjectCommand({ Bucket, Key: 'truststore.pem', Body: pem }));
  const closed = await make('closed', {
    Search: 'false',
    DomainName: 'hooks.example.com',
    CertificateArn: 'arn:aws:acm:ap-northeast-2:000000000000:certificate/11111111-2222-3333-4444-555555555555',
    TruststoreUri: `s3://${Bucket}/truststore.pem`,
  });
  expect(closed.outputs).toMatchObject({ Url: 'https://hooks.example.com', ApiDomainTarget: expect.any(String) });
  expect(closed.outputs).not.toHaveProperty('DomainEndpoint');
  const around = await fetch(`${aws.url}/_aws/execute-api/${closed.outputs.ApiId}/PROD/appsflyer`, {
    method: 'POST',
    body: JSON.stringify(INSTALL),
    headers: { 'content-type': JSON_TYPE },
  });
  expect([around.status, await around.text()]).toEqual([403, '{"message":"Forbidden"}']);
  await closed.undeploy();
});
