import { afterEach, beforeEach, expect, test } from 'vitest';
import { deploy, enableLogs, json, KINESIS, type TestGateway, testGateway } from '../testing.ts';

let gateway: TestGateway;
beforeEach(() => {
  gateway = testGateway(() => json(200, { SequenceNumber: '1', ShardId: 'shardId-000000000000' }));
});
afterEach(() => gateway.clock.close());

/** A MOCK method whose response template is `template`; the body it sees is that of the mock: none. */
const mock = (requestTemplate: string, responseTemplate = '', more: object = {}) => ({
  integration: { type: 'MOCK', requestTemplates: { 'application/json': requestTemplate } },
  integrationResponses: [
    {
      statusCode: '200',
      ...(responseTemplate && { responseTemplates: { 'application/json': responseTemplate } }),
      ...more,
    },
  ],
});

/** What a request template makes of a request, told through a MOCK's overrides. */
async function rendered(
  template: string,
  request: { body?: string; headers?: Record<string, string> } = {},
  query = '',
) {
  const { url } = await deploy(gateway, {
    ...mock(
      `#set($context.requestOverride.path.out = "${template}"){"statusCode": 200}`,
      '$context.requestOverride.path.out',
    ),
    pathPart: '{name}',
  });
  return await gateway.invoke(url.replace('{name}', 'brook') + query, request);
}

const JSON_BODY = { body: '{"a":{"b":[1,{"c":5}]},"numbers":[1.0,12345678901234567890,2]}' };

test.each([
  ["$input.json('$.a')", '{"b":[1,{"c":5}]}'],
  ["$input.json('$.missing')", '""'],
  ["$input.path('$.a')", '{b=[1,{"c":5}]}'],
  ["$input.path('$.a.b')", '[1,{"c":5}]'],
  ["$input.path('$.a.b[1].c')", '5'],
  ["$input.path('$.numbers')", '[1.0,12345678901234567890,2]'],
  ["[$input.path('$.missing')][$input.path('$').a.missing]", '[][]'],
  ["$input.path('$.a.b').size()", '2'],
  ['$input.body', JSON_BODY.body],
  ["$input.params('name') $input.params('q') $input.params('X-Head') [$input.params('none')]", 'brook v w h []'],
  ["$input.params().querystring.q $input.params().path.name $input.params().header.get('X-Head')", 'v w brook h'],
  ['$context.stage $context.resourcePath $context.httpMethod [$context.identity.user]', 'PROD /{name} POST []'],
  [
    "$util.base64Decode($util.base64Encode('냇물')) $util.urlEncode('a b&냇') $util.urlDecode('a+b%26')",
    '냇물 a+b%26%EB%83%87 a b&',
  ],
  ["$util.parseJson('{k:[1]}').k[0]", '1'],
  ['$unknown', '$unknown'],
])('%s prints %s', async (template, expected) => {
  const { status, body } = await rendered(template, { ...JSON_BODY, headers: { 'X-Head': 'h' } }, '?q=u&q=v+w');
  expect([status, body]).toEqual([200, expected]);
});

test('a form body is a string to templates', async () => {
  const form = { headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'id=user123&name=%EB%83%87' };
  const { url } = await deploy(gateway, {
    integration: {
      type: 'MOCK',
      requestTemplates: {
        [form.headers['Content-Type']]:
          '#set($context.requestOverride.path.out = "$input.path(\'$\') $input.json(\'$\')"){"statusCode": 200}',
      },
    },
    integrationResponses: [
      { statusCode: '200', responseTemplates: { 'application/json': '$context.requestOverride.path.out' } },
    ],
  });
  expect((await gateway.invoke(url, form)).body).toBe(`${form.body} "${form.body}"`);
});

test('an empty body is an empty object', async () => {
  expect((await rendered("$input.json('$') $input.body")).body).toBe('{} {}');
});

test("malformed JSON that a template reads is the sender's mistake", async () => {
  const { url } = await deploy(gateway, { integration: KINESIS });
  const { status, headers, body } = await gateway.invoke(url, { body: '{"value":"30"' });
  expect([status, body]).toEqual([400, '{"message": "Invalid JSON in request body"}']);
  expect(headers['x-amzn-ErrorType']).toBe('BadRequestException');
  expect(gateway.entries.map(({ what }) => what)).toEqual(['received', 'refused']);
});

