import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deploy, enableLogs, type TestGateway, testGateway } from '../testing.ts';

let gateway: TestGateway;
beforeEach(() => {
  gateway = testGateway();
});
afterEach(() => gateway.clock.close());

const INTEGRATION = {
  integration: { type: 'MOCK', requestTemplates: { 'application/json': '{"statusCode": 200}' } },
  integrationResponses: [{ statusCode: '200', responseTemplates: { 'application/json': 'ok' } }],
};

interface Plan {
  readonly models?: Readonly<Record<string, object>>;
  readonly requestModels?: Readonly<Record<string, string>>;
  readonly requestParameters?: Readonly<Record<string, boolean>>;
  readonly validator?: object;
  readonly pathPart?: string;
}

/** An API whose method has a validator of everything. */
async function validated(plan: Plan) {
  const { restApiId, at, url } = await deploy(gateway, { ...INTEGRATION, pathPart: plan.pathPart ?? 'v1' });
  for (const [name, schema] of Object.entries(plan.models ?? {})) {
    await gateway.call('CreateModel', {
      restApiId,
      name,
      contentType: 'application/json',
      schema: JSON.stringify(schema).replaceAll('{api}', restApiId),
    });
  }
  const { id } = await gateway.call('CreateRequestValidator', {
    restApiId,
    name: 'all',
    validateRequestBody: true,
    validateRequestParameters: true,
    ...plan.validator,
  });
  const entries = (member: string, values: object = {}) =>
    Object.entries(values).map(([key, value]) => ({
      op: 'add',
      path: `/${member}/${key.replaceAll('/', '~1')}`,
      value: String(value),
    }));
  await gateway.call('UpdateMethod', {
    ...at,
    patchOperations: [
      { op: 'replace', path: '/requestValidatorId', value: id },
      ...entries('requestModels', plan.requestModels),
      ...entries('requestParameters', plan.requestParameters),
    ],
  });
  await gateway.call('CreateDeployment', { restApiId, stageName: 'PROD' });
  return { restApiId, url, validatorId: id as string };
}

const JSON_BODY = { headers: { 'content-type': 'application/json' } };
const SUM = { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } }, required: ['a', 'b'] };
const INVALID = { status: 400, body: '{"message": "Invalid request body"}' };

describe('required parameters', () => {
  const requestParameters = {
    'method.request.querystring.qs1': true,
    'method.request.path.issuer': true,
    'method.request.header.x-header-param': true,
    'method.request.header.optional': false,
  };

  test('are all named that are missing, headers first', async () => {
    const { url } = await validated({ requestParameters });
    const answer = await gateway.invoke(url);
    expect(answer).toMatchObject({
      status: 400,
      body: '{"message": "Missing required request parameters: [x-header-param, issuer, qs1]"}',
    });
    expect(answer.headers['x-amzn-ErrorType']).toBe('BadRequestException');
  });

  test('let a request pass that has them, also with empty values', async () => {
    const { restApiId } = await validated({ requestParameters, pathPart: '{issuer}' });
    const headers = { 'x-header-param': '' };
    expect(await gateway.invoke(`${restApiId}/PROD/x?qs1`, { headers })).toMatchObject({ status: 200, body: 'ok' });
  });

  test('may have dots in their names', async () => {
    const { url } = await validated({ requestParameters: { 'method.request.querystring.patient.identifier': true } });
    expect(await gateway.invoke(`${url}?patient.identifier=1`)).toMatchObject({ status: 200 });
    expect(await gateway.invoke(`${url}?patient=1`)).toMatchObject({
      body: '{"message": "Missing required request parameters: [patient.identifier]"}',
    });
  });

  test('are not asked for without a validator of parameters, nor after it is taken away', async () => {
    const { url } = await validated({ requestParameters, validator: { validateRequestParameters: false } });
    expect(await gateway.invoke(url)).toMatchObject({ status: 200 });
  });
});

