import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { ACCOUNT, REGION, ROLE, type TestGateway, testGateway } from '../testing.ts';

let gateway: TestGateway;
beforeEach(() => {
  gateway = testGateway();
});
afterEach(() => gateway.clock.close());

const bad = (message: string) => expect.objectContaining({ code: 'BadRequestException', message, status: 400 });
const unsupported = (what: string) =>
  expect.objectContaining({
    code: 'NotImplementedException',
    message: `The API Gateway emulator of naetmul does not support ${what}.`,
  });

const body = (definition: object | string) =>
  Buffer.from(typeof definition === 'string' ? definition : JSON.stringify(definition));
const importApi = (definition: object | string, more: object = {}) =>
  gateway.call('ImportRestApi', { body: body(definition), ...more });
const putApi = (restApiId: string, definition: object | string, more: object = {}) =>
  gateway.call('PutRestApi', { restApiId, body: body(definition), ...more });

async function resourcesOf(restApiId: string) {
  const { items } = await gateway.call('GetResources', { restApiId, embed: ['methods'] });
  return Object.fromEntries(items.map((item: { path: string }) => [item.path, item]));
}

const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:f`;
const INVOCATION = `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;

const MOCK = {
  type: 'mock',
  requestTemplates: { 'application/json': '{"statusCode": 200}' },
  passthroughBehavior: 'when_no_match',
  responses: { default: { statusCode: '200' } },
};
const OK = { 200: { description: '200 response' } };
const mocked = (more: object = {}) => ({ responses: OK, 'x-amazon-apigateway-integration': MOCK, ...more });

const swagger = (more: object = {}) => ({ swagger: '2.0', info: { title: 'pets', version: '1.0' }, ...more });
const openapi = (more: object = {}) => ({ openapi: '3.0.1', info: { title: 'pets', version: '1.0' }, ...more });

const SWAGGER = swagger({
  securityDefinitions: {
    'test-authorizer': {
      type: 'apiKey',
      name: 'Authorization',
      in: 'header',
      'x-amazon-apigateway-authtype': 'oauth2',
      'x-amazon-apigateway-authorizer': {
        type: 'token',
        authorizerUri: INVOCATION,
        authorizerCredentials: ROLE,
        identityValidationExpression: '^x-[a-z]+',
        authorizerResultTtlInSeconds: 60,
      },
    },
    key: { type: 'apiKey', name: 'x-api-key', in: 'header' },
  },
  definitions: {
    Pet: {
      type: 'object',
      properties: { name: { type: 'string', example: 'Nabi' }, kind: { $ref: '#/definitions/Kind' } },
    },
    Kind: { type: 'string', enum: ['cat', 'dog'] },
  },
  paths: {
    '/pets': {
      get: {
        security: [{ 'test-authorizer': [] }],
        parameters: [
          { name: 'type', in: 'query', required: false, type: 'string' },
          { name: 'x-page', in: 'header', required: true, type: 'string' },
        ],
        responses: {
          200: {
            description: '',
            schema: { $ref: '#/definitions/Pet' },
            headers: { 'Access-Control-Allow-Origin': { type: 'string' } },
          },
        },
        'x-amazon-apigateway-integration': {
          type: 'http',
          uri: 'http://petstore.example.com/pets',
          httpMethod: 'GET',
          passthroughBehavior: 'when_no_match',
          requestParameters: { 'integration.request.querystring.type': 'method.request.querystring.type' },
          responses: {
            default: {
              statusCode: 200,
              responseParameters: { 'method.response.header.Access-Control-Allow-Origin': "'*'" },
            },
          },
        },
      },
      post: {
        operationId: 'CreatePet',
        security: [{ key: [] }],
        consumes: ['application/json'],
        parameters: [{ in: 'body', name: 'Pet', required: true, schema: { $ref: '#/definitions/Pet' } }],
        responses: OK,
      },
    },
    '/pets/{petId}': { 'x-amazon-apigateway-any-method': mocked() },
  },
});