test('values in a body are never templates', async () => {
  const hostile = JSON.stringify({
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Velocity's braces.
    value: '$context.apiId #foreach($x in [1..9])x#end $util.base64Encode("x") ${input.body}',
  });
  const { url } = await deploy(gateway, mock('{"statusCode": 200}', "$util.urlDecode('kept')"));
  expect((await gateway.invoke(url, { body: hostile })).body).toBe('kept');
  expect((await rendered("$input.path('$.value')", { body: hostile })).body).toBe(JSON.parse(hostile).value);
});

test.each([
  ['an unknown path', { url: 'nowhere' }, 403, 'Missing Authentication Token', 'MissingAuthenticationTokenException'],
  [
    'an unknown method',
    { request: { method: 'GET' } },
    403,
    'Missing Authentication Token',
    'MissingAuthenticationTokenException',
  ],
  [
    'a wrong content type',
    { request: { headers: { 'Content-Type': 'text/plain' } } },
    415,
    'Unsupported Media Type',
    'BadRequestException',
  ],
  [
    'a body of 10 MB and one byte',
    { request: { body: Buffer.alloc(10 * 1024 * 1024 + 1) } },
    413,
    'Request Too Long',
    'RequestTooLargeException',
  ],
])('%s is answered as AWS does', async (_what, {
  url: path,
  request,
}: { url?: string; request?: object }, status, message, errorType) => {
  const { url, restApiId } = await deploy(gateway, { integration: KINESIS });
  const answer = await gateway.invoke(path ? `${restApiId}/PROD/${path}` : url, request);
  expect([answer.status, answer.body]).toEqual([status, `{"message":"${message}"}`]);
  expect(answer.headers).toEqual({
    'Content-Type': 'application/json',
    'x-amzn-ErrorType': errorType,
    'x-amzn-RequestId': expect.any(String),
    'x-amz-apigw-id': expect.any(String),
  });
});

test.each(['nowhere/PROD/v1', 'STAGE'])('an unknown API or stage is forbidden', async (at) => {
  const { url } = await deploy(gateway, { integration: KINESIS });
  const { status, body } = await gateway.invoke(at === 'STAGE' ? url.replace('PROD', 'dev') : at);
  expect([status, body]).toEqual([403, '{"message":"Forbidden"}']);
  expect(gateway.entries).toEqual([]);
});

test('a stage serves its deployment and not the draft', async () => {
  const { url, at, restApiId } = await deploy(gateway, mock('{"statusCode": 200}', 'first'));
  await gateway.call('PutIntegrationResponse', {
    ...at,
    statusCode: '200',
    responseTemplates: { 'application/json': 'second' },
  });
  expect((await gateway.invoke(url)).body).toBe('first');
  await gateway.call('CreateDeployment', { restApiId, stageName: 'PROD' });
  expect((await gateway.invoke(url)).body).toBe('second');
});

test.each([
  ['not json'],
  ['{"statusCode": "abc"}'],
  ['{}'],
  [''],
])('a MOCK whose template makes %j of a request is misconfigured', async (template) => {
  const { url } = await deploy(gateway, mock(template));
  expect(await gateway.invoke(url)).toMatchObject({ status: 500, body: '{"message": "Internal server error"}' });
});

test('a response template may override status and headers; a status that cannot be is ignored', async () => {
  const set = '#set($context.responseOverride.status = 299)#set($context.responseOverride.header.X-A = "b")body';
  const { url } = await deploy(gateway, mock('{"statusCode": 200}', set));
  expect(await gateway.invoke(url)).toMatchObject({ status: 299, headers: { 'X-A': 'b' }, body: 'body' });
  const bad = await deploy(gateway, mock('{"statusCode": 200}', '#set($context.responseOverride.status = "299")x'));
  expect((await gateway.invoke(bad.url)).status).toBe(200);
});

