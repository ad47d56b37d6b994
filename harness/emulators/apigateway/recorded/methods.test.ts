import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { REGION, type TestGateway, testGateway } from '../testing.ts';
import {
  api,
  bad,
  CODE_PROBLEM,
  change,
  missing,
  NO_INTEGRATION,
  NO_METHOD,
  NO_RESOURCE,
  unreadable,
  violation,
} from './testing.ts';

let gateway: TestGateway;
beforeEach(() => {
  gateway = testGateway();
});
afterEach(() => gateway.clock.close());

/** Where a GET method is, or could be. */
async function get(plan: 'nothing' | 'method' | 'integration' | 'response') {
  const { restApiId, resourceId } = await api(gateway);
  const at = { restApiId, resourceId, httpMethod: 'GET' };
  if (plan === 'nothing') return at;
  await gateway.call('PutMethod', { ...at, authorizationType: 'NONE' });
  if (plan === 'method') return at;
  await gateway.call('PutIntegration', { ...at, type: 'MOCK', requestTemplates: { 'application/json': '{}' } });
  if (plan === 'integration') return at;
  await gateway.call('PutIntegrationResponse', {
    ...at,
    statusCode: '200',
    selectionPattern: '',
    responseTemplates: { 'application/json': '"created"' },
  });
  return at;
}

const AUTHORIZER = bad(
  'Invalid authorizer ID specified. ' +
    'Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
);

describe('a method', () => {
  test('is there until it is deleted', async () => {
    const at = await get('nothing');
    const made = await gateway.call('PutMethod', { ...at, httpMethod: 'ANY', authorizationType: 'none' });
    expect(made).toEqual({ httpMethod: 'ANY', authorizationType: 'NONE', apiKeyRequired: false });
    expect(await gateway.call('GetMethod', { ...at, httpMethod: 'ANY' })).toEqual(made);
    await gateway.call('DeleteMethod', { ...at, httpMethod: 'ANY' });
    await expect(gateway.call('GetMethod', { ...at, httpMethod: 'ANY' })).rejects.toEqual(NO_METHOD);
    await expect(gateway.call('DeleteMethod', { ...at, httpMethod: 'ANY' })).rejects.toEqual(NO_METHOD);
  });

  test.each([
    [{ restApiId: 'nowhere' }, NO_RESOURCE],
    [{ resourceId: 'nowhere' }, NO_RESOURCE],
    [
      { httpMethod: 'METHOD' },
      bad('Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY'),
    ],
    [{ authorizationType: 'CUSTOM' }, AUTHORIZER],
    [{ requestValidatorId: 'nobody' }, bad('Invalid Request Validator identifier specified')],
    [{ requestModels: { 'application/json': 'Pet' } }, bad('Invalid model identifier specified: Pet')],
    [
      { requestParameters: { 'method.request.querystring.q': true, 'method.request.header.q': false } },
      bad('Parameter names must be unique across querystring, header and path'),
    ],
  ])('cannot be made with %j', async (more, error) => {
    const at = await get('nothing');
    await expect(gateway.call('PutMethod', { ...at, authorizationType: 'NONE', ...more })).rejects.toEqual(error);
  });

  test.each([
    [[change('add', '/operationName', 'x')], bad('Invalid patch operation specified. Must be one of: [replace]')],
    [[change('add', '/requestValidatorId', 'x')], bad('Invalid patch operation specified. Must be one of: [replace]')],
    [[change('add', '/httpMethod', 'PUT')], bad('Invalid patch path /httpMethod')],
    [
      [change('replace', '/requestParameters', 'method.request.querystring.q=false')],
      bad('Invalid patch path /requestParameters'),
    ],
    [
      [change('add', '/requestModels/application/json', 'Empty')],
      bad('Invalid patch path /requestModels/application/json'),
    ],
    [[change('replace', '/authorizationType', 'CUSTOM')], AUTHORIZER],
    [[change('replace', '/authorizationType', 'CUSTOM'), change('replace', '/authorizerId', 'nobody')], AUTHORIZER],
    [[change('replace', '/requestValidatorId', 'nobody')], bad('Invalid Request Validator identifier specified')],
  ])('cannot be changed by %j', async (patchOperations, error) => {
    await expect(gateway.call('UpdateMethod', { ...(await get('method')), patchOperations })).rejects.toEqual(error);
  });

  test('takes any text for a truth value, and an authorizer that nobody asks', async () => {
    const at = await get('method');
    const shown = { httpMethod: 'GET', authorizationType: 'NONE', apiKeyRequired: false };
    for (const patch of [change('replace', '/apiKeyRequired', 'whatever'), change('replace', '/authorizerId', 'x')]) {
      expect(await gateway.call('UpdateMethod', { ...at, patchOperations: [patch] })).toEqual(shown);
    }
  });
});

