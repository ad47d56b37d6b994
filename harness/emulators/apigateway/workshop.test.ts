import { afterEach, expect, test } from 'vitest';
import {
  deploy,
  enableLogs,
  json,
  KINESIS,
  type TestGateway,
  testGateway,
  WORKSHOP_ANSWER,
  WORKSHOP_BODY,
  WORKSHOP_TIME,
} from './testing.ts';

/** The workshop's request, with an id of its own choice so that the log can be told line by line. */
const REQUEST_ID = '7d9b4f0c-9b1a-4f7e-8f55-0f3f3f3f3f3f';
const CURL = {
  headers: {
    Host: 'abc.execute-api.ap-northeast-2.amazonaws.com',
    'User-Agent': 'curl/7.79.1',
    Accept: '*/*',
    'Content-Type': 'application/json',
    'Content-Length': String(WORKSHOP_BODY.length),
    'x-amzn-RequestId': REQUEST_ID,
  },
  body: WORKSHOP_BODY,
};

/** As the stand-in for Kinesis answers: with a member that AWS does not send. */
const KINESIS_ANSWER = { ...JSON.parse(WORKSHOP_ANSWER), EncryptionType: 'NONE' };

let gateway: TestGateway;
afterEach(() => gateway.clock.close());

test("the workshop's curl gets exactly the sequence number and the shard id", async () => {
  gateway = testGateway(() => json(200, KINESIS_ANSWER));
  const { url } = await deploy(gateway, { integration: KINESIS });
  const { status, headers, body } = await gateway.invoke(url, CURL);
  expect(status).toBe(200);
  expect(body).toBe(WORKSHOP_ANSWER);
  expect(headers).toEqual({
    'x-amzn-RequestId': REQUEST_ID,
    'x-amz-apigw-id': expect.stringMatching(/^[A-Za-z0-9+/]{15}=$/),
    'Content-Type': 'application/json',
    'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
  });
});

test('the record that reaches Kinesis holds the body and is put with the operation of the integration', async () => {
  const sent: unknown[] = [];
  gateway = testGateway(({ service, region, headers, body }) => {
    sent.push({
      service,
      region,
      target: headers['x-amz-target'],
      type: headers['Content-Type'],
      ...JSON.parse(String(body)),
    });
    return json(200, KINESIS_ANSWER);
  });
  const { url } = await deploy(gateway, { integration: KINESIS });
  await gateway.invoke(url, CURL);
  expect(sent).toEqual([
    {
      service: 'kinesis',
      region: 'ap-northeast-2',
      target: 'Kinesis_20131202.PutRecord',
      type: 'application/x-amz-json-1.1',
      StreamName: 'ingest',
      Data: Buffer.from(WORKSHOP_BODY).toString('base64'),
      PartitionKey: REQUEST_ID,
    },
  ]);
});

