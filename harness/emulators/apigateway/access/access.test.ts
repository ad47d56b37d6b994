import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  ACCOUNT,
  deploy,
  enableLogs,
  json,
  REGION,
  ROLE,
  type TestGateway,
  testGateway,
  WORKSHOP_TIME,
} from '../testing.ts';

const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:gatekeeper`;
const URI = `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;
const MOCK = {
  integration: { type: 'MOCK', requestTemplates: { 'application/json': '{"statusCode": 200}' } },
  integrationResponses: [
    {
      statusCode: '200',
      responseTemplates: { 'application/json': '$context.authorizer.principalId/$context.authorizer.level' },
    },
  ],
};

/** What the function answers to which event; undefined stands for what is not asked in a test. */
let answer: (event: Record<string, unknown>) => unknown;
let events: Record<string, unknown>[];
let gateway: TestGateway;
beforeEach(async () => {
  events = [];
  answer = () => allow();
  gateway = testGateway(({ body }) => {
    const event = JSON.parse(body.toString());
    events.push(event);
    const given = answer(event);
    return given instanceof Error
      ? json(200, { errorMessage: given.message, errorType: 'Error' }, { 'x-amz-function-error': 'Unhandled' })
      : json(200, given);
  });
  await gateway.clock.travelTo(WORKSHOP_TIME);
});
afterEach(() => gateway.clock.close());

const replace = (path: string, value: string) => ({ op: 'replace', path, value });

function policyOf(Effect: string, Resource: string | string[] = '*') {
  return { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }] };
}

function allow(changes: object = {}) {
  return { principalId: 'pi-1', policyDocument: policyOf('Allow'), context: { level: 5 }, ...changes };
}

/** An API of which one method is looked after by an authorizer. */
async function guarded(changes: object = {}) {
  const { restApiId, at, url } = await deploy(gateway, MOCK);
  const authorizer = await gateway.call('CreateAuthorizer', {
    restApiId,
    name: 'gatekeeper',
    type: 'TOKEN',
    authorizerUri: URI,
    authorizerCredentials: ROLE,
    ...changes,
  });
  const patchOperations = [replace('/authorizationType', 'CUSTOM'), replace('/authorizerId', authorizer.id)];
  await gateway.call('UpdateMethod', { ...at, patchOperations });
  await gateway.call('CreateDeployment', { restApiId, stageName: 'PROD' });
  return { restApiId, at, url, authorizer };
}

const withToken = (token: string) => ({ headers: { Authorization: token } });

