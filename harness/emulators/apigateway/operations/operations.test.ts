import * as sdk from '@aws-sdk/client-api-gateway';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deploy, KINESIS, REGION, ROLE, type TestGateway, testGateway } from '../testing.ts';

let gateway: TestGateway;
beforeEach(() => {
  gateway = testGateway();
});
afterEach(() => gateway.clock.close());

/** An error of the API as it is answered. */
const failsWith = (code: string, message: string, status: number) => expect.objectContaining({ code, message, status });
const bad = (message: string) => failsWith('BadRequestException', message, 400);
const missing = (message: string) => failsWith('NotFoundException', message, 404);
const invalid = (message: string) => failsWith('ValidationException', message, 400);
const unsupported = (what: string) =>
  failsWith('NotImplementedException', `The API Gateway emulator of naetmul does not support ${what}.`, 501);

const MOCK = { integration: { type: 'MOCK', requestTemplates: { 'application/json': '{"statusCode": 200}' } } };
const patch = (path: string, value?: string, op = 'replace') => ({ patchOperations: [{ op, path, value }] });

// APIs

test('a new API shows what AWS shows', async () => {
  expect(await gateway.call('CreateRestApi', { name: 'ingest' })).toEqual({
    id: expect.stringMatching(/^[a-z0-9]{10}$/),
    name: 'ingest',
    createdDate: expect.any(Date),
    apiKeySource: 'HEADER',
    endpointConfiguration: { types: ['EDGE'], ipAddressType: 'ipv4' },
    disableExecuteApiEndpoint: false,
    rootResourceId: expect.stringMatching(/^[a-z0-9]{10}$/),
  });
});

test.each([
  [{ name: 'a', description: '' }, bad('Description cannot be an empty string')],
  [
    { name: 'a', endpointConfiguration: { types: [] } },
    bad('REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.'),
  ],
  [
    { name: 'a', endpointConfiguration: { types: ['EDGE', 'REGIONAL'] } },
    bad('Cannot create an api with multiple Endpoint Types.'),
  ],
  [
    { name: 'a', endpointConfiguration: { types: ['wrong'], ipAddressType: 'wrong' } },
    invalid(
      "2 validation errors detected: Value '[wrong]' at 'createRestApiInput.endpointConfiguration.types' failed to " +
        'satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [PRIVATE, EDGE, ' +
        "REGIONAL]]; Value 'wrong' at 'createRestApiInput.endpointConfiguration.ipAddressType' failed to satisfy " +
        'constraint: Member must satisfy enum value set: [ipv4, dualstack]',
    ),
  ],
  [
    { name: 'a', policy: '{}' },
    bad('Invalid policy document. Please check the policy syntax and ensure that Principals are valid.'),
  ],
])('CreateRestApi refuses %j', async (input, error) => {
  await expect(gateway.call('CreateRestApi', input)).rejects.toEqual(error);
});

test('a deleted API is not there', async () => {
  const { id } = await gateway.call('CreateRestApi', { name: 'a' });
  await gateway.call('DeleteRestApi', { restApiId: id });
  await expect(gateway.call('GetRestApi', { restApiId: id })).rejects.toEqual(
    missing(`Invalid API identifier specified 123456789012:${id}`),
  );
});

test('lists come in pages', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) ids.push((await gateway.call('CreateRestApi', { name: `api ${n}` })).id);
  const first = await gateway.call('GetRestApis', { limit: 2 });
  const second = await gateway.call('GetRestApis', { limit: 2, position: first.position });
  const third = await gateway.call('GetRestApis', { limit: 2, position: second.position });
  const found = [first, second, third].flatMap((page) => page.items.map((api: { id: string }) => api.id));
  expect(found).toEqual(ids);
  expect(third.position).toBeUndefined();
});

// Resources

