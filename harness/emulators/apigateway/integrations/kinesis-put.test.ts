import { afterEach, expect, test } from 'vitest';
import type { InternalRequest, InternalResponse } from '../../../edge/emulator.ts';
import { deploy, json, KINESIS, type TestGateway, testGateway } from '../testing.ts';

let gateway: TestGateway;
afterEach(() => gateway.clock.close());

interface Put {
  readonly operation: string;
  readonly records: string[];
  readonly headers: Readonly<Record<string, string>>;
}

const textOf = ({ Data }: { Data: string }) => Buffer.from(Data, 'base64').toString();

/** Answers a batch: each record with its own data as sequence number, or with what `failure` says of it. */
function kinesis(failure: (text: string) => object | undefined = () => undefined) {
  const puts: Put[] = [];
  const send = async ({ headers, body }: InternalRequest): Promise<InternalResponse> => {
    const operation = String(headers['x-amz-target']).split('.').at(-1) ?? '';
    const input = JSON.parse(String(body));
    const records = (input.Records ?? [input]).map(textOf) as string[];
    puts.push({ operation, records, headers });
    await new Promise((resolve) => setImmediate(resolve));
    const results = records.map(
      (text) => failure(text) ?? { SequenceNumber: text, ShardId: 'shardId-000000000000', EncryptionType: 'NONE' },
    );
    if (operation === 'PutRecord') {
      const [result] = results as [{ ErrorCode?: string; ErrorMessage?: string }];
      return result.ErrorCode
        ? json(400, { __type: result.ErrorCode, message: result.ErrorMessage })
        : json(200, result);
    }
    return json(200, { FailedRecordCount: 0, Records: results });
  };
  return { puts, send };
}

/** Refuses every batch for something in it, and leaves single records to `send`. */
function refusingBatches(send: (request: InternalRequest) => Promise<InternalResponse>) {
  return (request: InternalRequest) =>
    String(request.headers['x-amz-target']).endsWith('PutRecords')
      ? json(400, { __type: 'ValidationException', message: '1 validation error detected' })
      : send(request);
}

/** A body that is a bare word, which templates see as a string. */
const word = (n: number) => `w${n}`;
const RESPONSES = {
  methodResponses: [{ statusCode: '200' }, { statusCode: '400' }, { statusCode: '500' }],
  integrationResponses: [
    { statusCode: '200', selectionPattern: '200' },
    { statusCode: '400', selectionPattern: '4\\d{2}' },
    { statusCode: '500', selectionPattern: '5\\d{2}' },
  ],
};
const TEMPLATE = '{"StreamName":"ingest","Data":"$util.base64Encode($input.body)","PartitionKey":"$input.body"}';
const plan = { integration: { ...KINESIS, requestTemplates: { 'application/json': TEMPLATE } }, ...RESPONSES };
const post = (url: string, body: string) => gateway.invoke(url, { body });

test('of 1,200 posts at once each gets its own sequence number, in a handful of calls of at most 500', async () => {
  const { puts, send } = kinesis();
  gateway = testGateway(send);
  const { url } = await deploy(gateway, plan);
  const answers = await Promise.all(Array.from({ length: 1200 }, (_none, n) => post(url, word(n))));
  const expected = answers.map((_answer, n) => `{"SequenceNumber":"${word(n)}","ShardId":"shardId-000000000000"}`);
  expect(answers.map(({ body }) => body)).toEqual(expected);
  expect(puts.length).toBeLessThan(8);
  expect(Math.max(...puts.map(({ records }) => records.length))).toBe(500);
  expect(puts.every(({ headers }) => headers['x-naetmul-observed'] === 'no')).toBe(true);
  expect(puts.every(({ headers }) => headers['x-naetmul-gathered'] === 'PutRecord')).toBe(true);
});

test("a record's own failure goes to its own caller, in PutRecord's shape", async () => {
  const failure = {
    ErrorCode: 'ProvisionedThroughputExceededException',
    ErrorMessage: 'Rate exceeded for shard shardId-000000000000 in stream ingest under account 123456789012.',
  };
  const { send } = kinesis((text) => (text === 'w3' ? failure : undefined));
  gateway = testGateway(send);
  const { url } = await deploy(gateway, plan);
  const answers = await Promise.all(Array.from({ length: 8 }, (_none, n) => post(url, word(n))));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 400, 200, 200, 200, 200]);
  expect(answers[3]?.body).toBe(`{"__type":"${failure.ErrorCode}","message":"${failure.ErrorMessage}"}`);
  const refused = gateway.entries.filter(({ what }) => what === 'refused');
  expect(refused.map(({ where, detail }) => [where, detail?.error])).toEqual([
    ['kinesis/ingest', failure.ErrorCode],
    ['apigateway/ingest', undefined],
  ]);
  expect(gateway.entries.filter(({ what }) => what === 'accepted')).toHaveLength(7);
});

test('an internal failure of one record is answered with 500, and the ledger does not claim to know its fate', async () => {
  const { send } = kinesis((text) =>
    text === 'w1' ? { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal Service Failure' } : undefined,
  );
  gateway = testGateway(send);
  const { url } = await deploy(gateway, plan);
  const answers = await Promise.all([0, 2, 3, 1, 4].map((n) => post(url, word(n))));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 500, 200]);
  expect(gateway.entries.filter(({ what }) => what === 'unknown').map(({ where }) => where)).toEqual([
    'kinesis/ingest',
  ]);
});