describe('a TOKEN authorizer', () => {
  test('gets the token and the method’s ARN, and its context reaches the templates', async () => {
    const { restApiId, url } = await guarded();
    expect(await gateway.invoke(url, withToken('secret'))).toMatchObject({ status: 200, body: 'pi-1/5' });
    expect(events).toEqual([
      {
        type: 'TOKEN',
        authorizationToken: 'secret',
        methodArn: `arn:aws:execute-api:${REGION}:${ACCOUNT}:${restApiId}/PROD/POST/v1`,
      },
    ]);
  });

  test.each([
    ['without a token', {}],
    ['with one that its expression does not match', withToken('wrong')],
  ])('%s the caller is 401, and the function is not asked', async (_name, request) => {
    const { url } = await guarded({ identityValidationExpression: 'secret-\\d+' });
    const refused = await gateway.invoke(url, request);
    expect(refused).toMatchObject({ status: 401, body: '{"message":"Unauthorized"}' });
    expect(refused.headers['x-amzn-ErrorType']).toBe('UnauthorizedException');
    expect(events).toEqual([]);
    expect((await gateway.invoke(url, withToken('secret-1'))).status).toBe(200);
  });

  test.each([
    ['throws Unauthorized', () => new Error('Unauthorized'), 401, '{"message":"Unauthorized"}'],
    ['throws anything else', () => new Error('no database'), 500, '{"message":null}'],
    ['answers no policy', () => ({ principalId: 'pi-1' }), 500, '{"message":null}'],
    ['answers with an object in its context', () => allow({ context: { a: {} } }), 500, '{"message":null}'],
    [
      'denies',
      () => allow({ policyDocument: policyOf('Deny') }),
      403,
      '{"Message":"User is not authorized to access this resource with an explicit deny"}',
    ],
    [
      'allows something else',
      () => allow({ policyDocument: policyOf('Allow', 'arn:aws:execute-api:*:*:*/PROD/GET/*') }),
      403,
      '{"Message":"User is not authorized to access this resource"}',
    ],
  ])('that %s decides the answer', async (_name, answers, status, body) => {
    answer = answers;
    const { url } = await guarded();
    expect(await gateway.invoke(url, withToken('secret'))).toMatchObject({ status, body });
  });

  test('is asked again only when its answer has grown old, or the cache is flushed', async () => {
    const { restApiId, url } = await guarded({ authorizerResultTtlInSeconds: 60 });
    const ask = async (token: string) => (await gateway.invoke(url, withToken(token))).status;
    expect([await ask('one'), await ask('one'), await ask('two')]).toEqual([200, 200, 200]);
    expect(events).toHaveLength(2);
    await gateway.clock.advance(59_999);
    await ask('one');
    expect(events).toHaveLength(2);
    await gateway.clock.advance(1);
    await ask('one');
    expect(events).toHaveLength(3);
    await gateway.call('FlushStageAuthorizersCache', { restApiId, stageName: 'PROD' });
    await ask('one');
    expect(events).toHaveLength(4);
  });

  test('a refusal is kept too', async () => {
    answer = () => allow({ policyDocument: policyOf('Deny') });
    const { url } = await guarded();
    for (let n = 0; n < 2; n++) expect((await gateway.invoke(url, withToken('secret'))).status).toBe(403);
    expect(events).toHaveLength(1);
  });

  test('with a time to live of 0 is asked every time', async () => {
    const { url } = await guarded({ authorizerResultTtlInSeconds: 0 });
    for (let n = 0; n < 2; n++) await gateway.invoke(url, withToken('secret'));
    expect(events).toHaveLength(2);
  });

  test('names the API key that the request is counted for', async () => {
    const { restApiId, at, url } = await guarded();
    const key = await gateway.call('CreateApiKey', { name: 'client', enabled: true });
    await gateway.call('UpdateRestApi', { restApiId, patchOperations: [replace('/apiKeySource', 'AUTHORIZER')] });
    await gateway.call('UpdateMethod', { ...at, patchOperations: [replace('/apiKeyRequired', 'true')] });
    await gateway.call('CreateDeployment', { restApiId, stageName: 'PROD' });
    const apiStages = [{ apiId: restApiId, stage: 'PROD' }];
    const { id: usagePlanId } = await gateway.call('CreateUsagePlan', { name: 'basic', apiStages });
    await gateway.call('CreateUsagePlanKey', { usagePlanId, keyId: key.id, keyType: 'API_KEY' });
    expect(
      (await gateway.invoke(url, { headers: { ...withToken('one').headers, 'X-Api-Key': key.value } })).status,
    ).toBe(403);
    answer = () => allow({ usageIdentifierKey: key.value });
    expect((await gateway.invoke(url, withToken('two'))).status).toBe(200);
  });
});