test('resources form a tree: paths follow when one is renamed or moved, and children go with their parent', async () => {
  const { id: restApiId, rootResourceId } = await gateway.call('CreateRestApi', { name: 'a' });
  const make = (parentId: string, pathPart: string) =>
    gateway.call('CreateResource', { restApiId, parentId, pathPart });
  const pets = await make(rootResourceId, 'pets');
  const sub = await make(pets.id, 'sub');
  const leaf = await make(sub.id, '{id}');
  expect(leaf).toEqual({ id: leaf.id, parentId: sub.id, pathPart: '{id}', path: '/pets/sub/{id}' });
  await gateway.call('UpdateResource', { restApiId, resourceId: sub.id, ...patch('/parentId', rootResourceId) });
  await gateway.call('UpdateResource', { restApiId, resourceId: sub.id, ...patch('/pathPart', 'other') });
  expect((await gateway.call('GetResource', { restApiId, resourceId: leaf.id })).path).toBe('/other/{id}');
  await gateway.call('DeleteResource', { restApiId, resourceId: sub.id });
  const { items } = await gateway.call('GetResources', { restApiId });
  expect(items).toEqual([{ id: rootResourceId, path: '/' }, pets]);
});

test('what cannot be in the tree is refused in the words of AWS', async () => {
  const { id: restApiId, rootResourceId } = await gateway.call('CreateRestApi', { name: 'a' });
  const make = (parentId: string, pathPart: string) =>
    gateway.call('CreateResource', { restApiId, parentId, pathPart });
  const update = (resourceId: string, change: object) =>
    gateway.call('UpdateResource', { restApiId, resourceId, ...change });
  const proxy = await make(rootResourceId, '{proxy+}');
  const pets = await make(rootResourceId, 'pets');
  const child = await make(pets.id, 'child');
  await expect(make('nowhere', 'a')).rejects.toEqual(missing('Invalid Resource identifier specified'));
  await expect(make(proxy.id, 'a')).rejects.toEqual(
    bad('Cannot create a child of a resource with a greedy path variable: {proxy+}'),
  );
  await expect(make(rootResourceId, '{other}')).rejects.toEqual(
    bad('A sibling ({proxy+}) of this resource already has a variable path part -- only one is allowed'),
  );
  await expect(make(rootResourceId, 'pets')).rejects.toEqual(
    failsWith('ConflictException', 'Another resource with the same parent already has this name: pets', 409),
  );
  await expect(make(rootResourceId, 'a/b')).rejects.toEqual(expect.objectContaining({ code: 'BadRequestException' }));
  await expect(update(pets.id, patch('/parentId', child.id))).rejects.toEqual(bad('Resources cannot be cyclical.'));
  await expect(update(rootResourceId, patch('/pathPart', 'x'))).rejects.toEqual(
    bad('Root resource cannot update its pathPart.'),
  );
  await expect(update(pets.id, patch('/invalid', 'x'))).rejects.toEqual(
    bad("Invalid patch path  '/invalid' specified for op 'replace'. Must be one of: [/parentId, /pathPart]"),
  );
  await expect(update(pets.id, patch('/pathPart', 'x', 'add'))).rejects.toEqual(
    bad("Invalid patch path  '/pathPart' specified for op 'add'. Please choose supported operations"),
  );
  await expect(update(pets.id, patch('/pathPart', 'x', 'wrong'))).rejects.toEqual(
    invalid(
      "1 validation error detected: Value 'wrong' at 'updateResourceInput.patchOperations.1.member.op' failed to " +
        'satisfy constraint: Member must satisfy enum value set: [add, remove, move, test, replace, copy]',
    ),
  );
});

// Methods and integrations

async function method() {
  const { id: restApiId, rootResourceId: resourceId } = await gateway.call('CreateRestApi', { name: 'a' });
  return { restApiId, resourceId, httpMethod: 'POST' };
}

test.each([
  [
    { httpMethod: 'FETCH' },
    bad('Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY'),
  ],
  [
    { requestParameters: { 'method.request.header.a': true, 'method.request.querystring.a': true } },
    bad('Parameter names must be unique across querystring, header and path'),
  ],
  [
    { authorizationType: 'CUSTOM' },
    bad(
      'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
    ),
  ],
  [
    { authorizationType: 'AWS_IAM' },
    unsupported('IAM authorization, whose signatures it cannot check (authorizationType AWS_IAM)'),
  ],
  [{ requestValidatorId: 'abc' }, bad('Invalid Request Validator identifier specified')],
  [{ requestModels: { 'application/json': 'Pet' } }, bad('Invalid model identifier specified: Pet')],
])('PutMethod refuses %j', async (input, error) => {
  const at = await method();
  await expect(gateway.call('PutMethod', { ...at, authorizationType: 'NONE', ...input })).rejects.toEqual(error);
});

