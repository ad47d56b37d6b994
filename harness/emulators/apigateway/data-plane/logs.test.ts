import { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { InternalRequest, InternalResponse } from '../../../edge/emulator.ts';
import { testEdge } from '../../../edge/testing.ts';
import { ACCOUNT, deploy, enableLogs, json, KINESIS, REGION, type TestGateway, testGateway } from '../testing.ts';

const PUT = { SequenceNumber: '1', ShardId: 'shardId-000000000000' };
const AUTHORIZER = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:gatekeeper`;
const ALLOW = { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: '*' }] };

/** What the backends answer: Kinesis, the authorizer's function, Firehose. */
let send: (request: InternalRequest) => InternalResponse;
let gateway: TestGateway;
beforeEach(() => {
  send = () => json(200, PUT, { 'x-amzn-requestid': 'of-kinesis' });
  gateway = testGateway((request) => send(request));
});
afterEach(() => gateway.clock.close());

const replace = (path: string, value: string) => ({ op: 'replace', path, value });
const updateStage = (restApiId: string, ...patchOperations: object[]) =>
  gateway.call('UpdateStage', { restApiId, stageName: 'PROD', patchOperations });
const redeploy = (restApiId: string) => gateway.call('CreateDeployment', { restApiId, stageName: 'PROD' });
const counted = (metric: string) =>
  gateway.samples
    .filter((sample) => sample.metric === `AWS/ApiGateway ${metric}`)
    .map(({ dimensions, value }) => [dimensions, value]);
const lines = () => gateway.lines().map((line) => line.replace(/^\(\S+\) /, ''));

/** Logs as much as `level` says, without data tracing. */
async function logAt(level: string, restApiId: string): Promise<void> {
  await enableLogs(gateway, restApiId);
  await updateStage(restApiId, replace('/*/*/logging/loglevel', level), replace('/*/*/logging/dataTrace', 'false'));
}

/** Adds a Lambda authorizer that reads the header `token`. */
async function guard(restApiId: string, at: object): Promise<string> {
  const { id } = await gateway.call('CreateAuthorizer', {
    restApiId,
    name: 'gatekeeper',
    type: 'TOKEN',
    authorizerUri: `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${AUTHORIZER}/invocations`,
    authorizerCredentials: `arn:aws:iam::${ACCOUNT}:role/gateway`,
    identitySource: 'method.request.header.token',
  });
  const patchOperations = [replace('/authorizationType', 'CUSTOM'), replace('/authorizerId', id)];
  await gateway.call('UpdateMethod', { ...at, patchOperations });
  await redeploy(restApiId);
  return id;
}

describe('the execution log', () => {
  test('has at the level INFO nothing of what a request and its answer consist of', async () => {
    const { url, restApiId } = await deploy(gateway, { integration: KINESIS });
    await logAt('INFO', restApiId);
    const { headers } = await gateway.invoke(`${url}?q=1`, { body: '{"a":1}' });
    const id = headers['x-amzn-RequestId'];
    expect(lines()).toEqual([
      `Extended Request Id: ${headers['x-amz-apigw-id']}`,
      `Verifying Usage Plan for request: ${id}. API Key:  API Stage: ${restApiId}/PROD`,
      "API Key  authorized because method 'POST /v1' does not require API Key. " +
        'Request will not contribute to throttle or quota limits',
      `Usage Plan check succeeded for API Key  and API Stage ${restApiId}/PROD`,
      `Starting execution for request: ${id}`,
      'HTTP Method: POST, Resource Path: /v1',
      'Successfully completed execution',
      'Method completed with status: 200',
      'AWS Integration Endpoint RequestId : of-kinesis',
    ]);
  });

  test('has the path that was asked for, and not the one of the resource', async () => {
    const { url, restApiId } = await deploy(gateway, { integration: KINESIS, pathPart: '{name}' });
    await logAt('INFO', restApiId);
    await gateway.invoke(url.replace('{name}', 'brook'));
    expect(lines()).toContain('HTTP Method: POST, Resource Path: /brook');
  });

  test('has at the level ERROR nothing of what went well', async () => {
    const { url, restApiId } = await deploy(gateway, { integration: KINESIS });
    await logAt('ERROR', restApiId);
    await gateway.invoke(url);
    expect(lines()).toEqual([]);
    await gateway.invoke(url, { headers: { 'Content-Type': 'text/plain' } });
    expect(lines()).toEqual(['Method completed with status: 415']);
  });

  test.each([
    ['ERROR', 'true', 2],
    ['OFF', 'true', 0],
  ])('at the level %s with data tracing %s has %i lines of a failure', async (level, dataTrace, count) => {
    send = () => {
      throw new Error('connection lost');
    };
    const { url, restApiId } = await deploy(gateway, { integration: KINESIS });
    await enableLogs(gateway, restApiId);
    await updateStage(restApiId, replace('/*/*/logging/loglevel', level), replace('/*/*/logging/dataTrace', dataTrace));
    expect((await gateway.invoke(url)).status).toBe(500);
    expect(lines()).toEqual(
      ['Execution failed due to an internal error: connection lost', 'Method completed with status: 500'].slice(
        0,
        count,
      ),
    );
  });

  test('cuts a line after 1,024 bytes, its request id not counted', async () => {
    const { url, restApiId } = await deploy(gateway, { integration: KINESIS });
    await enableLogs(gateway, restApiId);
    await gateway.invoke(url, { body: JSON.stringify('x'.repeat(3000)) });
    const label = 'Method request body before transformations: "';
    expect(lines()).toContain(`${label}${'x'.repeat(1024 - label.length)} [TRUNCATED]`);
  });

  test('hides all of an Authorization but its end, in no other header anything', async () => {
    const { url, restApiId } = await deploy(gateway, { integration: KINESIS });
    await enableLogs(gateway, restApiId);
    const headers = { Authorization: 'Bearer secret-token', 'X-Amz-Security-Token': 'session' };
    await gateway.invoke(url, { headers });
    expect(lines().find((line) => line.startsWith('Method request headers'))).toMatch(
      /^Method request headers: \{Authorization=\*{13}-token, X-Amz-Security-Token=session, /,
    );
  });

  test('tells the gateway response where the API has one of its own', async () => {
    const { url, restApiId } = await deploy(gateway, { integration: KINESIS });
    await logAt('ERROR', restApiId);
    const responseParameters = { 'gatewayresponse.header.Access-Control-Allow-Origin': "'*'" };
    await gateway.call('PutGatewayResponse', { restApiId, responseType: 'DEFAULT_4XX', responseParameters });
    await redeploy(restApiId);
    await gateway.invoke(url, { headers: { 'Content-Type': 'text/plain' } });
    expect(lines()).toEqual([
      'Gateway response type: DEFAULT_4XX with status code: 415',
      'Gateway response body: {"message":"Unsupported Media Type"}',
      'Gateway response headers: {Content-Type=application/json, x-amzn-ErrorType=BadRequestException, ' +
        'Access-Control-Allow-Origin=*}',
      'Method completed with status: 415',
    ]);
  });

  test('of a request that may not come in ends with that', async () => {
    const { url, restApiId, at } = await deploy(gateway, { integration: KINESIS });
    const authorizerId = await guard(restApiId, at);
    await logAt('INFO', restApiId);
    const none = await gateway.invoke(url);
    expect(lines()).toEqual([
      `Extended Request Id: ${none.headers['x-amz-apigw-id']}`,
      `Starting authorizer: ${authorizerId} for request: ${none.headers['x-amzn-RequestId']}`,
      `Unauthorized request: ${none.headers['x-amzn-RequestId']}`,
    ]);
    gateway.logs.length = 0;
    send = () => json(200, { principalId: 'p', policyDocument: { ...ALLOW, Statement: [] } });
    expect((await gateway.invoke(url, { headers: { token: 't' } })).status).toBe(403);
    expect(lines().slice(2)).toEqual([
      'Successfully completed authorizer execution',
      'The client is not authorized to perform this operation.',
    ]);
  });

  test('is written once the answer is on its way, and before its caller can ask for it', async () => {
    await using bench = await testEdge({}, [gateway.emulator]);
    const { restApiId } = await deploy(gateway, { integration: KINESIS });
    await logAt('INFO', restApiId);
    const order = new Set<string>();
    const { end } = ServerResponse.prototype;
    using _end = vi.spyOn(ServerResponse.prototype, 'end').mockImplementation(function (this: ServerResponse, body) {
      order.add('answered');
      process.nextTick(() => order.add('the event loop goes on'));
      return end.call(this, body, 'utf8');
    });
    using _push = vi.spyOn(gateway.logs, 'push').mockImplementation(() => order.add('written').size);
    const url = `${bench.url}/restapis/${restApiId}/PROD/_user_request_/v1`;
    const headers = { 'Content-Type': 'application/json' };
    expect((await fetch(url, { method: 'POST', headers, body: '{}' })).status).toBe(200);
    expect([...order]).toEqual(['answered', 'written', 'the event loop goes on']);
  });

  test('has nothing of a request that began before a reset', async () => {
    const asked = Promise.withResolvers<void>();
    const kinesis = Promise.withResolvers<InternalResponse>();
    const slow = testGateway(() => {
      asked.resolve();
      return kinesis.promise;
    });
    const { url, restApiId } = await deploy(slow, { integration: KINESIS });
    await enableLogs(slow, restApiId);
    const answer = slow.invoke(url);
    await asked.promise;
    await slow.emulator.reset?.();
    kinesis.resolve(json(200, PUT));
    expect((await answer).status).toBe(200);
    expect(slow.lines()).toEqual([]);
    expect(slow.samples).toEqual([]);
    slow.clock.close();
  });

  test('that cannot be written fails no request, and takes nothing from others', async () => {
    const { url, restApiId } = await deploy(gateway, { integration: KINESIS });
    await logAt('INFO', restApiId);
    vi.spyOn(gateway.logs, 'push').mockImplementationOnce(() => {
      throw new Error('database or disk is full');
    });
    const answers = await Promise.all([gateway.invoke(url), gateway.invoke(url)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(gateway.errors).toEqual([{ message: expect.stringContaining('written'), cause: expect.any(Error) }]);
    expect(counted('Count')).toHaveLength(6);
    expect(lines()).toContain('Successfully completed execution');
  });
});

describe('an access log', () => {
  const GROUP = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:access`;

  async function logAccess(restApiId: string, format: string, destinationArn = GROUP): Promise<void> {
    await updateStage(
      restApiId,
      replace('/accessLogSettings/destinationArn', destinationArn),
      replace('/accessLogSettings/format', format),
    );
  }

  /** The values of some variables of `$context`, in their order. */
  const formatOf = (...names: string[]) => ['requestId', ...names].map((name) => `$context.${name}`).join(' | ');
  const values = () => gateway.lines().at(-1)?.split(' | ').slice(1);

  test('knows of a success what the integration did, and nothing of errors', async () => {
    const { url, restApiId } = await deploy(gateway, { integration: KINESIS });
    await gateway.clock.hold();
    await logAccess(
      restApiId,
      formatOf(
        ...['status', 'integrationStatus', 'integration.status', 'integration.integrationStatus'],
        ...['integration.requestId', 'awsEndpointRequestId', 'integration.latency', 'integration.error'],
        ...['error.message', 'error.responseType', 'authorize.status', 'authorizer.status', 'wafResponseCode'],
        ...['waf.status', 'authenticate.status', 'customDomain.basePathMatched', 'endpointType', 'responseLength'],
        ...['identity.clientCert.subjectDN', 'authorizer.claims.sub', 'identity.user', 'nothing'],
      ),
    );
    await gateway.invoke(url);
    const length = String(JSON.stringify(PUT).length);
    expect(values()?.join(' ')).toBe(
      `200 200 200 200 of-kinesis of-kinesis 0 - - - - - - - - - REGIONAL ${length} - - - -`,
    );
  });

  test('knows of a failure which one it was', async () => {
    const { url, restApiId } = await deploy(gateway, { integration: KINESIS });
    const format = formatOf(
      'status',
      'error.message',
      'error.messageString',
      'error.responseType',
      'integration.error',
    );
    await logAccess(restApiId, format);
    await gateway.invoke(`${restApiId}/PROD/nowhere`);
    expect(values()).toEqual([
      ...['403', 'Missing Authentication Token', '"Missing Authentication Token"', 'MISSING_AUTHENTICATION_TOKEN'],
      '-',
    ]);
    send = () => {
      throw new Error('connection lost');
    };
    await gateway.invoke(url);
    expect(values()).toEqual([
      ...['500', 'Internal server error', '"Internal server error"', 'INTEGRATION_FAILURE'],
      'Execution failed due to an internal error: connection lost',
    ]);
  });

  test('knows how the authorizer was asked, and what came of it', async () => {
    const { url, restApiId, at } = await deploy(gateway, { integration: KINESIS });
    await guard(restApiId, at);
    await logAccess(
      restApiId,
      formatOf(
        ...['status', 'authorizer.status', 'authorizer.integrationStatus', 'authorizer.requestId', 'authorizer.error'],
        ...['authorizer.principalId', 'authorizer.level', 'authorize.status', 'authorize.error'],
      ),
    );
    await gateway.invoke(url);
    expect(values()).toEqual(['401', '401', '-', '-', 'Unauthorized', '-', '-', '-', '-']);
    const answer = { principalId: 'p', policyDocument: ALLOW, context: { level: 5 } };
    send = ({ service }) =>
      service === 'lambda' ? json(200, answer, { 'x-amzn-requestid': 'of-lambda' }) : json(200, PUT);
    const headers = { token: 't' };
    await gateway.invoke(url, { headers });
    expect(values()).toEqual(['200', '200', '200', 'of-lambda', '-', 'p', '5', '200', '-']);
    await gateway.invoke(url, { headers });
    expect(values()).toEqual(['200', '200', '-', '-', '-', 'p', '5', '200', '-']);
    send = () => json(200, { principalId: 'p', policyDocument: { ...ALLOW, Statement: [] } });
    await gateway.invoke(url, { headers: { token: 'other' } });
    const refused = 'The client is not authorized to perform this operation.';
    expect(values()).toEqual(['403', '200', '200', '-', '-', '-', '-', '403', refused]);
  });

  test('knows the status of a proxied function, which is not that of its invocation', async () => {
    const uri = `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${AUTHORIZER}/invocations`;
    const integration = { type: 'AWS_PROXY', integrationHttpMethod: 'POST', uri, credentials: KINESIS.credentials };
    const { url, restApiId } = await deploy(gateway, { integration, integrationResponses: [] });
    await logAccess(restApiId, formatOf('status', 'integration.status', 'integration.integrationStatus'));
    send = () => json(200, { statusCode: 404 });
    await gateway.invoke(url);
    expect(values()).toEqual(['404', '404', '200']);
    send = () => json(200, { errorMessage: 'no' }, { 'x-amz-function-error': 'Unhandled' });
    await gateway.invoke(url);
    expect(values()).toEqual(['502', '-', '200']);
  });

  test('is in the delivery stream that the stage names, and the caller did not wait for it', async () => {
    const puts: { target: string | undefined; body: unknown }[] = [];
    send = ({ service, headers, body }) => {
      if (service !== 'firehose') return json(200, PUT);
      puts.push({ target: headers['x-amz-target'], body: JSON.parse(body.toString()) });
      return json(200, { FailedPutCount: 0, RequestResponses: [{ RecordId: 'r' }] });
    };
    const { url, restApiId } = await deploy(gateway, { integration: KINESIS });
    const arn = `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/amazon-apigateway-access`;
    await logAccess(restApiId, '{"id":"$context.requestId","status":$context.status}\n', arn);
    const { headers } = await gateway.invoke(url);
    await gateway.clock.settled();
    const line = `{"id":"${headers['x-amzn-RequestId']}","status":200}\n`;
    expect(puts).toEqual([
      {
        target: 'Firehose_20150804.PutRecordBatch',
        body: {
          DeliveryStreamName: 'amazon-apigateway-access',
          Records: [{ Data: Buffer.from(line).toString('base64') }],
        },
      },
    ]);
    expect(gateway.lines()).toEqual([]);
  });

  const invalid = (arn: string) =>
    'Invalid ARN specified in the request. It must be of a CloudWatch Logs log group, or of a Firehose delivery ' +
    `stream whose name begins with amazon-apigateway-: ${arn}`;
  test.each<readonly [string, string]>([
    ['access', "Invalid ARN specified in the request. ARNs must start with 'arn:': access"],
    ...[
      `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/access`,
      `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/amazon-apigateway-`,
      `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/amazon-apigateway-access`,
      `arn:aws:logs:${REGION}:${ACCOUNT}:destination:access`,
    ].map((arn) => [arn, invalid(arn)] as const),
    [
      `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:a b`,
      "Access log destination must only contain characters a-z, A-Z, 0-9, '_', '-', '/', '.': 'log-group:a b'",
    ],
  ])('cannot go to %s', async (arn, message) => {
    const { restApiId } = await deploy(gateway, { integration: KINESIS });
    const update = updateStage(restApiId, replace('/accessLogSettings/destinationArn', arn));
    await expect(update).rejects.toMatchObject({ code: 'BadRequestException', message });
  });

  test.each([
    [
      '$context.requestId\n$context.status',
      'Access Log format must be single line, new line character is allowed only at end of the format: ' +
        "'$context.requestId\n$context.status'",
    ],
    [
      '$context.status',
      "Access Log format must include either $context.requestId or $context.extendedRequestId : '$context.status'",
    ],
  ])('cannot have the format %j', async (format, message) => {
    const { restApiId } = await deploy(gateway, { integration: KINESIS });
    const update = updateStage(restApiId, replace('/accessLogSettings/format', format));
    await expect(update).rejects.toMatchObject({ code: 'BadRequestException', message });
  });
});