test('a record that PutRecord would refuse by itself goes alone, and its neighbours are gathered', async () => {
  const { puts, send } = kinesis((text) =>
    text.length > 300 ? { ErrorCode: 'ValidationException', ErrorMessage: 'too long' } : undefined,
  );
  gateway = testGateway(send);
  const { url } = await deploy(gateway, plan);
  const bodies = ['w0', 'w1', 'w2', 'w3', `w${'x'.repeat(400)}`, 'w5', 'w6'];
  const answers = await Promise.all(bodies.map((body) => post(url, body)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 400, 200, 200]);
  expect(puts.filter(({ records }) => records.includes(bodies[4] as string)).map(({ operation }) => operation)).toEqual(
    ['PutRecord'],
  );
  expect(puts.find(({ records }) => records.includes('w6'))?.records).toEqual(['w5', 'w6']);
});

test('an error of the whole batch reaches every caller as PutRecord would have said it', async () => {
  const error = { __type: 'ResourceNotFoundException', message: 'Stream ingest under account 123456789012 not found.' };
  gateway = testGateway(() => json(400, error));
  const { url } = await deploy(gateway, plan);
  const answers = await Promise.all([0, 1, 2, 3].map((n) => post(url, word(n))));
  expect(answers.map(({ status, body }) => [status, body])).toEqual(Array(4).fill([400, JSON.stringify(error)]));
});

test('a record of which a batch says nothing is answered as one that failed', async () => {
  gateway = testGateway(() => json(200, { Records: [{ SequenceNumber: 'w0', ShardId: 'shardId-000000000000' }] }));
  const { url } = await deploy(gateway, plan);
  const answers = await Promise.all([0, 1].map((n) => post(url, word(n))));
  expect(answers.map(({ status }) => status)).toEqual([200, 500]);
  const ofKinesis = gateway.entries.filter(({ where }) => where === 'kinesis/ingest');
  expect(ofKinesis.map(({ what }) => what)).toEqual(['accepted', 'unknown']);
});

test('if Kinesis refuses a batch for something in it, each record is tried alone', async () => {
  const { puts, send } = kinesis();
  gateway = testGateway(refusingBatches(send));
  const { url } = await deploy(gateway, plan);
  const answers = await Promise.all([0, 1, 2, 3, 4].map((n) => post(url, word(n))));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(puts.map(({ records }) => records.length)).toEqual([1, 1, 1, 1, 1]);
});

test('of the records that are tried alone, one that loses its connection keeps the others from nothing', async () => {
  const { puts, send } = kinesis((text) => {
    if (text === 'w2') throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    return undefined;
  });
  gateway = testGateway(refusingBatches(send));
  const { url } = await deploy(gateway, plan);
  const answers = await Promise.all([0, 1, 2, 3, 4].map((n) => post(url, word(n))));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 500, 200, 200]);
  expect(puts.map(({ records }) => records)).toEqual([['w0'], ['w1'], ['w2'], ['w3'], ['w4']]);
  const ofKinesis = gateway.entries.filter(({ where }) => where === 'kinesis/ingest');
  expect(ofKinesis.map(({ what }) => what)).toEqual(['accepted', 'accepted', 'unknown', 'accepted', 'accepted']);
});

test('the default integration response makes a success of an error, which the ledger still knows', async () => {
  const error = { __type: 'ResourceNotFoundException', message: 'Stream ingest under account 123456789012 not found.' };
  gateway = testGateway(() => json(400, error));
  const { url } = await deploy(gateway, { integration: plan.integration });
  const { status, body } = await post(url, word(1));
  expect([status, body]).toEqual([200, JSON.stringify(error)]);
  expect(gateway.entries.map(({ where, what }) => `${what} ${where}`)).toEqual([
    'received apigateway/ingest',
    'refused kinesis/ingest',
  ]);
});

test('when the connection breaks nobody knows the outcome: the caller gets 500 and the ledger says unknown', async () => {
  gateway = testGateway(() => {
    throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  });
  const { url } = await deploy(gateway, plan);
  const { status, body, headers } = await post(url, word(1));
  expect([status, body]).toEqual([500, '{"message": "Internal server error"}']);
  expect(headers['x-amzn-ErrorType']).toBe('InternalServerErrorException');
  expect(gateway.entries.map(({ where, what }) => `${what} ${where}`)).toEqual([
    'received apigateway/ingest',
    'unknown kinesis/ingest',
    'unknown apigateway/ingest',
  ]);
});

test('when Kinesis is not there at all the record is refused for sure', async () => {
  gateway = testGateway(() => json(503, { __type: 'ServiceUnavailable', message: 'LocalStack is not running.' }));
  const { url } = await deploy(gateway, plan);
  expect((await post(url, word(1))).status).toBe(500);
  expect(gateway.entries.map(({ what }) => what)).toEqual(['received', 'refused', 'refused']);
});

test('a backend that answers too late leaves the caller with 504, and its acceptance is written down when it comes', async () => {
  const answer = Promise.withResolvers<InternalResponse>();
  gateway = testGateway(() => answer.promise);
  const { url } = await deploy(gateway, { ...plan, integration: { ...plan.integration, timeoutInMillis: 50 } });
  const { status, body } = await post(url, word(1));
  expect([status, body]).toEqual([504, '{"message": "Endpoint request timed out"}']);
  expect(gateway.entries.map(({ what }) => what)).toEqual(['received', 'unknown']);
  answer.resolve(json(200, { SequenceNumber: '7', ShardId: 'shardId-000000000000' }));
  await new Promise((resolve) => setImmediate(resolve));
  expect(gateway.entries.at(-1)).toMatchObject({ what: 'accepted', where: 'kinesis/ingest', cause: 1 });
});