const AWS_URI = `arn:aws:apigateway:${REGION}:kinesis:action/PutRecord`;
test.each([
  [
    { type: 'HTTPS_PROXY' },
    invalid(
      "1 validation error detected: Value 'HTTPS_PROXY' at 'putIntegrationInput.type' failed to satisfy constraint: " +
        'Member must satisfy enum value set: [HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS]',
    ),
  ],
  [{ type: 'AWS', uri: AWS_URI }, bad('Enumeration value for HttpMethod must be non-empty')],
  [{ type: 'AWS', integrationHttpMethod: 'POST', uri: 'no arn' }, bad('Invalid ARN specified in the request')],
  [
    { type: 'AWS', integrationHttpMethod: 'POST', uri: 'arn:aws:lambda:r:1:function:f' },
    bad('AWS ARN for integration must contain path or action'),
  ],
  [
    { type: 'AWS', integrationHttpMethod: 'POST', uri: AWS_URI },
    bad('Role ARN must be specified for AWS integrations'),
  ],
  [{ type: 'MOCK', connectionType: 'VPC_LINK' }, unsupported('VPC links (connectionType)')],
  [{ type: 'MOCK', cacheKeyParameters: ['a'] }, unsupported('caching (cacheKeyParameters)')],
  [{ type: 'MOCK', timeoutInMillis: 29_001 }, bad('Timeout should be between 50 ms and 29000 ms')],
  [
    { type: 'MOCK', requestParameters: { 'integration.request.header.a': 'true' } },
    bad(
      'Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: true]',
    ),
  ],
  [
    { type: 'MOCK', requestTemplates: { 123: 'x' } },
    bad('Validation Result: warnings : [], errors : [Invalid content type specified: 123]'),
  ],
])('PutIntegration refuses %j', async (input, error) => {
  const at = await method();
  await gateway.call('PutMethod', { ...at, authorizationType: 'NONE' });
  await expect(gateway.call('PutIntegration', { ...at, ...input })).rejects.toEqual(error);
});

test('an integration shows what AWS shows', async () => {
  const { at } = await deploy(gateway, { integration: KINESIS });
  expect(await gateway.call('GetIntegration', at)).toEqual({
    type: 'AWS',
    httpMethod: 'POST',
    uri: KINESIS.uri,
    credentials: ROLE,
    requestParameters: KINESIS.requestParameters,
    requestTemplates: KINESIS.requestTemplates,
    passthroughBehavior: 'NEVER',
    timeoutInMillis: 29_000,
    cacheNamespace: at.resourceId,
    cacheKeyParameters: [],
    integrationResponses: { 200: { statusCode: '200' } },
  });
});

test('parts that are missing are named', async () => {
  const at = await method();
  await expect(gateway.call('GetMethod', at)).rejects.toEqual(missing('Invalid Method identifier specified'));
  await gateway.call('PutMethod', { ...at, authorizationType: 'NONE' });
  await expect(gateway.call('GetIntegration', at)).rejects.toEqual(missing('Invalid Integration identifier specified'));
  await gateway.call('PutIntegration', { ...at, type: 'MOCK' });
  const response = { ...at, statusCode: '200' };
  await expect(gateway.call('GetIntegrationResponse', response)).rejects.toEqual(
    missing('Invalid Response status code specified'),
  );
  expect(await gateway.call('PutIntegrationResponse', response)).toEqual({ statusCode: '200' });
  await expect(gateway.call('PutMethodResponse', { ...at, statusCode: 'wrong' })).rejects.toEqual(
    invalid(
      "1 validation error detected: Value 'wrong' at 'statusCode' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: [1-5]\\d\\d',
    ),
  );
  await expect(gateway.call('GetStage', { restApiId: at.restApiId, stageName: 'x' })).rejects.toEqual(
    missing('Invalid Stage identifier specified'),
  );
});

