import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  ACCOUNT,
  deploy,
  json,
  KINESIS,
  type MethodPlan,
  REGION,
  type TestGateway,
  testGateway,
  WORKSHOP_ANSWER,
  WORKSHOP_BODY,
  WORKSHOP_TIME,
} from '../testing.ts';

let gateway: TestGateway;
afterEach(() => gateway.clock.close());

const begin = async (...given: Parameters<typeof testGateway>) => {
  gateway = testGateway(...given);
  await gateway.clock.travelTo(WORKSHOP_TIME);
};

const MOCK = { type: 'MOCK', requestTemplates: { 'application/json': '{"statusCode": 200}' } };
const answering = (template: string): MethodPlan => ({
  pathPart: '{petId}',
  httpMethod: 'GET',
  integration: MOCK,
  integrationResponses: [{ statusCode: '200', responseTemplates: { 'application/json': template } }],
});
const PET = answering(`{"petId": "$input.params('petId')"}`);

/** The log's lines without what is the same at the beginning of each. */
function linesOf(answer: { log: string }): string[] {
  const [first = '', ...rest] = answer.log.split('\n');
  const requestId = first.replace('Execution log for request ', '');
  return rest.map((line) => line.replace(/^Thu Jan 27 05:48:\d\d UTC 2022 : /, '').replace(requestId, '<request>'));
}

describe('TestInvokeMethod', () => {
  beforeEach(() => begin());

  test('answers with the log of how the answer came about', async () => {
    const { at } = await deploy(gateway, PET);
    const answer = await gateway.call('TestInvokeMethod', { ...at, pathWithQueryString: '/123?foo=bar', body: '' });
    expect(answer).toEqual({
      status: 200,
      body: '{"petId": "123"}',
      headers: { 'Content-Type': 'application/json' },
      multiValueHeaders: { 'Content-Type': ['application/json'] },
      latency: expect.any(Number),
      log: expect.stringMatching(/^Execution log for request [0-9a-f-]{36}\nThu Jan 27 05:48:\d\d UTC 2022 : Starting/),
    });
    expect(linesOf(answer)).toEqual([
      'Starting execution for request: <request>',
      'HTTP Method: GET, Resource Path: /123',
      'Method request path: {petId=123}',
      'Method request query string: {foo=bar}',
      'Method request headers: {}',
      'Method request body before transformations: ',
      'Method response body after transformations: {"petId": "123"}',
      'Method response headers: {Content-Type=application/json}',
      'Successfully completed execution',
      'Method completed with status: 200',
      '',
    ]);
  });

  test.each([
    ['without a path it is that of the resource, variables and all', undefined, '{"petId": "{petId}"}', '/{petId}'],
    ['a path that is not of the resource has no parameters', '/random/test', '{"petId": ""}', '/random/test'],
  ])('%s', async (_what, pathWithQueryString, body, path) => {
    const { at } = await deploy(gateway, PET);
    const answer = await gateway.call('TestInvokeMethod', { ...at, pathWithQueryString });
    expect(answer).toMatchObject({ status: 200, body });
    expect(linesOf(answer)[1]).toBe(`HTTP Method: GET, Resource Path: ${path}`);
  });

  test('tells templates that it is a test, with the headers and stage variables that were given', async () => {
    const { at } = await deploy(
      gateway,
      answering(
        '$context.stage $context.path $context.identity.sourceIp $context.identity.apiKey $context.domainName ' +
          "$stageVariables.a $input.params().header $input.params('b')",
      ),
    );
    const { body } = await gateway.call('TestInvokeMethod', {
      ...at,
      pathWithQueryString: '/7',
      headers: { b: '1', c: 'x' },
      multiValueHeaders: { b: ['2', '3'] },
      stageVariables: { a: 'A' },
    });
    expect(body).toBe(
      'test-invoke-stage /7 test-invoke-source-ip test-invoke-api-key testPrefix.testDomainName A {c=x, b=3} 3',
    );
  });

  test('works on the API as it is, not as it was deployed, and lets everybody in', async () => {
    const { at } = await deploy(gateway, PET);
    const replace = (path: string, value: string) => ({ op: 'replace', path, value });
    await gateway.call('UpdateMethod', { ...at, patchOperations: [replace('/apiKeyRequired', 'true')] });
    const template = '/responseTemplates/application~1json';
    await gateway.call('UpdateIntegrationResponse', {
      ...at,
      statusCode: '200',
      patchOperations: [replace(template, 'changed')],
    });
    expect(await gateway.call('TestInvokeMethod', at)).toMatchObject({ status: 200, body: 'changed' });
    expect(gateway.samples).toEqual([]);
    expect(gateway.logs).toEqual([]);
  });

  test('validates as a request is validated', async () => {
    const { at, restApiId } = await deploy(gateway, PET);
    const { id } = await gateway.call('CreateRequestValidator', {
      restApiId,
      name: 'v',
      validateRequestParameters: true,
    });
    await gateway.call('UpdateMethod', {
      ...at,
      patchOperations: [
        { op: 'replace', path: '/requestValidatorId', value: id },
        { op: 'add', path: '/requestParameters/method.request.header.b', value: 'true' },
      ],
    });
    const answer = await gateway.call('TestInvokeMethod', at);
    expect(answer).toMatchObject({
      status: 400,
      body: '{"message": "Missing required request parameters: [b]"}',
      headers: { 'x-amzn-ErrorType': 'BadRequestException' },
    });
    expect(linesOf(answer).slice(-3)).toEqual([
      'Missing required request parameters: [b]',
      'Method completed with status: 400',
      '',
    ]);
  });

  test('tells a failure, without a content type unless the API has a gateway response of its own', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is API Gateway that fills in stage variables.
    const uri = 'https://${stageVariables.testHost}';
    const { at, restApiId } = await deploy(gateway, {
      httpMethod: 'ANY',
      integration: { type: 'HTTP_PROXY', integrationHttpMethod: 'ANY', uri },
      integrationResponses: [],
    });
    const test = () => gateway.call('TestInvokeMethod', { ...at, httpMethod: 'GET' });
    const answer = await test();
    expect(answer).toMatchObject({
      status: 500,
      body: '{"message": "Internal server error"}',
      headers: { 'x-amzn-ErrorType': 'InternalServerErrorException' },
    });
    expect(answer.headers).not.toHaveProperty('Content-Type');
    expect(linesOf(answer).slice(-3)).toEqual([
      'Execution failed due to configuration error: Invalid endpoint address',
      'Method completed with status: 500',
      '',
    ]);
    await gateway.call('PutGatewayResponse', { restApiId, responseType: 'DEFAULT_5XX', statusCode: '503' });
    expect(await test()).toMatchObject({ status: 503, headers: { 'Content-Type': 'application/json' } });
  });

  test.each([
    [{ httpMethod: 'HEAD' }, 'NotFoundException', 'Invalid Method identifier specified'],
    [{ resourceId: 'invalid_res' }, 'NotFoundException', 'Invalid Resource identifier specified'],
    [{ restApiId: 'nobody' }, 'NotFoundException', 'Invalid Resource identifier specified'],
    [
      { clientCertificateId: 'c' },
      'NotImplementedException',
      'The API Gateway emulator of naetmul does not support client certificates (clientCertificateId).',
    ],
  ])('is refused for %j', async (input, code, message) => {
    const { at } = await deploy(gateway, PET);
    await expect(gateway.call('TestInvokeMethod', { ...at, ...input })).rejects.toEqual(
      expect.objectContaining({ code, message }),
    );
  });
});

