import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  APIGatewayClient,
  CreateBasePathMappingCommand,
  CreateDeploymentCommand,
  CreateDomainNameCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  PutGatewayResponseCommand,
  PutIntegrationCommand,
  type PutIntegrationRequest,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { CreateDeliveryStreamCommand, DescribeDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestAws, testAws } from '../../../deploy/testing.ts';
import { zipOf } from '../../lambda/testing.ts';
import { REGION, ROLE } from '../testing.ts';

const ACCOUNT = '000000000000';
const STAGE = 'PROD';
const FORM = 'application/x-www-form-urlencoded';

/** Does what the request tells it to. */
const TOLD = `
export const handler = async (event) => {
  const { answer, fail, sleepMs } = JSON.parse(event.body ?? '{}');
  if (fail) throw new Error(fail);
  if (sleepMs) await new Promise((resolve) => setTimeout(resolve, sleepMs));
  return answer ?? { statusCode: 200, body: JSON.stringify(event) };
};
`;

let aws: TestAws;
let apis: APIGatewayClient;
let restApiId: string;
let rootId: string;
let backend: Server;
const seen: {
  method?: string | undefined;
  url?: string | undefined;
  headers: Record<string, unknown>;
  body: string;
}[] = [];

type Plan = Omit<PutIntegrationRequest, 'restApiId' | 'resourceId' | 'httpMethod'> & {
  readonly method?: string;
  /** Header names that the integration's answer passes on. */
  readonly passes?: readonly string[];
};

/** A method at `/<pathPart>`. Custom integrations get a default response. */
async function method(pathPart: string, { method: httpMethod = 'POST', passes = [], ...plan }: Plan): Promise<void> {
  const { id: resourceId } = await apis.send(new CreateResourceCommand({ restApiId, parentId: rootId, pathPart }));
  const at = { restApiId, resourceId, httpMethod };
  await apis.send(new PutMethodCommand({ ...at, authorizationType: 'NONE' }));
  await apis.send(new PutIntegrationCommand({ ...at, ...plan }));
  if (plan.type?.endsWith('PROXY')) return;
  const headers = passes.map((name) => [`method.response.header.${name}`, `integration.response.header.${name}`]);
  const responseParameters = Object.fromEntries(headers);
  const declared = Object.fromEntries(headers.map(([name]) => [name, true]));
  await apis.send(new PutMethodResponseCommand({ ...at, statusCode: '200', responseParameters: declared }));
  await apis.send(new PutMethodResponseCommand({ ...at, statusCode: '400' }));
  await apis.send(new PutIntegrationResponseCommand({ ...at, statusCode: '200', responseParameters }));
  await apis.send(new PutIntegrationResponseCommand({ ...at, statusCode: '400', selectionPattern: '[45]\\d{2}' }));
}

const service = (rest: string): Plan => ({
  type: 'AWS',
  credentials: ROLE,
  integrationHttpMethod: 'POST',
  uri: `arn:aws:apigateway:${REGION}:${rest}`,
});
const json = (template: string, version = '1.1') => ({
  requestParameters: { 'integration.request.header.Content-Type': `'application/x-amz-json-${version}'` },
  requestTemplates: { 'application/json': template },
});
const form = (template: string) => ({
  requestParameters: { 'integration.request.header.Content-Type': `'${FORM}'` },
  requestTemplates: { 'application/json': template },
});
const functionUri = (name: string) =>
  `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/` +
  `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}/invocations`;
const lambda = (more: Partial<Plan> = {}): Plan => ({
  type: 'AWS_PROXY',
  method: 'ANY',
  integrationHttpMethod: 'POST',
  uri: functionUri('told'),
  ...more,
});