test('UpdateIntegration changes all or nothing', async () => {
  const { at } = await deploy(gateway, { integration: KINESIS });
  const change = {
    ...at,
    patchOperations: [
      { op: 'replace', path: '/uri', value: `${AWS_URI}s` },
      { op: 'replace', path: '/wrong', value: '' },
    ],
  };
  await expect(gateway.call('UpdateIntegration', change)).rejects.toEqual(bad('Invalid patch path /wrong'));
  expect((await gateway.call('GetIntegration', at)).uri).toBe(AWS_URI);
  await gateway.call('UpdateIntegration', { ...at, ...patch('/requestTemplates/text~1plain', 'x', 'add') });
  expect((await gateway.call('GetIntegration', at)).requestTemplates).toHaveProperty('text/plain', 'x');
});

// Deployments and stages

test('an API that is not complete cannot be deployed', async () => {
  const at = await method();
  const deployment = { restApiId: at.restApiId, stageName: 'PROD' };
  await expect(gateway.call('CreateDeployment', deployment)).rejects.toEqual(
    bad("The REST API doesn't contain any methods"),
  );
  await gateway.call('PutMethod', { ...at, authorizationType: 'NONE' });
  await expect(gateway.call('CreateDeployment', deployment)).rejects.toEqual(
    missing('No integration defined for method'),
  );
});

test('a deployment that a stage uses cannot be deleted', async () => {
  const { restApiId, deploymentId } = await deploy(gateway, MOCK);
  const deletion = { restApiId, deploymentId };
  await expect(gateway.call('DeleteDeployment', deletion)).rejects.toEqual(
    bad('Active stages pointing to this deployment must be moved or deleted'),
  );
  await gateway.call('DeleteStage', { restApiId, stageName: 'PROD' });
  await gateway.call('DeleteDeployment', deletion);
  expect((await gateway.call('GetDeployments', { restApiId })).items).toEqual([]);
});

test('a new stage shows what AWS shows', async () => {
  const { restApiId, deploymentId } = await deploy(gateway, MOCK);
  const stage = { restApiId, deploymentId, stageName: 'dev', variables: { a: 'b' } };
  expect(await gateway.call('CreateStage', stage)).toEqual({
    cacheClusterEnabled: false,
    cacheClusterStatus: 'NOT_AVAILABLE',
    createdDate: expect.any(Date),
    deploymentId,
    lastUpdatedDate: expect.any(Date),
    methodSettings: {},
    stageName: 'dev',
    tracingEnabled: false,
    variables: { a: 'b' },
  });
  await expect(gateway.call('CreateStage', stage)).rejects.toEqual(
    failsWith('ConflictException', 'Stage already exists', 409),
  );
});

test.each([
  [
    patch('/*/*/logging/loglevel', 'INFO'),
    bad('CloudWatch Logs role ARN must be set in account settings to enable logging'),
  ],
  [patch('/deploymentId', 'none'), bad('Deployment id does not exist')],
  [
    patch('/*/*', undefined, 'remove'),
    bad('Cannot remove method setting */* because there is no method setting for this method '),
  ],
  [
    patch('/accessLogSettings/other', 'x'),
    bad(
      'Invalid accessLogSettings path. Must be one of : [/accessLogSettings/destinationArn, /accessLogSettings/format]',
    ),
  ],
  [patch('/accessLogSettings/format', ''), bad('Access Log value must not be empty')],
  [patch('/cacheClusterEnabled', 'true'), unsupported('caching (patch path /cacheClusterEnabled)')],
  [patch('/*/*/caching/ttlInSeconds', '1'), unsupported('caching (patch path /*/*/caching/ttlInSeconds)')],
  [
    patch('/canarySettings/percentTraffic', '1'),
    unsupported('canary releases (patch path /canarySettings/percentTraffic)'),
  ],
  [patch('/tracingEnabled', 'true'), unsupported('X-Ray tracing (patch path /tracingEnabled)')],
])('UpdateStage refuses %j', async (change, error) => {
  const { restApiId } = await deploy(gateway, MOCK);
  await expect(gateway.call('UpdateStage', { restApiId, stageName: 'PROD', ...change })).rejects.toEqual(error);
});