describe('a definition of Swagger 2.0', () => {
  test('becomes an API with its methods, models, authorizers and nothing else', async () => {
    const { id: restApiId, ...api } = await importApi(SWAGGER, { failOnWarnings: true });
    expect(api).toEqual({
      name: 'pets',
      version: '1.0',
      createdDate: expect.any(Date),
      apiKeySource: 'HEADER',
      disableExecuteApiEndpoint: false,
      endpointConfiguration: { types: ['EDGE'], ipAddressType: 'ipv4' },
      rootResourceId: expect.any(String),
    });
    const { items: authorizers } = await gateway.call('GetAuthorizers', { restApiId });
    expect(authorizers).toEqual([
      {
        id: expect.any(String),
        name: 'test-authorizer',
        type: 'TOKEN',
        authType: 'oauth2',
        authorizerUri: INVOCATION,
        authorizerCredentials: ROLE,
        identitySource: 'method.request.header.Authorization',
        identityValidationExpression: '^x-[a-z]+',
        authorizerResultTtlInSeconds: 60,
      },
    ]);
    const { items: models } = await gateway.call('GetModels', { restApiId });
    expect(models.map(({ name, schema }: { name: string; schema: string }) => [name, JSON.parse(schema)])).toEqual([
      [
        'Pet',
        {
          type: 'object',
          properties: {
            name: { type: 'string' },
            kind: { $ref: `https://apigateway.amazonaws.com/restapis/${restApiId}/models/Kind` },
          },
        },
      ],
      ['Kind', { type: 'string', enum: ['cat', 'dog'] }],
    ]);
    const resources = await resourcesOf(restApiId);
    expect(Object.keys(resources)).toEqual(['/', '/pets', '/pets/{petId}']);
    expect(resources['/pets'].resourceMethods.GET).toMatchObject({
      httpMethod: 'GET',
      authorizationType: 'CUSTOM',
      authorizerId: authorizers[0].id,
      apiKeyRequired: false,
      requestParameters: { 'method.request.querystring.type': false, 'method.request.header.x-page': true },
      methodResponses: {
        200: {
          statusCode: '200',
          responseModels: { 'application/json': 'Pet' },
          responseParameters: { 'method.response.header.Access-Control-Allow-Origin': false },
        },
      },
      methodIntegration: {
        type: 'HTTP',
        httpMethod: 'GET',
        uri: 'http://petstore.example.com/pets',
        passthroughBehavior: 'WHEN_NO_MATCH',
        timeoutInMillis: 29000,
        requestParameters: { 'integration.request.querystring.type': 'method.request.querystring.type' },
        cacheNamespace: resources['/pets'].id,
        integrationResponses: {
          200: {
            statusCode: '200',
            responseParameters: { 'method.response.header.Access-Control-Allow-Origin': "'*'" },
          },
        },
      },
    });
    expect(resources['/pets'].resourceMethods.POST).toEqual({
      httpMethod: 'POST',
      authorizationType: 'NONE',
      apiKeyRequired: true,
      operationName: 'CreatePet',
      requestModels: { 'application/json': 'Pet' },
      methodResponses: { 200: { statusCode: '200' } },
    });
    expect(resources['/pets/{petId}'].resourceMethods.ANY.requestParameters).toEqual({
      'method.request.path.petId': true,
    });
  });

  test('serves after it is deployed', async () => {
    const { id: restApiId } = await importApi(swagger({ paths: { '/pets/{petId}': { get: mocked() } } }));
    await gateway.call('CreateDeployment', { restApiId, stageName: 'PROD' });
    expect(await gateway.invoke(`${restApiId}/PROD/pets/7`, { method: 'GET' })).toMatchObject({ status: 200 });
  });
});