beforeAll(async () => {
  aws = await testAws('integrations');
  const { access } = aws.edge;
  apis = access.client(APIGatewayClient, REGION);
  const functions = access.client(LambdaClient, REGION);
  for (const FunctionName of ['told', 'closed']) {
    await functions.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: ROLE,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Timeout: 10,
        Code: { ZipFile: zipOf({ name: 'index.mjs', content: TOLD }) },
      }),
    );
  }
  await access.client(KinesisClient, REGION).send(new CreateStreamCommand({ StreamName: 'brook', ShardCount: 1 }));
  await waitUntilStreamExists(
    { client: access.client(KinesisClient, REGION), maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
    { StreamName: 'brook' },
  );
  const s3 = access.client(S3Client, REGION);
  await s3.send(
    new CreateBucketCommand({ Bucket: 'brook', CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );
  await access.client(SQSClient, REGION).send(new CreateQueueCommand({ QueueName: 'brook' }));
  const firehose = access.client(FirehoseClient, REGION);
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: 'brook',
      ExtendedS3DestinationConfiguration: { RoleARN: ROLE, BucketARN: 'arn:aws:s3:::brook' },
    }),
  );
  backend = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request
      .on('data', (chunk) => chunks.push(chunk))
      .on('end', () => {
        const { method, url, headers } = request;
        seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
        response.writeHead(201, { 'Content-Type': 'text/plain', Server: 'brook', 'Set-Cookie': ['a=1', 'b=2'] });
        response.end('made');
      });
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));

  const api = await apis.send(
    new CreateRestApiCommand({
      name: 'integrations',
      endpointConfiguration: { types: ['REGIONAL'] },
      binaryMediaTypes: ['image/png'],
    }),
  );
  restApiId = api.id ?? '';
  rootId = api.rootResourceId ?? '';
  await functions.send(
    new AddPermissionCommand({
      FunctionName: 'told',
      StatementId: 'api',
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: `arn:aws:execute-api:${REGION}:${ACCOUNT}:${restApiId}/*`,
    }),
  );
  const record = '{"Data": "$util.base64Encode($input.body)", "PartitionKey": "p"}';
  const data = '{"Data": "$util.base64Encode($input.body)"}';
  await method('kinesis', {
    ...service('kinesis:action/PutRecords'),
    ...json(`{"StreamName": "brook", "Records": [${record}, ${record}]}`),
  });
  await method('firehose', {
    ...service('firehose:action/PutRecord'),
    ...json(`{"DeliveryStreamName": "brook", "Record": ${data}}`),
  });
  await method('sqs-action', {
    ...service('sqs:action/SendMessage'),
    ...form(
      `QueueUrl=$util.urlEncode('http://sqs.${REGION}.localhost/${ACCOUNT}/brook')&MessageBody=$util.urlEncode($input.body)` +
        '&MessageAttribute.1.Name=from&MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=api',
    ),
  });
  await method('sqs-plural', {
    ...service('sqs:action/SendMessage'),
    ...form(
      `QueueUrl=$util.urlEncode('http://sqs.${REGION}.localhost/${ACCOUNT}/brook')&MessageBody=$util.urlEncode($input.body)` +
        '&MessageAttributes.1.Name=from&MessageAttributes.1.Value.DataType=String&MessageAttributes.1.Value.StringValue=api',
    ),
  });
  await method('sqs-path', {
    ...service(`sqs:path/${ACCOUNT}/brook`),
    ...form('Action=SendMessage&MessageBody=$util.urlEncode($input.body)'),
  });
  const keyed = {
    requestParameters: {
      'integration.request.path.key': 'method.request.path.key',
      'integration.request.header.Content-Type': 'method.request.header.Content-Type',
    },
  };
  await method('{key}', {
    ...service('s3:path/brook/{key}'),
    ...keyed,
    method: 'ANY',
    integrationHttpMethod: 'ANY',
    passes: ['Content-Type', 'ETag'],
  });
  await method('s3-host', {
    ...service('brook.s3:path/by-host.txt'),
    method: 'PUT',
    integrationHttpMethod: 'PUT',
  });
  await method('topic', {
    ...service('sns:action/CreateTopic'),
    requestParameters: { 'integration.request.querystring.Name': "'brook'" },
  });
  await method('machines', { ...service('states:action/ListStateMachines'), ...json('{}', '1.0') });
  await method('told', lambda());
  await method('told-briefly', lambda({ timeoutInMillis: 300 }));
  await method('closed', lambda({ uri: functionUri('closed') }));
  await method('backend', {
    type: 'HTTP_PROXY',
    method: 'ANY',
    integrationHttpMethod: 'ANY',
    uri: `http://127.0.0.1:${(backend.address() as AddressInfo).port}/echo`,
  });
  await cors('cors');
  await apis.send(
    new PutGatewayResponseCommand({
      restApiId,
      responseType: 'DEFAULT_4XX',
      responseParameters: { 'gatewayresponse.header.Access-Control-Allow-Origin': "'*'" },
    }),
  );
  await apis.send(new CreateDeploymentCommand({ restApiId, stageName: STAGE }));
});