test('a method’s ARN may have 1,600 bytes where somebody is asked about it', async () => {
  const ask = async (bytes: number, authorizationType: string) => {
    const { restApiId, at } = await deploy(gateway, { ...MOCK, pathPart: '{value}' });
    const authorizer = await gateway.call('CreateAuthorizer', {
      restApiId,
      name: 'gatekeeper',
      type: 'TOKEN',
      identitySource: 'method.request.header.Authorization',
      authorizerUri: URI,
      authorizerCredentials: ROLE,
    });
    const patchOperations = [
      replace('/authorizationType', authorizationType),
      ...(authorizationType === 'CUSTOM' ? [replace('/authorizerId', authorizer.id)] : []),
    ];
    await gateway.call('UpdateMethod', { ...at, patchOperations });
    await gateway.call('CreateDeployment', { restApiId, stageName: 'PROD' });
    const before = `arn:aws:execute-api:${REGION}:${ACCOUNT}:${restApiId}/PROD/POST/`.length;
    return await gateway.invoke(`${restApiId}/PROD/${'a'.repeat(bytes - before)}`, withToken('one'));
  };
  expect((await ask(1600, 'CUSTOM')).status).toBe(200);
  expect(await ask(1601, 'CUSTOM')).toMatchObject({ status: 414, body: '{"message":"Request URI too long"}' });
  expect((await ask(1601, 'NONE')).status).toBe(200);
  expect(events).toHaveLength(1);
});

describe('a REQUEST authorizer', () => {
  test('gets the whole request, and is asked for each combination of its sources', async () => {
    const { url } = await guarded({
      type: 'REQUEST',
      identitySource: 'method.request.header.X-Device, method.request.querystring.q',
    });
    const request = { headers: { 'X-Device': 'pi-1' } };
    expect((await gateway.invoke(`${url}?q=1&q=2`, request)).status).toBe(200);
    expect(events[0]).toMatchObject({
      type: 'REQUEST',
      resource: '/v1',
      path: '/v1',
      httpMethod: 'POST',
      headers: { 'X-Device': 'pi-1' },
      queryStringParameters: { q: '2' },
      multiValueQueryStringParameters: { q: ['1', '2'] },
      pathParameters: {},
      requestContext: { stage: 'PROD', httpMethod: 'POST', path: '/PROD/v1', identity: { user: null } },
    });
    // Of the caller it is told as the function that answers is: no authorizer has spoken yet, and no key was looked for.
    expect(events[0]).not.toHaveProperty('requestContext.authorizer');
    expect(events[0]).not.toHaveProperty('requestContext.identity.apiKey');
    await gateway.invoke(`${url}?q=2`, request);
    await gateway.invoke(`${url}?q=3`, request);
    expect(events).toHaveLength(2);
    expect((await gateway.invoke(url, request)).status).toBe(401);
  });
});

test('the execution log tells of the authorizer as AWS does, and hides the token', async () => {
  const { restApiId, url, authorizer } = await guarded();
  await enableLogs(gateway, restApiId);
  await gateway.invoke(url, withToken('a-long-secret'));
  const lines = gateway.lines().map((line) => line.replace(/^\([^)]*\) /, ''));
  expect(lines.slice(1, 3)).toEqual([
    expect.stringMatching(new RegExp(`^Starting authorizer: ${authorizer.id} for request: `)),
    'Incoming identity: *******secret',
  ]);
  expect(lines).toContain('Using valid authorizer policy for principal: pi-1');
  expect(lines.indexOf('Successfully completed authorizer execution') + 1).toBe(
    lines.findIndex((line) => line.startsWith('Verifying Usage Plan')),
  );
});