describe('a definition of OpenAPI 3.0', () => {
  test('brings models that refer to each other in a circle, a validator and its use', async () => {
    const definition = openapi({
      'x-amazon-apigateway-request-validators': {
        basic: { validateRequestBody: true, validateRequestParameters: true },
      },
      'x-amazon-apigateway-request-validator': 'basic',
      paths: {
        '/person': {
          post: mocked({
            requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Person' } } } },
          }),
        },
      },
      components: {
        schemas: {
          Person: { type: 'object', required: ['b'], properties: { house: { $ref: '#/components/schemas/House' } } },
          House: {
            type: 'object',
            properties: { in: { type: 'array', items: { $ref: '#/components/schemas/Person' } } },
          },
        },
      },
    });
    const { id: restApiId } = await importApi(stringify(definition));
    await gateway.call('CreateDeployment', { restApiId, stageName: 'PROD' });
    const post = async (value: object) => {
      const headers = { 'content-type': 'application/json' };
      return (await gateway.invoke(`${restApiId}/PROD/person`, { headers, body: JSON.stringify(value) })).status;
    };
    expect(await post({ b: 1, house: { in: [{ b: 2 }] } })).toBe(200);
    expect(await post({ b: 1, house: { in: [{}] } })).toBe(400);
  });

  test('makes a model of a schema that is written in place, one for all that are alike', async () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const content = { 'application/json': { schema }, 'application/x-pet': { schema } };
    const { id: restApiId } = await importApi(
      openapi({ paths: { '/a': { put: mocked({ requestBody: { content } }) } } }),
    );
    const { items } = await gateway.call('GetModels', { restApiId });
    expect(items).toEqual([expect.objectContaining({ name: expect.stringMatching(/^MODEL[a-z0-9]{6}$/) })]);
    const [{ name }] = items;
    const resources = await resourcesOf(restApiId);
    expect(resources['/a'].resourceMethods.PUT.requestModels).toEqual({
      'application/json': name,
      'application/x-pet': name,
    });
  });

  test("takes AWS's extensions of the whole API", async () => {
    const policy = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' }],
    };
    const api = await importApi(
      openapi({
        servers: [{ url: '/', 'x-amazon-apigateway-endpoint-configuration': { disableExecuteApiEndpoint: true } }],
        paths: { '/': { get: mocked() } },
        'x-amazon-apigateway-api-key-source': 'authorizer',
        'x-amazon-apigateway-binary-media-types': ['*/*'],
        'x-amazon-apigateway-policy': policy,
        'x-amazon-apigateway-gateway-responses': {
          DEFAULT_4XX: { statusCode: 418, responseTemplates: { 'text/plain': 'no' } },
        },
      }),
      { parameters: { endpointConfigurationTypes: 'REGIONAL' } },
    );
    expect(api).toMatchObject({
      apiKeySource: 'AUTHORIZER',
      binaryMediaTypes: ['*/*'],
      disableExecuteApiEndpoint: true,
      endpointConfiguration: { types: ['REGIONAL'] },
    });
    expect(JSON.parse(JSON.parse(`"${api.policy}"`))).toMatchObject({ Version: '2012-10-17' });
    expect(await gateway.call('GetGatewayResponse', { restApiId: api.id, responseType: 'DEFAULT_4XX' })).toMatchObject({
      statusCode: '418',
      responseTemplates: { 'text/plain': 'no' },
      defaultResponse: false,
    });
  });

  test('gives every operation without security of its own that of the whole', async () => {
    const scheme = {
      type: 'apiKey',
      name: 'Unused',
      in: 'header',
      'x-amazon-apigateway-authtype': 'custom',
      'x-amazon-apigateway-authorizer': {
        type: 'request',
        authorizerUri: INVOCATION,
        identitySource: 'method.request.header.Custom-Authorization',
      },
    };
    const { id: restApiId } = await importApi(
      openapi({
        security: [{ auth: [] }],
        components: { securitySchemes: { auth: scheme } },
        paths: { '/a': { get: mocked(), put: mocked({ security: [] }) } },
      }),
    );
    const { resourceMethods } = (await resourcesOf(restApiId))['/a'];
    expect(resourceMethods.GET).toMatchObject({ authorizationType: 'CUSTOM' });
    expect(resourceMethods.PUT).toMatchObject({ authorizationType: 'NONE' });
    const { items } = await gateway.call('GetAuthorizers', { restApiId });
    expect(items).toMatchObject([
      {
        type: 'REQUEST',
        identitySource: 'method.request.header.Custom-Authorization',
      },
    ]);
    // AWS keeps its answers for 300 seconds, and does not show that.
    expect(items[0]).not.toHaveProperty('authorizerResultTtlInSeconds');
    const patchOperations = [{ op: 'replace', path: '/authorizerResultTtlInSeconds', value: '60' }];
    const changed = { restApiId, authorizerId: items[0].id, patchOperations };
    expect(await gateway.call('UpdateAuthorizer', changed)).toMatchObject({ authorizerResultTtlInSeconds: 60 });
  });
});

