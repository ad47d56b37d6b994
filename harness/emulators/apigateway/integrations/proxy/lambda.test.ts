import { afterEach, describe, expect, test } from 'vitest';
import type { InternalRequest, InternalResponse } from '../../../../edge/emulator.ts';
import {
  ACCOUNT,
  deploy,
  enableLogs,
  json,
  type MethodPlan,
  REGION,
  ROLE,
  type TestGateway,
  testGateway,
  WORKSHOP_TIME,
} from '../../testing.ts';

const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:api`;
const PROXY = {
  type: 'AWS_PROXY',
  integrationHttpMethod: 'POST',
  uri: `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`,
  credentials: ROLE,
};
const PLAN: MethodPlan = {
  pathPart: '{proxy+}',
  httpMethod: 'ANY',
  integration: PROXY,
  methodResponses: [],
  integrationResponses: [],
};
const REQUEST_ID = '7d9b4f0c-9b1a-4f7e-8f55-0f3f3f3f3f3f';

let gateway: TestGateway;
afterEach(() => gateway.clock.close());

/** A Lambda that answers what it is told to; what it was sent is in the list. */
function lambda(answer: InternalResponse = json(200, { statusCode: 200 })) {
  const sent: InternalRequest[] = [];
  gateway = testGateway((request) => {
    sent.push(request);
    return answer;
  });
  return sent;
}

const eventOf = (sent: readonly InternalRequest[]) => JSON.parse(String(sent.at(-1)?.body));
const lines = () => gateway.lines().map((line) => line.replace(/^\(\S+\) /, ''));

describe('the event', () => {
  test('has the whole request in format 1.0', async () => {
    const sent = lambda();
    const { url, restApiId, resourceId, deploymentId } = await deploy(gateway, PLAN);
    await gateway.clock.travelTo(WORKSHOP_TIME);
    const at = `${url.replace('{proxy+}', 'proxy-value')}?category=electronics&category=books&plus=a+b`;
    const headers = {
      Host: 'api.example',
      'User-Agent': 'python-requests/testing',
      'Content-Type': 'application/json',
      'Content-Length': '17',
      'tEsT-HEADeR': 'aValUE',
      'x-amzn-RequestId': REQUEST_ID,
    };
    const answer = await gateway.invoke(at, { headers, body: '{"message":"hi"}' });
    const trace = answer.headers['X-Amzn-Trace-Id'];
    const seen = {
      Host: 'api.example',
      'User-Agent': 'python-requests/testing',
      'Content-Type': 'application/json',
      'tEsT-HEADeR': 'aValUE',
      'x-amzn-RequestId': REQUEST_ID,
      'X-Amzn-Trace-Id': trace,
      'X-Forwarded-For': '127.0.0.1',
      'X-Forwarded-Port': '443',
      'X-Forwarded-Proto': 'https',
    };
    expect(eventOf(sent)).toEqual({
      resource: '/{proxy+}',
      path: '/proxy-value',
      httpMethod: 'POST',
      headers: seen,
      multiValueHeaders: Object.fromEntries(Object.entries(seen).map(([name, value]) => [name, [value]])),
      queryStringParameters: { category: 'books', plus: 'a b' },
      multiValueQueryStringParameters: { category: ['electronics', 'books'], plus: ['a b'] },
      pathParameters: { proxy: 'proxy-value' },
      stageVariables: null,
      requestContext: {
        accountId: ACCOUNT,
        apiId: restApiId,
        deploymentId,
        domainName: `${restApiId}.execute-api.${REGION}.amazonaws.com`,
        domainPrefix: restApiId,
        extendedRequestId: answer.headers['x-amz-apigw-id'],
        httpMethod: 'POST',
        identity: {
          accessKey: null,
          accountId: null,
          caller: null,
          cognitoAuthenticationProvider: null,
          cognitoAuthenticationType: null,
          cognitoIdentityId: null,
          cognitoIdentityPoolId: null,
          principalOrgId: null,
          sourceIp: '127.0.0.1',
          user: null,
          userAgent: 'python-requests/testing',
          userArn: null,
        },
        path: '/PROD/proxy-value',
        protocol: 'HTTP/1.1',
        requestId: REQUEST_ID,
        requestTime: '27/Jan/2022:05:48:25 +0000',
        requestTimeEpoch: WORKSHOP_TIME,
        resourceId,
        resourcePath: '/{proxy+}',
        stage: 'PROD',
      },
      body: '{"message":"hi"}',
      isBase64Encoded: false,
    });
    expect(sent.map(({ service, method, target }) => [service, method, target])).toEqual([
      ['lambda', 'POST', `/2015-03-31/functions/${FUNCTION}/invocations`],
    ]);
  });

  test.each([
    ['proxy-value/', '/proxy-value/', 'proxy-value'],
    ['proxy-value//double-slash', '/proxy-value//double-slash', 'proxy-value//double-slash'],
    ['/proxy-value', '/proxy-value', 'proxy-value'],
    ['test%2Balias@gmail.com', '/test%2Balias@gmail.com', 'test%2Balias@gmail.com'],
  ])('of a request for %s has the path as it came', async (path, expected, proxy) => {
    const sent = lambda();
    const { url } = await deploy(gateway, PLAN);
    await gateway.invoke(url.replace('{proxy+}', path), { method: 'GET' });
    const event = eventOf(sent);
    expect([event.path, event.pathParameters.proxy, event.requestContext.path]).toEqual([
      expected,
      proxy,
      `/PROD/${path}`,
    ]);
  });

  test('has null for what is not there', async () => {
    const sent = lambda();
    const { url } = await deploy(gateway, { ...PLAN, pathPart: 'fixed' });
    await gateway.invoke(url, { method: 'GET' });
    expect(eventOf(sent)).toMatchObject({
      body: null,
      isBase64Encoded: false,
      pathParameters: null,
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      stageVariables: null,
    });
  });

  test('has the stage’s variables, and the function may be named by one', async () => {
    const sent = lambda();
    const uri = PROXY.uri.replace(':api/', ':$'.concat('{stageVariables.fn}/'));
    const { url, restApiId } = await deploy(gateway, { ...PLAN, integration: { ...PROXY, uri } });
    await gateway.call('UpdateStage', {
      restApiId,
      stageName: 'PROD',
      patchOperations: [{ op: 'replace', path: '/variables/fn', value: 'other' }],
    });
    await gateway.invoke(url);
    expect(eventOf(sent).stageVariables).toEqual({ fn: 'other' });
    expect(sent[0]?.target).toBe(`/2015-03-31/functions/${FUNCTION.replace(':api', ':other')}/invocations`);
  });

  test('has a body of a binary type in base64', async () => {
    const sent = lambda();
    const { url } = await deploy(gateway, { ...PLAN, api: { binaryMediaTypes: ['image/*'] } });
    const body = Buffer.from([0x89, 0x50, 0xff]);
    await gateway.invoke(url, { headers: { 'Content-Type': 'image/png' }, body });
    expect(eventOf(sent)).toMatchObject({ body: body.toString('base64'), isBase64Encoded: true });
    await gateway.invoke(url, { headers: { 'Content-Type': 'text/plain' }, body: 'text' });
    expect(eventOf(sent)).toMatchObject({ body: 'text', isBase64Encoded: false });
  });
});

describe('the answer', () => {
  test('is the function’s, with its headers', async () => {
    lambda(
      json(200, {
        statusCode: 201,
        headers: { 'X-A': 'b' },
        multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
        body: 'made',
      }),
    );
    const { url } = await deploy(gateway, PLAN);
    const { status, headers, body } = await gateway.invoke(url);
    expect([status, body]).toEqual([201, 'made']);
    expect(headers).toMatchObject({
      'X-A': 'b',
      'Set-Cookie': ['a=1', 'b=2'],
      'Content-Type': 'application/json',
      'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-/),
    });
  });

  test('is bytes where the caller accepts a binary type', async () => {
    const body = Buffer.from([0x89, 0x50, 0xff]);
    lambda(
      json(200, { body: body.toString('base64'), isBase64Encoded: true, headers: { 'Content-Type': 'image/png' } }),
    );
    const { url } = await deploy(gateway, { ...PLAN, api: { binaryMediaTypes: ['image/png'] } });
    const png = await gateway.invoke(url, { headers: { Accept: 'image/png' } });
    expect(png.bytes).toEqual(body);
    const html = await gateway.invoke(url, { headers: { Accept: 'text/html,image/png' } });
    expect(html.body).toBe(body.toString('base64'));
  });

  test('that is malformed is a 502, and the log says no more than that', async () => {
    lambda(json(200, { statusCode: 200, wrongValue: 'value' }));
    const { url, restApiId } = await deploy(gateway, PLAN);
    await enableLogs(gateway, restApiId);
    expect(await gateway.invoke(url)).toMatchObject({
      status: 502,
      headers: { 'x-amzn-ErrorType': 'InternalServerErrorException' },
      body: '{"message": "Internal server error"}',
    });
    expect(lines()).toContain('Execution failed due to configuration error: Malformed Lambda proxy response');
    expect(lines().at(-1)).toBe('Method completed with status: 502');
  });

  test('of a function that fails is a 502, with its message in the log', async () => {
    const error = json(
      200,
      { errorType: 'Error', errorMessage: 'out of water', trace: [] },
      { 'x-amz-function-error': 'Unhandled', 'x-amzn-requestid': 'lambda-request' },
    );
    lambda(error);
    const { url, restApiId } = await deploy(gateway, PLAN);
    await enableLogs(gateway, restApiId);
    expect(await gateway.invoke(url)).toMatchObject({ status: 502, body: '{"message": "Internal server error"}' });
    expect(lines()).toContain(
      'Lambda execution failed with status 200 due to customer function error: out of water. ' +
        'Lambda request id: lambda-request',
    );
    expect(lines().filter((line) => line.startsWith('Execution failed'))).toEqual([]);
  });

  test('of Lambda itself, which lets no more in, is a 500', async () => {
    lambda(json(429, { message: 'Rate Exceeded.' }, { 'x-amzn-requestid': 'r-1' }));
    const { url, restApiId } = await deploy(gateway, PLAN);
    await enableLogs(gateway, restApiId);
    expect((await gateway.invoke(url)).status).toBe(500);
    expect(lines()).toContain('Lambda invocation failed with status: 429. Lambda request id: r-1');
  });

  test('takes the gateway response of the API, with headers for pages of other origins', async () => {
    lambda(json(200, 'null'));
    const { url, restApiId } = await deploy(gateway, PLAN);
    await gateway.call('PutGatewayResponse', {
      restApiId,
      responseType: 'DEFAULT_5XX',
      responseParameters: { 'gatewayresponse.header.Access-Control-Allow-Origin': "'*'" },
    });
    await gateway.call('CreateDeployment', { restApiId, stageName: 'PROD' });
    expect(await gateway.invoke(url)).toMatchObject({ status: 502, headers: { 'Access-Control-Allow-Origin': '*' } });
  });
});

describe('a function is not invoked', () => {
  test('without a permission', async () => {
    const sent = lambda(json(404, { Message: 'The resource you requested does not exist.' }));
    const { url, restApiId } = await deploy(gateway, { ...PLAN, integration: { ...PROXY, credentials: undefined } });
    await enableLogs(gateway, restApiId);
    expect((await gateway.invoke(url)).status).toBe(500);
    expect(sent.map(({ target }) => target)).toEqual([`/2015-03-31/functions/${FUNCTION}/policy`]);
    expect(lines()).toContain('Execution failed due to configuration error: Invalid permissions on Lambda function');
  });

  test('by another method than POST', async () => {
    const sent = lambda();
    const integration = { ...PROXY, integrationHttpMethod: 'GET' };
    const { url } = await deploy(gateway, { ...PLAN, integration });
    expect(await gateway.invoke(url)).toMatchObject({ status: 500, body: '{"message": "Internal server error"}' });
    expect(sent).toEqual([]);
  });

  test.each([
    'Content-Length',
    'Transfer-Encoding',
    'Authorization',
    'Connection',
    'Expect',
    'Proxy-Authenticate',
    'TE',
  ])('where a mapping sets %s', async (name) => {
    const sent = lambda();
    const requestParameters = { [`integration.request.header.${name}`]: "'x'" };
    const { url } = await deploy(gateway, { ...PLAN, integration: { ...PROXY, requestParameters } });
    expect((await gateway.invoke(url)).status).toBe(500);
    expect(sent).toEqual([]);
  });

  test('any differently by mappings and templates, which count for nothing', async () => {
    const sent = lambda();
    const requestParameters = { 'integration.request.header.X-Mapped': "'x'" };
    const requestTemplates = { 'application/json': '{"other": true}' };
    const { url } = await deploy(gateway, { ...PLAN, integration: { ...PROXY, requestParameters, requestTemplates } });
    await gateway.invoke(url, { body: '{}' });
    expect(eventOf(sent)).toMatchObject({ body: '{}' });
    expect(eventOf(sent).headers).not.toHaveProperty('X-Mapped');
  });
});

test('a function that takes longer than the integration’s time-out is given up, and nobody knows what it did', async () => {
  gateway = testGateway(() => new Promise(() => undefined));
  const { url, restApiId } = await deploy(gateway, { ...PLAN, integration: { ...PROXY, timeoutInMillis: 50 } });
  await enableLogs(gateway, restApiId);
  expect(await gateway.invoke(url)).toMatchObject({
    status: 504,
    body: '{"message": "Endpoint request timed out"}',
    headers: { 'x-amzn-ErrorType': 'InternalServerErrorException' },
  });
  expect(lines()).toContain('Execution failed due to a timeout error');
  expect(gateway.entries.map(({ what }) => what)).toEqual(['received', 'unknown']);
});

test('a time-out ends a request also while the clock is held', async () => {
  gateway = testGateway(() => new Promise(() => undefined));
  const { url } = await deploy(gateway, { ...PLAN, integration: { ...PROXY, timeoutInMillis: 50 } });
  await gateway.clock.travelTo(WORKSHOP_TIME);
  expect((await gateway.invoke(url)).status).toBe(504);
  expect(gateway.clock.now()).toBe(WORKSHOP_TIME);
});