/** What the console's "Enable CORS" makes of a resource. */
async function cors(pathPart: string): Promise<void> {
  const { id: resourceId } = await apis.send(new CreateResourceCommand({ restApiId, parentId: rootId, pathPart }));
  const at = { restApiId, resourceId, httpMethod: 'OPTIONS' };
  const values = {
    'method.response.header.Access-Control-Allow-Headers':
      "'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token'",
    'method.response.header.Access-Control-Allow-Methods': "'OPTIONS,POST'",
    'method.response.header.Access-Control-Allow-Origin': "'*'",
  };
  const declared = Object.fromEntries(Object.keys(values).map((name) => [name, false]));
  await apis.send(new PutMethodCommand({ ...at, authorizationType: 'NONE' }));
  await apis.send(
    new PutMethodResponseCommand({
      ...at,
      statusCode: '200',
      responseParameters: declared,
      responseModels: { 'application/json': 'Empty' },
    }),
  );
  await apis.send(
    new PutIntegrationCommand({
      ...at,
      type: 'MOCK',
      requestTemplates: { 'application/json': '{"statusCode": 200}' },
    }),
  );
  await apis.send(new PutIntegrationResponseCommand({ ...at, statusCode: '200', responseParameters: values }));
}

afterAll(async () => {
  backend?.closeAllConnections();
  backend?.close();
  await aws?.[Symbol.asyncDispose]();
});

const call = (path: string, init: RequestInit = {}) =>
  fetch(`${aws.url}/_aws/execute-api/${restApiId}/${STAGE}/${path}`, { method: 'POST', ...init });

async function send(path: string, body: string): Promise<{ status: number; text: string }> {
  const answer = await call(path, { body, headers: { 'Content-Type': 'application/json' } });
  return { status: answer.status, text: await answer.text() };
}