describe('metrics', () => {
  test('count a request by API and stage, and by method where the stage wants that', async () => {
    const { url, restApiId } = await deploy(gateway, { integration: KINESIS, pathPart: '{name}' });
    await gateway.invoke(url.replace('{name}', 'brook'));
    expect(counted('Count')).toEqual([
      ['ApiName=ingest', 1],
      ['ApiName=ingest,Stage=PROD', 1],
    ]);
    gateway.samples.length = 0;
    await updateStage(restApiId, replace('/~1{name}/POST/metrics/enabled', 'true'));
    await gateway.invoke(url.replace('{name}', 'brook'));
    const ofMethod = 'ApiName=ingest,Stage=PROD,Method=POST,Resource=/{name}';
    for (const metric of ['Count', '4XXError', '5XXError', 'Latency', 'IntegrationLatency']) {
      expect(counted(metric).map(([dimensions]) => dimensions)).toContain(ofMethod);
    }
  });

  test.each([
    ['an unknown path', '/PROD/nowhere', {}, 403],
    ['a body that is too large', '/PROD/v1', { body: Buffer.alloc(10 * 1024 * 1024 + 1) }, 413],
    ['a content type without template', '/PROD/v1', { headers: { 'Content-Type': 'text/plain' } }, 415],
    ['a throttled method', '/PROD/v1', {}, 429],
  ])('count %s as an error of the client, and no time of an integration', async (_what, path, request, status) => {
    const { restApiId } = await deploy(gateway, { integration: KINESIS });
    if (status === 429) {
      const burst = replace('/*/*/throttling/burstLimit', '0');
      await updateStage(restApiId, replace('/*/*/throttling/rateLimit', '0'), burst);
    }
    expect((await gateway.invoke(restApiId + path, request)).status).toBe(status);
    expect(counted('Count')).toContainEqual(['ApiName=ingest,Stage=PROD', 1]);
    expect(counted('4XXError')).toContainEqual(['ApiName=ingest,Stage=PROD', 1]);
    expect(counted('5XXError')).toContainEqual(['ApiName=ingest,Stage=PROD', 0]);
    expect(counted('IntegrationLatency')).toEqual([]);
  });

  test('know nothing of requests to stages that are not there', async () => {
    const { restApiId } = await deploy(gateway, { integration: KINESIS });
    expect((await gateway.invoke(`${restApiId}/dev/v1`)).status).toBe(403);
    expect(gateway.samples).toEqual([]);
  });
});