describe('a test that reaches a backend', () => {
  test('is in the ledger as any request, and its log shows what was sent and answered', async () => {
    await begin(() => json(200, WORKSHOP_ANSWER, { 'x-amzn-requestid': 'k' }));
    const { at } = await deploy(gateway, { integration: KINESIS });
    const answer = await gateway.call('TestInvokeMethod', { ...at, body: WORKSHOP_BODY });
    expect(answer).toMatchObject({
      status: 200,
      body: WORKSHOP_ANSWER,
      headers: { 'Content-Type': 'application/json', 'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-/) },
    });
    const lines = linesOf(answer);
    expect(lines).toContain(`Endpoint request URI: https://kinesis.${REGION}.amazonaws.com/?Action=PutRecord`);
    expect(lines).toContainEqual(
      expect.stringMatching(/^Received response. Status: 200, Integration latency: \d+ ms$/),
    );
    expect(lines).toContain(`Method response body after transformations: ${WORKSHOP_ANSWER}`);
    expect(gateway.entries[0]).toMatchObject({ what: 'received', detail: { stage: 'test-invoke-stage', path: '/v1' } });
  });

  test("asks a function's permission for the test's stage", async () => {
    const sent: string[] = [];
    await begin((request) => {
      sent.push(`${request.method} ${request.target}`);
      return json(404, { message: 'no policy' });
    });
    const arn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:f`;
    const uri = `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${arn}/invocations`;
    const { at } = await deploy(gateway, {
      integration: { type: 'AWS_PROXY', integrationHttpMethod: 'POST', uri },
      integrationResponses: [],
    });
    const answer = await gateway.call('TestInvokeMethod', at);
    expect(answer.status).toBe(500);
    expect(sent).toHaveLength(1);
    expect(answer.log).toContain('Invalid permissions on Lambda function');
  });
});