describe('bodies', () => {
  const plan = { models: { Sum: SUM }, requestModels: { 'application/json': 'Sum' } };

  test.each([
    ['a body of the model', '{"a":1,"b":2}', { status: 200, body: 'ok' }],
    ['a body without a member', '{"a":1}', INVALID],
    ['no body', '', INVALID],
    ['a body that is no JSON', 'a=1&b=2', INVALID],
    ['a body that is an array', '[]', INVALID],
  ])('%s', async (_what, body, answer) => {
    const { url } = await validated(plan);
    expect(await gateway.invoke(url, { ...JSON_BODY, body })).toMatchObject(answer);
    expect(await gateway.invoke(url, { body }), 'without a content type').toMatchObject(answer);
  });

  test('of a type without a model are not looked at', async () => {
    const { url } = await validated(plan);
    const request = { headers: { 'content-type': 'text/plain' }, body: '{"statusCode": 200}' };
    expect(await gateway.invoke(url, request)).toMatchObject({ status: 200 });
  });

  test('of every other type are of the model for $default', async () => {
    const { url } = await validated({ models: { Sum: SUM }, requestModels: { $default: 'Sum' } });
    const request = { headers: { 'content-type': 'text/plain' }, body: '{}' };
    expect(await gateway.invoke(url, request)).toMatchObject(INVALID);
  });

  test('are of the model for their type with any charset', async () => {
    const { url } = await validated(plan);
    const headers = { 'content-type': 'application/json; charset=UTF-8' };
    expect(await gateway.invoke(url, { headers, body: '{}' })).toMatchObject(INVALID);
    expect(await gateway.invoke(url, { headers, body: '{"a":1,"b":2}' })).toMatchObject({ status: 200 });
  });

  test('may be of models that refer to models', async () => {
    const ref = { $ref: 'https://apigateway.amazonaws.com/restapis/{api}/models/Sum' };
    const { url } = await validated({
      models: {
        Sum: SUM,
        Either: { type: 'object', properties: { sum: { oneOf: [{ type: 'null' }, ref] } }, required: ['sum'] },
      },
      requestModels: { 'application/json': 'Either' },
    });
    const statuses = [];
    for (const sum of [null, { a: 1, b: 2 }, { a: 1 }, undefined]) {
      statuses.push((await gateway.invoke(url, { ...JSON_BODY, body: JSON.stringify({ sum }) })).status);
    }
    expect(statuses).toEqual([200, 200, 400, 400]);
  });

  test('are judged by what was deployed', async () => {
    const { url, restApiId } = await validated(plan);
    const patchOperations = [{ op: 'replace', path: '/schema', value: '{"type":"array"}' }];
    await gateway.call('UpdateModel', { restApiId, modelName: 'Sum', patchOperations });
    expect(await gateway.invoke(url, { ...JSON_BODY, body: '[]' })).toMatchObject(INVALID);
    await gateway.call('CreateDeployment', { restApiId, stageName: 'PROD' });
    expect(await gateway.invoke(url, { ...JSON_BODY, body: '[]' })).toMatchObject({ status: 200 });
  });

  test('say in the execution log and to gateway responses what is wrong with them', async () => {
    const { url, restApiId } = await validated(plan);
    await enableLogs(gateway, restApiId);
    await gateway.call('PutGatewayResponse', {
      restApiId,
      responseType: 'BAD_REQUEST_BODY',
      responseTemplates: { 'application/json': '$context.error.validationErrorString' },
    });
    await gateway.call('CreateDeployment', { restApiId, stageName: 'PROD' });
    const said = async (body: string) => {
      const { body: answered } = await gateway.invoke(url, { ...JSON_BODY, body });
      const [line] = gateway.lines().filter((text) => text.includes(answered));
      return { answered, line: line?.replace(/^\(\S+\) /, '') };
    };
    const prefix = 'Request body does not match model schema for content type application/json: ';
    for (const [body, details] of [
      ['{}', '[object has missing required properties (["a","b"])]'],
      ['', '[Unknown error parsing request body]'],
      [
        '{"b":"x","a":true}',
        '[instance type (boolean) does not match any allowed primitive type (allowed: ["integer","number"]), ' +
          'instance type (string) does not match any allowed primitive type (allowed: ["integer","number"])]',
      ],
    ] as const) {
      expect(await said(body)).toEqual({ answered: details, line: prefix + details });
    }
  });
});