test('a wrong path of a stage is answered with the list that AWS gives', async () => {
  const { restApiId } = await deploy(gateway, MOCK);
  const message = await gateway
    .call('UpdateStage', { restApiId, stageName: 'PROD', ...patch('/tags/tag1', 'x') })
    .catch((error: Error) => error.message);
  expect(message).toBe(
    'Invalid method setting path: /tags/tag1. Must be one of: [/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, /accessLogSettings, /accessLogSettings/destinationArn, /accessLogSettings/format, /{resourcePath}/{httpMethod}/metrics/enabled, /{resourcePath}/{httpMethod}/logging/dataTrace, /{resourcePath}/{httpMethod}/logging/loglevel, /{resourcePath}/{httpMethod}/throttling/burstLimit/{resourcePath}/{httpMethod}/throttling/rateLimit/{resourcePath}/{httpMethod}/caching/ttlInSeconds, /{resourcePath}/{httpMethod}/caching/enabled, /{resourcePath}/{httpMethod}/caching/dataEncrypted, /{resourcePath}/{httpMethod}/caching/requireAuthorizationForCacheControl, /{resourcePath}/{httpMethod}/caching/unauthorizedCacheControlHeaderStrategy, /*/*/metrics/enabled, /*/*/logging/dataTrace, /*/*/logging/loglevel, /*/*/throttling/burstLimit /*/*/throttling/rateLimit /*/*/caching/ttlInSeconds, /*/*/caching/enabled, /*/*/caching/dataEncrypted, /*/*/caching/requireAuthorizationForCacheControl, /*/*/caching/unauthorizedCacheControlHeaderStrategy, /variables/{variable_name}, /tracingEnabled]',
  );
});

test('settings of one method stand beside those of all', async () => {
  const { restApiId } = await deploy(gateway, MOCK);
  const stage = await gateway.call('UpdateStage', {
    restApiId,
    stageName: 'PROD',
    patchOperations: [
      { op: 'replace', path: '/*/*/metrics/enabled', value: 'true' },
      { op: 'replace', path: '/~1v1/POST/logging/dataTrace', value: 'true' },
      { op: 'replace', path: '/~1/GET/metrics/enabled', value: 'true' },
    ],
  });
  expect(Object.keys(stage.methodSettings)).toEqual(['*/*', 'v1/POST', '//GET']);
  expect(stage.methodSettings['v1/POST']).toMatchObject({ dataTraceEnabled: true, metricsEnabled: false });
});

// The rest

test('gateway responses are set, shown and taken back', async () => {
  const { restApiId } = await deploy(gateway, MOCK);
  const at = { restApiId, responseType: 'THROTTLED' };
  const byDefault = {
    responseType: 'THROTTLED',
    statusCode: '429',
    responseParameters: {},
    responseTemplates: { 'application/json': '{"message":$context.error.messageString}' },
    defaultResponse: true,
  };
  expect(await gateway.call('GetGatewayResponse', at)).toEqual(byDefault);
  await gateway.call('PutGatewayResponse', { ...at, statusCode: '503' });
  expect(await gateway.call('GetGatewayResponse', at)).toMatchObject({ statusCode: '503', defaultResponse: false });
  expect((await gateway.call('GetGatewayResponses', { restApiId })).items).toHaveLength(21);
  await gateway.call('DeleteGatewayResponse', at);
  await expect(gateway.call('DeleteGatewayResponse', at)).rejects.toEqual(
    missing('Gateway response type not defined on api'),
  );
});

test('every operation of the SDK is there or refused by name', async () => {
  const names = gateway.emulator.operations.map(({ schema }) => schema[2]);
  const all = Object.keys(sdk).flatMap((name) => /^(\w+)Command$/.exec(name)?.[1] ?? []);
  expect(all.length).toBeGreaterThan(100);
  expect(names).toEqual(expect.arrayContaining(all));
  expect(new Set(names).size).toBe(names.length);
  await expect(gateway.call('CreateVpcLink')).rejects.toEqual(unsupported('the operation CreateVpcLink'));
  await expect(gateway.call('GetSdk')).rejects.toEqual(unsupported('the operation GetSdk'));
});