describe('an integration', () => {
  test.each([
    [{ type: 'HTTPS_PROXY' }, violation(typeProblem('HTTPS_PROXY'))],
    [{ httpMethod: 'POST' }, NO_METHOD],
    [{ resourceId: 'nowhere' }, NO_RESOURCE],
    [
      {
        type: 'AWS_PROXY',
        integrationHttpMethod: 'POST',
        uri: `arn:aws:apigateway:${REGION}:dynamodb:action/Query`,
      },
      bad("Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations."),
    ],
    [
      { requestParameters: { 'integration.request.path.a': true } },
      unreadable('class java.lang.Boolean can not be converted to an String'),
    ],
  ])('cannot be made with %j', async (more, error) => {
    const at = await get('method');
    await expect(gateway.call('PutIntegration', { ...at, type: 'MOCK', ...more })).rejects.toEqual(error);
  });

  test.each([
    [{ restApiId: 'nowhere' }, NO_RESOURCE],
    [{ resourceId: 'nowhere' }, NO_RESOURCE],
    [{ httpMethod: 'POST' }, NO_METHOD],
    [{}, NO_INTEGRATION],
  ])('is not at %j', async (more, error) => {
    await expect(gateway.call('GetIntegration', { ...(await get('method')), ...more })).rejects.toEqual(error);
  });
});

function typeProblem(type: string): string {
  return (
    `Value '${type}' at 'putIntegrationInput.type' failed to satisfy constraint: ` +
    'Member must satisfy enum value set: [HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS]'
  );
}

describe('an integration response', () => {
  test('needs no method response, and is replaced as a whole', async () => {
    const at = { ...(await get('response')), statusCode: '200' };
    const made = { statusCode: '200', selectionPattern: '', responseTemplates: { 'application/json': '"created"' } };
    expect(await gateway.call('GetIntegrationResponse', at)).toEqual(made);
    const patchOperations = [change('replace', '/selectionPattern', 'updated')];
    expect(await gateway.call('UpdateIntegrationResponse', { ...at, patchOperations })).toEqual({
      ...made,
      selectionPattern: 'updated',
    });
    expect(await gateway.call('PutIntegrationResponse', { ...at, selectionPattern: 'again' })).toEqual({
      statusCode: '200',
      selectionPattern: 'again',
    });
    const { methodIntegration } = await gateway.call('GetMethod', at);
    expect(methodIntegration.integrationResponses).toEqual({ 200: { statusCode: '200', selectionPattern: 'again' } });
    expect(await gateway.call('DeleteIntegrationResponse', at)).toEqual({});
    await expect(gateway.call('GetIntegrationResponse', at)).rejects.toEqual(
      missing('Invalid Response status code specified'),
    );
  });

  test.each([
    [{ restApiId: 'nowhere' }, NO_RESOURCE],
    [{ resourceId: 'nowhere' }, NO_RESOURCE],
    [{ httpMethod: 'POST' }, NO_METHOD],
    [{ statusCode: 'wrong' }, violation(CODE_PROBLEM)],
    [
      { responseTemplates: { 'application/json': 1 } },
      unreadable('class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String'),
    ],
    [
      { responseTemplates: { 123: 'x' } },
      bad('Validation Result: warnings : [], errors : [Invalid content type specified: 123]'),
    ],
  ])('cannot be made with %j', async (more, error) => {
    const at = { ...(await get('integration')), statusCode: '200' };
    await expect(gateway.call('PutIntegrationResponse', { ...at, ...more })).rejects.toEqual(error);
  });

  test.each([
    [{ restApiId: 'nowhere' }, NO_RESOURCE],
    [{ resourceId: 'nowhere' }, NO_RESOURCE],
    // Of a method that is not there the integration is not there.
    [{ httpMethod: 'POST' }, NO_INTEGRATION],
    [{ httpMethod: 'bad' }, NO_INTEGRATION],
    [{ statusCode: '400' }, missing('Invalid Response status code specified')],
  ])('is not deleted at %j', async (more, error) => {
    const at = { ...(await get('response')), statusCode: '200' };
    await expect(gateway.call('DeleteIntegrationResponse', { ...at, ...more })).rejects.toEqual(error);
  });
});

test('usage plans lose no stage that they have not', async () => {
  const at = await get('integration');
  await gateway.call('CreateDeployment', { restApiId: at.restApiId, stageName: 'dev' });
  const apiStages = [{ apiId: at.restApiId, stage: 'dev' }];
  const { id: usagePlanId } = await gateway.call('CreateUsagePlan', { name: 'plan', apiStages });
  const remove = (value?: string) =>
    gateway.call('UpdateUsagePlan', { usagePlanId, patchOperations: [change('remove', '/apiStages', value)] });
  for (const value of [undefined, 'fake']) {
    await expect(remove(value)).rejects.toEqual(bad('Invalid API Stage specified'));
  }
  for (const [id, stage] of [
    [`${at.restApiId}b`, 'dev'],
    [at.restApiId, 'fake'],
  ]) {
    await expect(remove(`${id}:${stage}`)).rejects.toEqual(
      missing(`Invalid API Stage {api: ${id}, stage: ${stage}} specified for usageplan ${usagePlanId}`),
    );
  }
  expect(await gateway.call('GetUsagePlan', { usagePlanId })).toMatchObject({ apiStages });
});
