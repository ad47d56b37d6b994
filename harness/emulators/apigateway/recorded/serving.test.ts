import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deploy, type MethodPlan, type TestGateway, testGateway } from '../testing.ts';
import { bad } from './testing.ts';

let gateway: TestGateway;
beforeEach(() => {
  gateway = testGateway();
});
afterEach(() => gateway.clock.close());

const mock = (request: string, response: Readonly<Record<string, string>>, more: object = {}): MethodPlan => ({
  httpMethod: 'GET',
  integration: { type: 'MOCK', requestTemplates: { 'application/json': request } },
  integrationResponses: [{ statusCode: '200', responseTemplates: response, ...more }],
});

describe('MOCK', () => {
  test.each([
    'WHEN_NO_MATCH',
    'NEVER',
    'WHEN_NO_TEMPLATES',
  ])('answers a request that says JSON (%s)', async (wanted) => {
    const plan = mock('{"statusCode":200}', { 'application/json': '{"id":$input.params().path.id}' });
    const { url } = await deploy(gateway, {
      ...plan,
      pathPart: '{id}',
      integration: { ...plan.integration, passthroughBehavior: wanted },
    });
    const answer = await gateway.invoke(url.replace('{id}', '42'), {
      method: 'GET',
      headers: { 'Content-Type': 'application/json' },
    });
    expect(answer).toMatchObject({ status: 200, body: '{"id":42}' });
  });

  test('takes a status without quotes around its name, and without a template answers nothing', async () => {
    const { url } = await deploy(gateway, mock('{statusCode: 200}', {}, { selectionPattern: '2\\d{2}' }));
    expect(await gateway.invoke(url, { method: 'GET' })).toMatchObject({ status: 200, body: '' });
  });

  test.each([
    '{statusCode: 200}',
    '{"statusCode": "200"}',
    '{"statusCode": 200.0}',
    '{"statusCode": 2e2}',
    '\n{ "statusCode" : 200 }\n',
  ])('takes a status however its number is written: %j', async (request) => {
    const { url } = await deploy(gateway, mock(request, { 'application/json': 'served' }));
    expect(await gateway.invoke(url, { method: 'GET' })).toMatchObject({ status: 200, body: 'served' });
  });

  test.each([
    '200',
    '"200"',
    '',
    '{"statusCode": 200.5}',
    '{"statusCode": 99}',
    '{"statusCode": null}',
  ])('has no status in %j', async (request) => {
    const { url } = await deploy(gateway, mock(request, { 'application/json': 'served' }));
    expect((await gateway.invoke(url, { method: 'GET' })).status).toBe(500);
  });

  test('answers nothing by an empty template, as JSON', async () => {
    const { url } = await deploy(gateway, mock('{"statusCode":200}', { 'application/json': '' }));
    expect(await gateway.invoke(url, { method: 'GET' })).toMatchObject({
      status: 200,
      headers: { 'Content-Type': 'application/json' },
      body: '',
    });
  });

  test('hands an override of the request’s template on, whatever answers', async () => {
    const template = '#set($context.responseOverride.status = 444){"statusCode": 200}';
    for (const [response, body] of [
      [{}, ''],
      [{ 'application/json': '{"status":$context.responseOverride.status}' }, '{"status":444}'],
    ] as const) {
      const { url } = await deploy(gateway, mock(template, response));
      expect(await gateway.invoke(url, { method: 'GET' })).toMatchObject({ status: 444, body });
    }
  });

  test('lets the response’s template see what the request’s has overridden', async () => {
    const request = '#set($context.requestOverride.path.which = $input.params("a")){"statusCode": 200}';
    const response = { 'application/json': 'path was $context.requestOverride.path.which' };
    const { url } = await deploy(gateway, { ...mock(request, response), pathPart: '{a}' });
    expect((await gateway.invoke(url.replace('{a}', 'one'), { method: 'GET' })).body).toBe('path was one');
  });

  test('shows no trace, also if the sender named one', async () => {
    const { url } = await deploy(gateway, mock('{"statusCode":200}', {}));
    const headers = { 'X-Amzn-Trace-Id': 'Root=1-3152b799-8954dae64eda91bc9a23a7e8' };
    const answer = await gateway.invoke(url, { method: 'GET', headers });
    expect(Object.keys(answer.headers).map((name) => name.toLowerCase())).not.toContain('x-amzn-trace-id');
  });
});

test.each([
  ['GET', 'nowhere'],
  ['POST', 'v1'],
])('%s /%s, which is not there, misses its token', async (method, path) => {
  const { restApiId } = await deploy(gateway, mock('{"statusCode":200}', {}));
  const answer = await gateway.invoke(`${restApiId}/PROD/${path}`, { method });
  expect(answer).toMatchObject({ status: 403, body: '{"message":"Missing Authentication Token"}' });
  expect(answer.headers['x-amzn-ErrorType']).toBe('MissingAuthenticationTokenException');
});