describe('an AWS integration with', () => {
  test('Kinesis puts several records at once', async () => {
    const { status, text } = await send('kinesis', '{"n":1}');
    expect([status, JSON.parse(text).FailedRecordCount]).toEqual([200, 0]);
    const kinesis = aws.edge.access.client(KinesisClient, REGION);
    const { ShardIterator } = await kinesis.send(
      new GetShardIteratorCommand({
        StreamName: 'brook',
        ShardId: 'shardId-000000000000',
        ShardIteratorType: 'TRIM_HORIZON',
      }),
    );
    const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records.map(({ Data }) => Buffer.from(Data ?? []).toString())).toEqual(['{"n":1}', '{"n":1}']);
  });

  test('Firehose puts a record', async () => {
    const firehose = aws.edge.access.client(FirehoseClient, REGION);
    await expect
      .poll(async () => {
        const command = new DescribeDeliveryStreamCommand({ DeliveryStreamName: 'brook' });
        return (await firehose.send(command)).DeliveryStreamDescription?.DeliveryStreamStatus;
      })
      .toBe('ACTIVE');
    const { status, text } = await send('firehose', '{"n":1}');
    expect([status, JSON.parse(text)]).toEqual([200, { RecordId: expect.any(String), Encrypted: false }]);
  });

  test.each(['sqs-action', 'sqs-plural', 'sqs-path'])('SQS sends a message (%s)', async (path) => {
    const { status, text } = await send(path, `{"by":"${path}"}`);
    expect([status, JSON.parse(text)]).toEqual([
      200,
      {
        SendMessageResponse: {
          ResponseMetadata: { RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
          SendMessageResult: {
            MD5OfMessageAttributes: path === 'sqs-path' ? null : expect.stringMatching(/^[0-9a-f]{32}$/),
            MD5OfMessageBody: expect.stringMatching(/^[0-9a-f]{32}$/),
            MD5OfMessageSystemAttributes: null,
            MessageId: expect.any(String),
            SequenceNumber: null,
          },
        },
      },
    ]);
    const sqs = aws.edge.access.client(SQSClient, REGION);
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: `${aws.url}/${ACCOUNT}/brook`,
        WaitTimeSeconds: 5,
        MessageAttributeNames: ['All'],
      }),
    );
    expect(Messages.map(({ Body }) => Body)).toEqual([`{"by":"${path}"}`]);
    expect(Messages[0]?.MessageAttributes?.from?.StringValue).toBe(path === 'sqs-path' ? undefined : 'api');
  });

  test('S3 keeps and gives bytes under the key in the path', async () => {
    const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00]);
    const headers = { 'Content-Type': 'image/png', Accept: 'image/png' };
    const put = await call('photo.png', { method: 'PUT', headers, body: png });
    expect([put.status, put.headers.get('etag')]).toEqual([200, expect.stringMatching(/^"[0-9a-f]{32}"$/)]);
    const got = await call('photo.png', { method: 'GET', headers });
    expect(got.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await got.arrayBuffer())).toEqual(png);
    const text = await call('photo.png', { method: 'GET', headers: { Accept: 'text/html' } });
    expect(await text.text()).toBe(png.toString('base64'));
    const none = await call('none.png', { method: 'GET' });
    expect([none.status, await none.text()]).toEqual([400, expect.stringContaining('<Code>NoSuchKey</Code>')]);
  });

  test('S3 takes the bucket in front of the service', async () => {
    expect((await call('s3-host', { method: 'PUT', body: 'text' })).status).toBe(200);
    const s3 = aws.edge.access.client(S3Client, REGION);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'brook', Key: 'by-host.txt' }));
    expect(await Body?.transformToString()).toBe('text');
  });

  test.each([
    ['topic', '"TopicArn":"arn:aws:sns:ap-northeast-2:000000000000:brook"'],
    ['machines', '{"stateMachines'],
  ])('another service of LocalStack (%s)', async (path, part) => {
    const { status, text } = await send(path, '{}');
    expect([status, text.replaceAll(' ', '')]).toEqual([200, expect.stringContaining(part)]);
  });
});