describe('the base path', () => {
  const paths = { '/test': { get: mocked() } };
  const withUrl = openapi({ servers: [{ url: 'https://testdomain.com/base-url/part/' }], paths });
  const withVariable = openapi({
    servers: [{ url: 'https://{host}/{basePath}', variables: { basePath: { default: '/base-var' } } }],
    paths,
  });
  const withBase = swagger({ basePath: '/base', paths });

  test.each([
    ['ignore', withUrl, ['/', '/test']],
    ['prepend', withUrl, ['/', '/base-url', '/base-url/part', '/base-url/part/test']],
    ['split', withUrl, ['/', '/part', '/part/test']],
    ['prepend', withVariable, ['/', '/base-var', '/base-var/test']],
    ['split', withVariable, ['/', '/test']],
    ['ignore', withBase, ['/', '/test']],
    ['prepend', withBase, ['/', '/base', '/base/test']],
    ['split', withBase, ['/', '/test']],
    ['prepend', swagger({ paths }), ['/', '/test']],
  ])('%s of %j', async (basepath, definition, expected) => {
    const { id } = await importApi(definition, { parameters: { basepath } });
    expect(Object.keys(await resourcesOf(id))).toEqual(expected);
  });
});

describe('PutRestApi', () => {
  const first = swagger({
    definitions: { Old: { type: 'object' } },
    'x-amazon-apigateway-binary-media-types': ['image/heif'],
    paths: { '/kept': { get: mocked({ operationId: 'before' }), put: mocked() }, '/old': { get: mocked() } },
  });
  const second = swagger({
    info: { title: 'renamed', version: '2.0' },
    'x-amazon-apigateway-binary-media-types': ['image/png', 'image/jpg'],
    paths: { '/kept': { get: mocked({ operationId: 'after' }) }, '/new': { get: mocked() } },
  });

  test('merges by default: what both have is as the new one has it', async () => {
    const { id } = await importApi(first);
    const before = await resourcesOf(id);
    expect(await putApi(id, second)).toMatchObject({
      name: 'renamed',
      version: '2.0',
      binaryMediaTypes: ['image/heif', 'image/png', 'image/jpg'],
      tags: {},
    });
    const after = await resourcesOf(id);
    expect(Object.keys(after).sort()).toEqual(['/', '/kept', '/new', '/old']);
    expect(Object.keys(after['/kept'].resourceMethods).sort()).toEqual(['GET', 'PUT']);
    expect(after['/kept'].resourceMethods.GET.operationName).toBe('after');
    expect(after['/kept'].id).toBe(before['/kept'].id);
  });

  test('overwrites: nothing else is left, and paths that stay keep their ids', async () => {
    const { id } = await importApi(first);
    const before = await resourcesOf(id);
    expect(await putApi(id, second, { mode: 'overwrite' })).toMatchObject({
      binaryMediaTypes: ['image/png', 'image/jpg'],
    });
    const after = await resourcesOf(id);
    expect(Object.keys(after)).toEqual(['/', '/kept', '/new']);
    expect(after['/kept'].id).toBe(before['/kept'].id);
    expect(after['/'].id).toBe(before['/'].id);
    expect((await gateway.call('GetModels', { restApiId: id })).items).toEqual([]);
  });

  test('leaves what is deployed as it is', async () => {
    const { id } = await importApi(first);
    await gateway.call('CreateDeployment', { restApiId: id, stageName: 'PROD' });
    await putApi(id, second, { mode: 'overwrite' });
    expect(await gateway.invoke(`${id}/PROD/old`, { method: 'GET' })).toMatchObject({ status: 200 });
  });

  test('changes nothing if something is wrong', async () => {
    const { id } = await importApi(first);
    const before = await resourcesOf(id);
    const wrong = { ...second, definitions: { 'a.b': { type: 'object' } } };
    await expect(putApi(id, wrong, { mode: 'overwrite' })).rejects.toEqual(
      bad("Errors found during import:\n\tUnable to create model for 'a.b': Model name must be alphanumeric: a.b"),
    );
    expect(await resourcesOf(id)).toEqual(before);
    expect(await gateway.call('GetRestApi', { restApiId: id })).toMatchObject({ name: 'pets' });
  });

  test.each([
    ['an unknown mode', { mode: 'x' }, expect.objectContaining({ code: 'ValidationException' })],
    [
      'an unknown base path',
      { parameters: { basepath: 'x' } },
      bad('Invalid basepath specified. Must be one of: [ignore, prepend, split]'),
    ],
  ])('refuses %s', async (_what, input, error) => {
    const { id } = await importApi(first);
    await expect(putApi(id, second, input)).rejects.toEqual(error);
  });
});