test.each([
  ['EDGE', 'Authorization User-Agent tEsT'],
  ['REGIONAL', 'aUThorization user-agent tEsT'],
])('of a %s API names of headers are %s', async (type, names) => {
  const plan = mock('{"statusCode":200}', {
    'application/json': '#foreach($name in $input.params().header.keySet())$name #end',
  });
  const { url } = await deploy(gateway, { ...plan, api: { endpointConfiguration: { types: [type] } } });
  const headers = { aUThorization: 'a', 'user-agent': 'b', tEsT: 'c' };
  expect((await gateway.invoke(url, { method: 'GET', headers })).body).toContain(names);
});

describe('a template', () => {
  /** What it makes of a body, told through an override. */
  const made = async (template: string, body: string) => {
    const { url } = await deploy(gateway, {
      ...mock(`${template.replace('RESULT', '#set($context.requestOverride.path.out = "')}"){"statusCode": 200}`, {
        'application/json': '$context.requestOverride.path.out',
      }),
      httpMethod: 'POST',
    });
    return (await gateway.invoke(url, { body })).body;
  };
  const ASKED =
    '#set($r = $input.path("$.list"))#set($isNull = $r == $null)#set($isEmpty = $r == "")' +
    'RESULT$r|$r.nested|$isNull|$isEmpty|#if($r)there#{else}away#end';

  test.each([
    ['', '||true|true|away'],
    ['{"other": 1}', '||true|true|away'],
    ['{"list": null}', '||true|true|away'],
    ['{"list": []}', '[]||false|false|there'],
    ['{"list": ""}', '||true|true|there'],
    ['{"list": 0}', '0||false|false|there'],
  ])('finds what is missing in %s null, which is equal to an empty text and prints nothing', async (body, told) => {
    expect(await made(ASKED, body)).toBe(told);
  });

  test('takes what nobody has set for an empty text, however deep it asks', async () => {
    expect(await made("RESULT#if($nobody.at.all != '')there#{else}away#end", '{}')).toBe('away');
  });

  test('sets a name to nothing by what a text has not', async () => {
    expect(await made('#set($x = 1)#set($x = $input.body.none)#set($y = $input.none)RESULT[$x][$y][$z]', 'raw')).toBe(
      '[][][$z]',
    );
  });
});

test('the trace of a sender goes on to the backend, with its parent', async () => {
  const seen: unknown[] = [];
  gateway.clock.close();
  gateway = testGateway(({ headers }) => {
    seen.push(headers['X-Amzn-Trace-Id'] ?? headers['x-amzn-trace-id']);
    return { status: 200, headers: {}, body: Buffer.from('{}') };
  });
  const { url } = await deploy(gateway, {
    integration: {
      type: 'AWS',
      integrationHttpMethod: 'POST',
      uri: 'arn:aws:apigateway:us-east-1:kinesis:action/ListStreams',
      credentials: 'arn:aws:iam::123456789012:role/r',
    },
  });
  const trace = 'Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1';
  const { headers } = await gateway.invoke(url, { headers: { 'X-Amzn-Trace-Id': trace } });
  expect(seen).toEqual([trace]);
  expect(headers['X-Amzn-Trace-Id']).toBe(trace);
});

test('a deployment to a stage that is there moves the stage, and lets go of the one before', async () => {
  const { restApiId, deploymentId } = await deploy(gateway, mock('{"statusCode":200}', {}));
  const remove = (id: string) => gateway.call('DeleteDeployment', { restApiId, deploymentId: id });
  const used = bad('Active stages pointing to this deployment must be moved or deleted');
  await expect(remove(deploymentId)).rejects.toEqual(used);
  const { id } = await gateway.call('CreateDeployment', { restApiId, stageName: 'PROD' });
  expect((await gateway.call('GetStages', { restApiId })).item).toMatchObject([{ deploymentId: id }]);
  expect(await remove(deploymentId)).toEqual({});
  await expect(remove(id)).rejects.toEqual(used);
  await gateway.call('CreateStage', { restApiId, stageName: 'other', deploymentId: id });
  const { id: third } = await gateway.call('CreateDeployment', { restApiId, stageName: 'PROD' });
  const at = async (about: object) =>
    (await gateway.call('GetStages', { restApiId, ...about })).item.map(
      (stage: { stageName: string }) => stage.stageName,
    );
  expect(await at({ deploymentId: id })).toEqual(['other']);
  expect(await at({ deploymentId: third })).toEqual(['PROD']);
});