describe('a Lambda proxy', () => {
  const told = async (what: object) => await send('told', JSON.stringify(what));
  const INTERNAL = '{"message": "Internal server error"}';

  test('hands a real function the request, and its answer back', async () => {
    const answer = await call('told?a=1&a=2', {
      method: 'PATCH',
      body: '{"on":"냇물"}',
      headers: { 'X-Custom': 'kept', 'Content-Type': 'application/json' },
    });
    const event = (await answer.json()) as { headers: object; requestContext: { requestId: string } };
    expect(event).toMatchObject({
      resource: '/told',
      path: '/told',
      httpMethod: 'PATCH',
      queryStringParameters: { a: '2' },
      multiValueQueryStringParameters: { a: ['1', '2'] },
      pathParameters: null,
      stageVariables: null,
      body: '{"on":"냇물"}',
      isBase64Encoded: false,
      requestContext: { apiId: restApiId, stage: STAGE, resourcePath: '/told', path: '/PROD/told' },
    });
    expect(event.requestContext.requestId).toBe(answer.headers.get('x-amzn-requestid'));
    const names = Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value]);
    expect(Object.fromEntries(names)).toMatchObject({ 'x-custom': 'kept', 'x-forwarded-proto': 'https' });
    expect(answer.headers.get('content-type')).toBe('application/json');
  });

  test('passes several headers of one name and bytes', async () => {
    const answer = {
      statusCode: 201,
      multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
      headers: { 'Content-Type': 'image/png' },
      body: Buffer.from([1, 255]).toString('base64'),
      isBase64Encoded: true,
    };
    const got = await call('told', { body: JSON.stringify({ answer }), headers: { Accept: 'image/png' } });
    expect([got.status, got.headers.getSetCookie()]).toEqual([201, ['a=1', 'b=2']]);
    expect(Buffer.from(await got.arrayBuffer())).toEqual(Buffer.from([1, 255]));
  });

  test.each([
    ['fails', { fail: 'out of water' }],
    ['answers something else', { answer: { message: 'no proxy' } }],
  ])('answers 502 when the function %s', async (_what, what) => {
    expect(await told(what)).toEqual({ status: 502, text: INTERNAL });
  });

  test('answers 504 when the function takes longer than the integration waits', async () => {
    const body = JSON.stringify({ sleepMs: 1500 });
    expect(await send('told-briefly', body)).toEqual({
      status: 504,
      text: '{"message": "Endpoint request timed out"}',
    });
  });

  test('answers 500 when the function does not let the API in', async () => {
    expect(await send('closed', '{}')).toEqual({ status: 500, text: INTERNAL });
  });

  test('tells the function the path that a client of a custom domain name knows', async () => {
    const domainName = 'api.brook.example';
    await apis.send(
      new CreateDomainNameCommand({
        domainName,
        regionalCertificateArn: `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/11111111-1111-1111-1111-111111111111`,
        endpointConfiguration: { types: ['REGIONAL'] },
      }),
    );
    await apis.send(new CreateBasePathMappingCommand({ domainName, basePath: 'v2', restApiId, stage: STAGE }));
    const { hostname, port } = new URL(aws.url);
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const { request } = await import('node:http');
    request({ hostname, port, path: '/v2/told', headers: { Host: domainName } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks).toString()));
    })
      .on('error', reject)
      .end();
    expect(JSON.parse(await promise)).toMatchObject({
      path: '/v2/told',
      requestContext: { path: '/v2/told', domainName, domainPrefix: 'api' },
    });
  });
});

describe('an HTTP proxy', () => {
  test('stands between a client and a server', async () => {
    const answer = await call('backend?q=%EB%83%87', { method: 'PUT', body: 'body', headers: { 'X-Custom': 'kept' } });
    expect([answer.status, await answer.text()]).toEqual([201, 'made']);
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(answer.headers.get('x-amzn-remapped-server')).toBe('brook');
    expect(answer.headers.get('server')).toBeNull();
    expect(answer.headers.get('x-amzn-trace-id')).toBeNull();
    expect(seen.at(-1)).toMatchObject({
      method: 'PUT',
      url: '/echo?q=%EB%83%87',
      body: 'body',
      headers: { 'x-custom': 'kept', 'x-forwarded-for': '127.0.0.1', 'x-amzn-apigateway-api-id': restApiId },
    });
  });
});

describe('a page of another origin', () => {
  const page = { Origin: 'https://page.example' };

  test('gets its preflight answered by a MOCK as the console makes it', async () => {
    const answer = await call('cors', {
      method: 'OPTIONS',
      headers: { ...page, 'Access-Control-Request-Method': 'POST' },
    });
    expect(answer.status).toBe(200);
    expect(Object.fromEntries([...answer.headers].filter(([name]) => name.startsWith('access-control')))).toEqual({
      'access-control-allow-headers': 'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token',
      'access-control-allow-methods': 'OPTIONS,POST',
      'access-control-allow-origin': '*',
    });
  });

  test('may read why it is refused', async () => {
    const answer = await call('cors/none', { method: 'DELETE', headers: page });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, '*']);
  });
});

test('a body of more than 10 MB is refused before anybody is asked', async () => {
  const before = seen.length;
  const answer = await call('backend', { body: Buffer.alloc(10 * 1024 * 1024 + 1) });
  expect([answer.status, await answer.text()]).toEqual([413, '{"message":"Request Too Long"}']);
  expect(seen).toHaveLength(before);
});
