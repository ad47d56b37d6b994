import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ACCOUNT, deploy, KINESIS, REGION, ROLE, type TestGateway, testGateway, WORKSHOP_TIME } from '../testing.ts';
import { describeApi } from './testing.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = testGateway();
  await gateway.clock.travelTo(WORKSHOP_TIME);
});
afterEach(() => gateway.clock.close());

const importApi = (definition: object) =>
  gateway.call('ImportRestApi', { body: Buffer.from(JSON.stringify(definition)), failOnWarnings: true });

async function exported(restApiId: string, exportType: string, extensions?: string) {
  const parameters = extensions === undefined ? undefined : { extensions };
  const { body } = await gateway.call('GetExport', { restApiId, stageName: 'local', exportType, parameters });
  return JSON.parse(body.toString());
}

const PETS = {
  swagger: '2.0',
  info: { title: 'Simple PetStore', version: '1.0.0' },
  'x-amazon-apigateway-minimum-compression-size': 10,
  'x-amazon-apigateway-binary-media-types': ['image/png'],
  definitions: { Pets: { type: 'array', items: { $ref: '#/definitions/Pet' } }, Pet: { type: 'object' } },
  paths: {
    '/pets': {
      get: {
        parameters: [{ name: 'page', in: 'query', required: false, type: 'string' }],
        responses: {
          200: {
            description: '',
            schema: { $ref: '#/definitions/Pets' },
            headers: { 'Access-Control-Allow-Origin': { type: 'string' } },
          },
        },
        'x-amazon-apigateway-integration': {
          type: 'http',
          httpMethod: 'GET',
          uri: 'http://petstore.example.com/pets',
          passthroughBehavior: 'when_no_match',
          responses: { default: { statusCode: '200' } },
        },
      },
      post: {
        operationId: 'CreatePet',
        parameters: [{ in: 'body', name: 'Pet', required: true, schema: { $ref: '#/definitions/Pet' } }],
        responses: { 200: { description: '' } },
        'x-amazon-apigateway-integration': {
          type: 'mock',
          passthroughBehavior: 'when_no_match',
          requestTemplates: { 'application/json': '{"statusCode": 200}' },
          responses: { default: { statusCode: '200', responseTemplates: { 'text/html': '<p>' } } },
        },
      },
    },
  },
};