test('parameters are mapped from everywhere to everywhere', async () => {
  const sent: { target: string; headers: Readonly<Record<string, string>> }[] = [];
  gateway.clock.close();
  gateway = testGateway((request) => {
    sent.push(request);
    return json(200, '{"deep":{"er":[7]}}', { etag: 'tag' });
  });
  const { url, restApiId } = await deploy(gateway, {
    pathPart: '{key}',
    httpMethod: 'PUT',
    integration: {
      ...KINESIS,
      integrationHttpMethod: 'PUT',
      uri: 'arn:aws:apigateway:ap-northeast-2:s3:path/bucket/{object}',
      passthroughBehavior: 'WHEN_NO_MATCH',
      requestTemplates: {},
      requestParameters: {
        'integration.request.path.object': 'method.request.path.key',
        'integration.request.querystring.q': 'method.request.multivaluequerystring.m',
        'integration.request.header.x-static': "'fixed'",
        'integration.request.header.x-api': 'context.apiId',
        'integration.request.header.x-body': 'method.request.body.a[0].b',
        'integration.request.header.x-none': 'method.request.querystring.none',
      },
    },
    methodResponses: [
      {
        statusCode: '200',
        responseParameters: { 'method.response.header.ETag': true, 'method.response.header.X-Deep': true },
      },
    ],
    integrationResponses: [
      {
        statusCode: '200',
        responseParameters: {
          'method.response.header.ETag': 'integration.response.header.ETag',
          'method.response.header.X-Deep': 'integration.response.body.deep.er[0]',
        },
      },
    ],
  });
  const request = { method: 'PUT', body: '{"a":[{"b":"c"}]}' };
  const answer = await gateway.invoke(`${url.replace('{key}', 'photo.png')}?m=1&m=2`, request);
  expect(sent[0]?.target).toBe('/bucket/photo.png?q=1&q=2');
  expect(sent[0]?.headers).toMatchObject({
    'x-static': 'fixed',
    'x-api': restApiId,
    'x-body': 'c',
    'x-naetmul-cause': '1',
  });
  expect(sent[0]?.headers).not.toHaveProperty('x-none');
  expect(answer.headers).toMatchObject({ ETag: 'tag', 'X-Deep': '7' });
});

test('a template that fails is a 500, and the log has the place', async () => {
  const { url, restApiId } = await deploy(gateway, mock('{\n  "statusCode": #if(}'));
  await enableLogs(gateway, restApiId);
  expect(await gateway.invoke(url)).toMatchObject({ status: 500, body: '{"message": "Internal server error"}' });
  const lines = gateway.lines().map((line) => line.replace(/^\(\S+\) /, ''));
  expect(lines.slice(-2)).toEqual([
    expect.stringMatching(
      /^Execution failed due to configuration error: Unable to transform request: .+ \(template line \d+, column \d+\)$/,
    ),
    'Method completed with status: 500',
  ]);
});

test('a gateway response may be customised, and DEFAULT_4XX stands in for the others', async () => {
  const { restApiId } = await deploy(gateway, mock('{"statusCode": 200}'));
  await gateway.call('PutGatewayResponse', {
    restApiId,
    responseType: 'DEFAULT_4XX',
    statusCode: '404',
    responseParameters: {
      'gatewayresponse.header.X-From': "'brook'",
      'gatewayresponse.header.X-Q': 'method.request.querystring.q',
    },
    responseTemplates: {
      'application/json': '{"m":$context.error.messageString,"t":"$context.error.responseType","s":"$context.stage"}',
    },
  });
  await gateway.call('CreateDeployment', { restApiId, stageName: 'PROD' });
  const { status, headers, body } = await gateway.invoke(`${restApiId}/PROD/nowhere?q=1`);
  expect([status, body]).toEqual([
    404,
    '{"m":"Missing Authentication Token","t":"MISSING_AUTHENTICATION_TOKEN","s":"PROD"}',
  ]);
  expect(headers).toMatchObject({ 'X-From': 'brook', 'X-Q': '1' });
});

test("an access log has a line in the stage's format", async () => {
  const { url, restApiId } = await deploy(gateway, mock('{"statusCode": 200}', 'four'));
  const settings = {
    destinationArn: 'arn:aws:logs:ap-northeast-2:123456789012:log-group:access',
    format: '$context.requestId $context.status $context.responseLength $context.resourcePath $context.nothing',
  };
  await gateway.call('UpdateStage', {
    restApiId,
    stageName: 'PROD',
    patchOperations: Object.entries(settings).map(([key, value]) => ({
      op: 'replace',
      path: `/accessLogSettings/${key}`,
      value,
    })),
  });
  const { headers } = await gateway.invoke(url);
  expect(gateway.logs.map(({ group, event }) => [group, event.message])).toEqual([
    ['access', `${headers['x-amzn-RequestId']} 200 4 /v1 -`],
  ]);
});