describe('a resource policy', () => {
  const guardedBy = async (...statements: object[]) => {
    const { restApiId, url } = await deploy(gateway, MOCK);
    const Statement = statements.map((statement) => ({
      Effect: 'Allow',
      Principal: '*',
      Action: 'execute-api:Invoke',
      Resource: 'execute-api:/*/*/*',
      ...statement,
    }));
    const policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await gateway.call('UpdateRestApi', { restApiId, patchOperations: [replace('/policy', policy)] });
    return { restApiId, url, deployed: () => gateway.call('CreateDeployment', { restApiId, stageName: 'PROD' }) };
  };
  const from = (...addresses: string[]) => ({ Condition: { IpAddress: { 'aws:SourceIp': addresses } } });

  test('counts once it is deployed', async () => {
    const { url, deployed } = await guardedBy(from('203.0.113.0/24'));
    expect((await gateway.invoke(url)).status).toBe(200);
    await deployed();
    expect((await gateway.invoke(url)).status).toBe(403);
  });

  test('lets in whom it allows, and tells the others in AWS’s words', async () => {
    const { restApiId, url, deployed } = await guardedBy(from('127.0.0.0/8'));
    await deployed();
    expect((await gateway.invoke(url)).status).toBe(200);
    const patchOperations = [
      replace(
        '/policy',
        JSON.stringify({ Statement: [{ Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }] }),
      ),
    ];
    await gateway.call('UpdateRestApi', { restApiId, patchOperations });
    await deployed();
    const refused = await gateway.invoke(url);
    const arn = `arn:aws:execute-api:${REGION}:********9012:${restApiId}/PROD/POST/v1`;
    expect(refused).toMatchObject({
      status: 403,
      body: JSON.stringify({
        Message: `User: anonymous is not authorized to perform: execute-api:Invoke on resource: ${arn} with an explicit deny`,
      }),
    });
    expect(refused.headers['x-amzn-ErrorType']).toBe('AccessDeniedException');
  });

  test('of what is not evaluated is refused by name', async () => {
    await expect(guardedBy({ Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } })).rejects.toMatchObject({
      code: 'NotImplementedException',
      message: expect.stringContaining('the condition StringEquals with aws:SourceVpc'),
    });
  });
});

describe('the control plane', () => {
  test('answers a new authorizer as recorded from AWS', async () => {
    const { restApiId } = await deploy(gateway, MOCK);
    const created = await gateway.call('CreateAuthorizer', {
      restApiId,
      name: 'lambda_authorizer',
      type: 'TOKEN',
      authorizerUri: URI,
      identitySource: 'method.request.header.Auth',
    });
    const { id, ...shown } = created;
    expect(id).toMatch(/^[a-z0-9]{6}$/);
    expect(shown).toEqual({
      authType: 'custom',
      authorizerUri: URI,
      identitySource: 'method.request.header.Auth',
      name: 'lambda_authorizer',
      type: 'TOKEN',
    });
    expect(await gateway.call('GetAuthorizer', { restApiId, authorizerId: id })).toEqual({
      ...created,
      authorizerResultTtlInSeconds: 300,
    });
  });

  test('of an API that is not there fails as recorded', async () => {
    await expect(
      gateway.call('CreateAuthorizer', { restApiId: 'none', name: 'a', type: 'TOKEN' }),
    ).rejects.toMatchObject({
      code: 'ConflictException',
      message: 'Unable to complete operation due to concurrent modification. Please try again later.',
    });
    await expect(gateway.call('GetAuthorizers', { restApiId: 'none' })).rejects.toMatchObject({
      message: `Invalid API identifier specified ${ACCOUNT}:none`,
    });
  });

  test('an authorizer that a method uses stays', async () => {
    const { restApiId, authorizer } = await guarded();
    await expect(gateway.call('DeleteAuthorizer', { restApiId, authorizerId: authorizer.id })).rejects.toMatchObject({
      message: 'Cannot delete authorizer, is referenced in method',
    });
  });

  test('is changed as a whole or not at all', async () => {
    const { restApiId, authorizer } = await guarded();
    const change = (...patchOperations: object[]) =>
      gateway.call('UpdateAuthorizer', { restApiId, authorizerId: authorizer.id, patchOperations });
    await expect(change(replace('/name', 'other'), replace('/identitySource', 'nonsense'))).rejects.toMatchObject({
      message: 'Invalid mapping expression specified: nonsense',
    });
    expect(await gateway.call('GetAuthorizer', { restApiId, authorizerId: authorizer.id })).toMatchObject({
      name: 'gatekeeper',
    });
    expect(await change(replace('/name', 'other'), replace('/authorizerResultTtlInSeconds', '0'))).toMatchObject({
      name: 'other',
      authorizerResultTtlInSeconds: 0,
    });
  });
});