describe('what is wrong with a definition', () => {
  test.each([
    ['text that is neither JSON nor YAML', "{'key:value}"],
    ['broken YAML', 'test:\n    value:\n        - "value ... "escaped": $var"\n'],
    ['nothing', ''],
    ['YAML that is no definition', 'a: 1'],
    ['a definition of an unknown version', JSON.stringify({ openapi: '3.1.0', info: { title: 'a' }, paths: {} })],
    [
      'a bomb',
      `a: &a [x,x,x]\n${[...'bcdefgh'].map((name, n) => `${name}: &${name} [${`*${'abcdefg'[n]},`.repeat(20)}]`).join('\n')}\ninfo: {title: a}\nopenapi: 3.0.1\n`,
    ],
  ])('%s is invalid input, for an API that is not there, too', async (_what, text) => {
    await expect(importApi(text)).rejects.toEqual(bad('Invalid OpenAPI input.'));
    await expect(putApi('nobody', text)).rejects.toEqual(bad('Invalid OpenAPI input.'));
  });

  test('errors are told together, with the warnings, and no API is made', async () => {
    const aws = { ...MOCK, type: 'aws', httpMethod: 'POST', uri: 'arn:aws:apigateway:x', credentials: ROLE };
    const definition = openapi({
      components: { schemas: { Bad: { type: 'thing' } } },
      paths: {
        '/{a}': { get: mocked() },
        '/{b}': { get: mocked() },
        '/c': {
          post: mocked({
            'x-amazon-apigateway-integration': aws,
            requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/None' } } } },
          }),
        },
      },
    });
    await expect(importApi(definition)).rejects.toEqual(
      bad(
        'Errors found during import:' +
          "\n\tUnable to create model for 'Bad': Invalid model specified: Validation Result: warnings : [], errors : " +
          '[Invalid model schema specified]' +
          "\n\tUnable to create resource at path '/{b}': A sibling ({a}) of this resource already has a variable path " +
          'part -- only one is allowed' +
          "\n\tUnable to put integration on 'POST' for resource at path '/c': AWS ARN for integration must contain " +
          'path or action' +
          '\nAdditionally, these warnings were found:' +
          "\n\tReference to model 'None' not found. Ignoring.",
      ),
    );
    expect((await gateway.call('GetRestApis')).items).toEqual([]);
  });

  test('warnings are told, or are errors where that is asked for', async () => {
    const requestParameters = { 'integration.request.header.nothing': true, 'integration.request.header.a': "'b'" };
    const definition = openapi({
      paths: {
        '/test': {
          get: mocked({
            'x-amazon-apigateway-integration': { ...MOCK, requestParameters },
            responses: { ...OK, default: { description: 'any' } },
          }),
        },
      },
    });
    const warnings = [
      "Ignoring response 'default' of method 'GET' for resource at path '/test': it is no status code",
      "Invalid format for 'requestParameters'. Expected type string for property 'integration.request.header.nothing' " +
        "of resource '/test' and method 'GET' but got 'true'",
    ];
    const { id, warnings: told } = await importApi(definition);
    expect(told).toEqual(warnings);
    const { methodIntegration } = (await resourcesOf(id))['/test'].resourceMethods.GET;
    expect(methodIntegration.requestParameters).toEqual({ 'integration.request.header.a': "'b'" });
    await expect(importApi(definition, { failOnWarnings: true })).rejects.toEqual(
      bad(`Warnings found during import:\n\t${warnings.join('\n\t')}`),
    );
  });

  test.each([
    [
      'x-amazon-apigateway-security-policy',
      'TLS_1_0',
      'TLS policies of the default endpoint (x-amazon-apigateway-security-policy)',
    ],
    [
      'x-amazon-apigateway-endpoint-configuration',
      { vpcEndpointIds: ['vpce-1'] },
      'VPC endpoints (x-amazon-apigateway-endpoint-configuration.vpcEndpointIds)',
    ],
    [
      'paths',
      { '/a': { get: mocked({ 'x-amazon-apigateway-integration': { ...MOCK, cacheKeyParameters: ['a'] } }) } },
      'caching (cacheKeyParameters)',
    ],
  ])('what the emulator does not have is refused by its name: %s', async (name, value, what) => {
    await expect(importApi(swagger({ [name]: value }))).rejects.toEqual(unsupported(what));
  });
});