describe('an export', () => {
  async function deployed() {
    const { id } = await importApi(PETS);
    await gateway.call('CreateDeployment', { restApiId: id, stageName: 'local' });
    return id as string;
  }

  test('of Swagger 2.0 has what AWS was recorded to export', async () => {
    const id = await deployed();
    expect(await exported(id, 'swagger')).toEqual({
      swagger: '2.0',
      info: { title: 'Simple PetStore', version: '1.0.0' },
      host: `${id}.execute-api.${REGION}.amazonaws.com`,
      basePath: '/local',
      schemes: ['https'],
      paths: {
        '/pets': {
          get: {
            produces: ['application/json'],
            parameters: [{ name: 'page', in: 'query', required: false, type: 'string' }],
            responses: {
              200: {
                description: '200 response',
                schema: { $ref: '#/definitions/Pets' },
                headers: { 'Access-Control-Allow-Origin': { type: 'string' } },
              },
            },
          },
          post: {
            operationId: 'CreatePet',
            consumes: ['application/json'],
            produces: ['text/html'],
            parameters: [{ in: 'body', name: 'Pet', required: true, schema: { $ref: '#/definitions/Pet' } }],
            responses: { 200: { description: '200 response' } },
          },
        },
      },
      definitions: { Pets: { type: 'array', items: { $ref: '#/definitions/Pet' } }, Pet: { type: 'object' } },
    });
  });

  test('of OpenAPI 3.0 has what AWS was recorded to export', async () => {
    const id = await deployed();
    const ref = (name: string) => ({ schema: { $ref: `#/components/schemas/${name}` } });
    expect(await exported(id, 'oas30', 'apigateway')).toEqual({
      openapi: '3.0.1',
      info: { title: 'Simple PetStore', version: '1.0.0' },
      servers: [
        {
          url: `https://${id}.execute-api.${REGION}.amazonaws.com/{basePath}`,
          variables: { basePath: { default: 'local' } },
        },
      ],
      paths: {
        '/pets': {
          get: {
            parameters: [{ name: 'page', in: 'query', schema: { type: 'string' } }],
            responses: {
              200: {
                description: '200 response',
                headers: { 'Access-Control-Allow-Origin': { schema: { type: 'string' } } },
                content: { 'application/json': ref('Pets') },
              },
            },
            'x-amazon-apigateway-integration': PETS.paths['/pets'].get['x-amazon-apigateway-integration'],
          },
          post: {
            operationId: 'CreatePet',
            requestBody: { content: { 'application/json': ref('Pet') }, required: true },
            responses: { 200: { description: '200 response', content: {} } },
            'x-amazon-apigateway-integration': PETS.paths['/pets'].post['x-amazon-apigateway-integration'],
          },
        },
      },
      components: {
        schemas: { Pets: { type: 'array', items: { $ref: '#/components/schemas/Pet' } }, Pet: { type: 'object' } },
      },
      'x-amazon-apigateway-minimum-compression-size': 10,
      'x-amazon-apigateway-binary-media-types': ['image/png'],
    });
  });

  test('is a file, in JSON or YAML, named for the version or else for the time of the deployment', async () => {
    const { restApiId } = await deploy(gateway, { integration: KINESIS });
    const input = { restApiId, stageName: 'PROD', exportType: 'oas30' };
    const inJson = await gateway.call('GetExport', input);
    expect(inJson).toMatchObject({
      contentType: 'application/octet-stream',
      contentDisposition: 'attachment; filename="oas30_2022-01-27T05:48:25Z.json"',
    });
    const inYaml = await gateway.call('GetExport', { ...input, accepts: 'application/yaml' });
    expect(inYaml.contentDisposition).toBe('attachment; filename="oas30_2022-01-27T05:48:25Z.yaml"');
    expect(parse(inYaml.body.toString())).toEqual(JSON.parse(inJson.body.toString()));
  });

  test.each([
    [{ stageName: 'none' }, 'NotFoundException', 'Invalid Stage identifier specified'],
    [{ exportType: 'wadl' }, 'BadRequestException', "No API exporter for type 'wadl'"],
    [{ parameters: { extensions: 'x' } }, 'BadRequestException', 'Invalid extensions specified: x'],
    [
      { parameters: { extensions: 'postman' } },
      'NotImplementedException',
      "The API Gateway emulator of naetmul does not support Postman's extensions (parameters.extensions).",
    ],
  ])('is refused for %j', async (input, code, message) => {
    const restApiId = await deployed();
    await expect(
      gateway.call('GetExport', { restApiId, stageName: 'local', exportType: 'oas30', ...input }),
    ).rejects.toEqual(expect.objectContaining({ code, message }));
  });
});

const PREFIX = 'https://apigateway.amazonaws.com/restapis';