test('the execution log has the lines of AWS in their order', async () => {
  gateway = testGateway(() => json(200, KINESIS_ANSWER, { 'x-amzn-requestid': 'kinesis-request' }));
  const { url, restApiId } = await deploy(gateway, { integration: KINESIS });
  await enableLogs(gateway, restApiId);
  await gateway.clock.travelTo(WORKSHOP_TIME);
  const { headers } = await gateway.invoke(url, CURL);
  const trace = headers['X-Amzn-Trace-Id'];
  const uri = 'https://kinesis.ap-northeast-2.amazonaws.com/?Action=PutRecord';
  const put = JSON.stringify({
    StreamName: 'ingest',
    Data: Buffer.from(WORKSHOP_BODY).toString('base64'),
    PartitionKey: REQUEST_ID,
  });
  expect(gateway.lines()).toEqual(
    [
      `Extended Request Id: ${headers['x-amz-apigw-id']}`,
      `Verifying Usage Plan for request: ${REQUEST_ID}. API Key:  API Stage: ${restApiId}/PROD`,
      "API Key  authorized because method 'POST /v1' does not require API Key. " +
        'Request will not contribute to throttle or quota limits',
      `Usage Plan check succeeded for API Key  and API Stage ${restApiId}/PROD`,
      `Starting execution for request: ${REQUEST_ID}`,
      'HTTP Method: POST, Resource Path: /v1',
      'Method request path: {}',
      'Method request query string: {}',
      'Method request headers: {Host=abc.execute-api.ap-northeast-2.amazonaws.com, User-Agent=curl/7.79.1, ' +
        `Accept=*/*, Content-Type=application/json, x-amzn-RequestId=${REQUEST_ID}, X-Amzn-Trace-Id=${trace}, ` +
        'X-Forwarded-For=127.0.0.1, X-Forwarded-Port=443, X-Forwarded-Proto=https}',
      `Method request body before transformations: ${WORKSHOP_BODY}`,
      `Endpoint request URI: ${uri}`,
      'Endpoint request headers: {Content-Type=application/x-amz-json-1.1, Accept=application/json, ' +
        `User-Agent=AmazonAPIGateway_${restApiId}, X-Amzn-Trace-Id=${trace}}`,
      `Endpoint request body after transformations: ${put}`,
      `Sending request to ${uri}`,
      'Received response. Status: 200, Integration latency: 0 ms',
      'Endpoint response headers: {content-type=application/x-amz-json-1.1, x-amzn-requestid=kinesis-request}',
      `Endpoint response body before transformations: ${WORKSHOP_ANSWER}`,
      `Method response body after transformations: ${WORKSHOP_ANSWER}`,
      `Method response headers: {X-Amzn-Trace-Id=${trace}, Content-Type=application/json}`,
      'Successfully completed execution',
      'Method completed with status: 200',
      'AWS Integration Endpoint RequestId : kinesis-request',
    ].map((line) => `(${REQUEST_ID}) ${line}`),
  );
  const [first] = gateway.logs;
  expect(first?.group).toBe(`API-Gateway-Execution-Logs_${restApiId}/PROD`);
  expect(first?.stream).toMatch(/^[0-9a-f]{32}$/);
  expect(first?.event.timestamp).toBe(WORKSHOP_TIME);
});

test('the ledger tells received and accepted, the latter because of the former', async () => {
  gateway = testGateway(() => json(200, KINESIS_ANSWER));
  const { url } = await deploy(gateway, { integration: KINESIS });
  await gateway.invoke(url, CURL);
  expect(gateway.entries).toEqual([
    expect.objectContaining({ n: 1, where: 'apigateway/ingest', what: 'received', ids: [`request//${REQUEST_ID}`] }),
    {
      n: 2,
      where: 'kinesis/ingest',
      what: 'accepted',
      ids: [`record/ingest/${KINESIS_ANSWER.SequenceNumber}`],
      cause: 1,
      detail: { shardId: 'shardId-000000000000' },
    },
  ]);
});

test('metrics count a request by API, by stage and, if asked, by method', async () => {
  gateway = testGateway(() => json(200, KINESIS_ANSWER));
  const { url, restApiId } = await deploy(gateway, { integration: KINESIS });
  await gateway.invoke(url, CURL);
  await enableLogs(gateway, restApiId);
  await gateway.invoke(url, { ...CURL, headers: { 'Content-Type': 'text/plain' } });
  const counted = (metric: string) =>
    gateway.samples
      .filter((sample) => sample.metric === `AWS/ApiGateway ${metric}`)
      .map(({ dimensions, value }) => `${dimensions} ${value}`);
  const both = ['ApiName=ingest', 'ApiName=ingest,Stage=PROD'];
  const detailed = 'ApiName=ingest,Stage=PROD,Method=POST,Resource=/v1';
  expect(counted('Count')).toEqual([...both, ...both, detailed].map((dimensions) => `${dimensions} 1`));
  expect(counted('4XXError')).toEqual([
    ...both.map((name) => `${name} 0`),
    ...both.map((name) => `${name} 1`),
    `${detailed} 1`,
  ]);
  expect(counted('5XXError')).toHaveLength(5);
  expect(counted('IntegrationLatency')).toHaveLength(2);
});