/** An API with some of everything that a definition can tell, made by the calls that a console makes. */
async function furnished(): Promise<string> {
  const { call } = gateway;
  const { restApiId, at, resourceId } = await deploy(gateway, {
    integration: { ...KINESIS, timeoutInMillis: 5000, contentHandling: 'CONVERT_TO_TEXT' },
    methodResponses: [
      { statusCode: '200', responseParameters: { 'method.response.header.a': false } },
      { statusCode: '400' },
    ],
    integrationResponses: [
      { statusCode: '200', responseParameters: { 'method.response.header.a': "'b'" } },
      { statusCode: '400', selectionPattern: '4\\d\\d', responseTemplates: { 'application/json': '#set($a = 1)$a' } },
    ],
  });
  const model = (name: string, schema: string) =>
    call('CreateModel', { restApiId, name, contentType: 'application/json', schema });
  await model('Event', '{"type":"object","required":["a"],"properties":{"a":{"enum":["x","y"]}}}');
  await model('Events', `{"type":"array","items":{"$ref":"${PREFIX}/${restApiId}/models/Event"}}`);
  const validator = await call('CreateRequestValidator', { restApiId, name: 'body only', validateRequestBody: true });
  const arn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:auth`;
  const authorizerUri = `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${arn}/invocations`;
  const authorizer = await call('CreateAuthorizer', { restApiId, name: 'token', type: 'TOKEN', authorizerUri });
  await call('CreateAuthorizer', {
    restApiId,
    name: 'request',
    type: 'REQUEST',
    authorizerUri,
    authorizerCredentials: ROLE,
    identitySource: 'method.request.header.a,method.request.querystring.b',
    authorizerResultTtlInSeconds: 0,
  });
  await call('PutGatewayResponse', {
    restApiId,
    responseType: 'THROTTLED',
    statusCode: '503',
    responseParameters: { 'gatewayresponse.header.Retry-After': "'1'" },
    responseTemplates: { 'application/json': '{}' },
  });
  const replace = (path: string, value: string) => ({ op: 'replace', path, value });
  await call('UpdateMethod', {
    ...at,
    patchOperations: [
      replace('/requestValidatorId', validator.id),
      replace('/authorizationType', 'CUSTOM'),
      replace('/authorizerId', authorizer.id),
      replace('/apiKeyRequired', 'true'),
      replace('/operationName', 'PutEvents'),
      { op: 'add', path: '/requestModels/application~1json', value: 'Events' },
      { op: 'add', path: '/requestParameters/method.request.header.X-Sender', value: 'true' },
      { op: 'add', path: '/requestParameters/method.request.querystring.late', value: 'false' },
    ],
  });
  const policy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' }],
  };
  await call('UpdateRestApi', {
    restApiId,
    patchOperations: [
      replace('/description', 'takes events'),
      replace('/version', '2'),
      replace('/apiKeySource', 'AUTHORIZER'),
      replace('/disableExecuteApiEndpoint', 'true'),
      replace('/policy', JSON.stringify(policy)),
      { op: 'add', path: '/binaryMediaTypes/image~1png' },
    ],
  });
  const proxy = await call('CreateResource', { restApiId, parentId: resourceId, pathPart: '{proxy+}' });
  const any = { restApiId, resourceId: proxy.id, httpMethod: 'ANY' };
  await call('PutMethod', { ...any, authorizationType: 'NONE' });
  await call('PutIntegration', {
    ...any,
    type: 'HTTP_PROXY',
    integrationHttpMethod: 'ANY',
    uri: 'http://example.com/{proxy}',
    requestParameters: { 'integration.request.path.proxy': "'x'" },
  });
  await call('CreateResource', { restApiId, parentId: resourceId, pathPart: 'leaf' });
  await call('CreateDeployment', { restApiId, stageName: 'local' });
  return restApiId;
}

describe('the import of an export', () => {
  test.each(['oas30', 'swagger'])('of %s is the same API', async (exportType) => {
    const restApiId = await furnished();
    const definition = await exported(restApiId, exportType, 'apigateway');
    const { id } = await importApi(definition);
    expect(await describeApi(gateway.call, id)).toEqual(await describeApi(gateway.call, restApiId));
    // What is not exported is not there: the comparison sees differences.
    const { id: lesser } = await importApi(await exported(restApiId, exportType));
    expect(await describeApi(gateway.call, lesser)).not.toEqual(await describeApi(gateway.call, restApiId));
  });

  const name = fc.constantFrom('a', 'b', 'c');
  const text = fc.string({ minLength: 1, maxLength: 5 });
  const method = fc.record({
    path: fc.constantFrom('/', '/x', '/x/y', '/x/{z}', '/{w}/deep', '/greedy/{all+}'),
    httpMethod: fc.constantFrom('GET', 'POST', 'ANY', 'DELETE'),
    operationName: fc.option(name, { nil: undefined }),
    apiKeyRequired: fc.boolean(),
    headers: fc.dictionary(name, fc.boolean(), { maxKeys: 2, noNullPrototype: true }),
    model: fc.option(fc.constantFrom('One', 'Other'), { nil: undefined }),
    responseModel: fc.option(fc.constantFrom('One', 'Other'), { nil: undefined }),
    template: fc.option(text, { nil: undefined }),
    passthroughBehavior: fc.constantFrom('WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'),
    timeoutInMillis: fc.integer({ min: 50, max: 29_000 }),
    patterns: fc.uniqueArray(fc.constantFrom('4..', '5..', 'Error.*'), { maxLength: 2 }),
  });

  test('is the same API, whatever its methods', { timeout: 30_000 }, async () => {
    const methods = fc.uniqueArray(method, {
      minLength: 1,
      maxLength: 5,
      selector: (one) => one.path + one.httpMethod,
    });
    await fc.assert(
      fc.asyncProperty(methods, fc.constantFrom('oas30', 'swagger'), async (plans, exportType) => {
        const restApiId = await build(plans);
        await gateway.call('CreateDeployment', { restApiId, stageName: 'local' });
        const { id } = await importApi(await exported(restApiId, exportType, 'apigateway'));
        expect(await describeApi(gateway.call, id)).toEqual(await describeApi(gateway.call, restApiId));
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  type Plan = typeof method extends fc.Arbitrary<infer T> ? T : never;

  async function build(plans: readonly Plan[]): Promise<string> {
    const { call } = gateway;
    const { id: restApiId, rootResourceId } = await call('CreateRestApi', { name: 'generated' });
    // Without a version the export would have one: the time.
    const patchOperations = [{ op: 'replace', path: '/version', value: '1' }];
    await call('UpdateRestApi', { restApiId, patchOperations });
    for (const model of ['One', 'Other']) {
      const schema = JSON.stringify({ type: 'object', required: [model] });
      await call('CreateModel', { restApiId, name: model, contentType: 'application/json', schema });
    }
    const ids = new Map([['/', rootResourceId as string]]);
    for (const plan of plans) {
      let path = '';
      for (const pathPart of plan.path.split('/').filter((part) => part !== '')) {
        const parentId = ids.get(path || '/');
        path += `/${pathPart}`;
        if (!ids.has(path)) ids.set(path, (await call('CreateResource', { restApiId, parentId, pathPart })).id);
      }
      const at = { restApiId, resourceId: ids.get(plan.path), httpMethod: plan.httpMethod };
      const headers = Object.entries(plan.headers).map(([header, required]) => [
        `method.request.header.${header}`,
        required,
      ]);
      const variable = plan.path === '/x/{z}' ? { 'method.request.path.z': true } : {};
      const requestParameters = { ...Object.fromEntries(headers), ...variable };
      await call('PutMethod', {
        ...at,
        authorizationType: 'NONE',
        apiKeyRequired: plan.apiKeyRequired,
        operationName: plan.operationName,
        requestParameters: Object.keys(requestParameters).length > 0 ? requestParameters : undefined,
        requestModels: plan.model && { 'application/json': plan.model },
      });
      const responseModels = plan.responseModel && { 'application/json': plan.responseModel };
      await call('PutMethodResponse', { ...at, statusCode: '200', responseModels });
      await call('PutIntegration', {
        ...at,
        type: 'MOCK',
        passthroughBehavior: plan.passthroughBehavior,
        timeoutInMillis: plan.timeoutInMillis,
        requestTemplates: plan.template && { 'application/json': plan.template },
      });
      for (const [index, selectionPattern] of plan.patterns.entries()) {
        const statusCode = String(400 + index);
        await call('PutMethodResponse', { ...at, statusCode });
        await call('PutIntegrationResponse', { ...at, statusCode, selectionPattern });
      }
      await call('PutIntegrationResponse', { ...at, statusCode: '200' });
    }
    return restApiId;
  }
});
