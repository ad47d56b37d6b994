import { describe, expect, test } from 'vitest';
import { loadWorker, madeOfWorker } from './testing.ts';

const event = (name: string, properties: string) => `        ${name}: { Type: Api, Properties: { ${properties} } }\n`;
const GET = event('Get', 'Path: /items, Method: get');
const POST = event('Post', 'Path: /items, Method: post');
const MY = 'RestApiId: !Ref My';
const api = (properties: string) =>
  `  My: { Type: "AWS::Serverless::Api", Properties: { StageName: v1, ${properties} } }\n`;
const globals = (properties: string) => `Globals: { Api: { ${properties} } }\n`;
type Made = Awaited<ReturnType<typeof madeOfWorker>>;
const bodyOf = (made: Made, id = 'My') => made[id]?.properties.Body;
const paths = async (events: string, others: string, id = 'My') => bodyOf(await madeOfWorker(events, others), id).paths;

const preflight = (headers: Readonly<Record<string, string>>) => ({
  summary: 'CORS support',
  consumes: ['application/json'],
  produces: ['application/json'],
  'x-amazon-apigateway-integration': {
    type: 'mock',
    requestTemplates: { 'application/json': '{\n  "statusCode" : 200\n}\n' },
    responses: {
      default: {
        statusCode: '200',
        responseParameters: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [`method.response.header.Access-Control-${name}`, value]),
        ),
        responseTemplates: { 'application/json': '{}\n' },
      },
    },
  },
  responses: {
    200: {
      description: 'Default response for CORS method',
      headers: Object.fromEntries(
        Object.keys(headers).map((name) => [
          `Access-Control-${name}`,
          { type: name === 'Max-Age' ? 'integer' : 'string' },
        ]),
      ),
    },
  },
});

describe('Cors', () => {
  test.each([
    ['"\'*\'"', { 'Allow-Origin': "'*'", 'Allow-Methods': "'GET,OPTIONS,POST'" }],
    ['!Ref AWS::Region', { 'Allow-Origin': '<AWS::Region>', 'Allow-Methods': "'GET,OPTIONS,POST'" }],
    [
      '{ AllowHeaders: "\'a\'" }',
      { 'Allow-Origin': "'*'", 'Allow-Headers': "'a'", 'Allow-Methods': "'GET,OPTIONS,POST'" },
    ],
    [
      '{ AllowOrigin: "\'https://a\'", AllowMethods: "\'GET\'", MaxAge: "\'600\'", AllowCredentials: true }',
      {
        'Allow-Origin': "'https://a'",
        'Allow-Methods': "'GET'",
        'Max-Age': "'600'",
        'Allow-Credentials': "'true'",
      },
    ],
    [
      '{ AllowOrigin: "\'*\'", AllowCredentials: false }',
      { 'Allow-Origin': "'*'", 'Allow-Methods': "'GET,OPTIONS,POST'" },
    ],
  ])('%s answers OPTIONS at each path', async (cors, headers) => {
    const own = `${GET}${POST}`.replaceAll('Method:', `${MY}, Method:`);
    const made = await paths(own, api(`Cors: ${cors}`));
    expect(Object.keys(made['/items'])).toEqual(['get', 'post', 'options']);
    expect(made['/items'].options).toEqual(preflight(headers));
  });

  test('lets all methods of ANY pass, leaves an OPTIONS alone, and takes a path with and without a slash for one', async () => {
    const events =
      event('Any', `Path: /any, Method: any, ${MY}`) +
      event('Own', `Path: /own, Method: options, ${MY}`) +
      event('Twice', `Path: /twice/, Method: get, ${MY}`) +
      event('Again', `Path: /twice, Method: put, ${MY}`);
    const made = await paths(events, api('Cors: "\'*\'"'));
    expect(made['/any'].options).toEqual(
      preflight({ 'Allow-Origin': "'*'", 'Allow-Methods': "'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT'" }),
    );
    expect(made['/own'].options).toMatchObject({ 'x-amazon-apigateway-integration': { type: 'aws_proxy' } });
    expect(Object.keys(made['/twice/'])).toEqual(['get', 'options']);
    expect(Object.keys(made['/twice'])).toEqual(['put']);
  });

  test('adds to a definition, in its own specification', async () => {
    const definition = 'DefinitionBody: { openapi: 3.0.1, paths: { /a: { get: { responses: {} } } } }';
    const made = await paths(GET, api(`Cors: "'*'", ${definition}`));
    expect(made['/a'].options).not.toHaveProperty('consumes');
    expect(made['/a'].options.responses['200'].headers['Access-Control-Allow-Origin']).toEqual({
      schema: { type: 'string' },
    });
  });

  test.each(['""', '{}'])('%s adds nothing', async (cors) => {
    expect(
      Object.keys((await paths(event('Get', `Path: /a, Method: get, ${MY}`), api(`Cors: ${cors}`)))['/a']),
    ).toEqual(['get']);
  });
});

const FUNCTION = '!GetAtt Worker.Arn';
const URI = 'arn:<AWS::Partition>:apigateway:<AWS::Region>:lambda:path/2015-03-31/functions/<Worker.Arn>/invocations';
const AUTH = `Auth: { DefaultAuthorizer: A, Authorizers: { A: { FunctionArn: ${FUNCTION} }, B: { FunctionArn: ${FUNCTION} } } }`;

describe('Auth', () => {
  test('makes security schemes of functions, and lets the API call them', async () => {
    const made = await madeOfWorker(
      event('Get', `Path: /a, Method: get, ${MY}`),
      api(`Auth: { Authorizers: {
        Plain: { FunctionArn: ${FUNCTION} },
        Token: { FunctionArn: ${FUNCTION}, FunctionInvokeRole: role, Identity: { Header: X-Token, ValidationExpression: "a+", ReauthorizeEvery: 20 } },
        Request: { FunctionArn: ${FUNCTION}, FunctionPayloadType: REQUEST, FunctionInvokeRole: NONE, DisableFunctionDefaultPermissions: true,
                   Identity: { Headers: [H], QueryStrings: [q, r], StageVariables: [s], Context: [c] } },
      } }`),
    );
    const { securityDefinitions, paths: methods } = bodyOf(made);
    const scheme = (name: string, authorizer: object) => ({
      type: 'apiKey',
      name,
      in: 'header',
      'x-amazon-apigateway-authtype': 'custom',
      'x-amazon-apigateway-authorizer': { authorizerUri: URI, ...authorizer },
    });
    expect(securityDefinitions).toEqual({
      Plain: scheme('Authorization', { type: 'token' }),
      Token: scheme('X-Token', {
        type: 'token',
        authorizerCredentials: 'role',
        identityValidationExpression: 'a+',
        authorizerResultTtlInSeconds: 20,
      }),
      Request: scheme('Unused', {
        type: 'request',
        identitySource:
          'method.request.header.H, method.request.querystring.q, method.request.querystring.r, stageVariables.s, context.c',
      }),
    });
    expect(methods['/a'].get).not.toHaveProperty('security');
    expect(
      Object.keys(made)
        .filter((id) => id.startsWith('My'))
        .sort(),
    ).toEqual(['My', 'MyDeployment', 'MyPlainAuthorizerPermission', 'MyTokenAuthorizerPermission', 'Myv1Stage']);
    expect(made.MyPlainAuthorizerPermission).toEqual({
      type: 'AWS::Lambda::Permission',
      properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: '<Worker.Arn>',
        Principal: 'apigateway.amazonaws.com',
        SourceArn: 'arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<My>/authorizers/*',
      },
    });
  });

  test('holds for each method that does not say otherwise, and for OPTIONS of Cors', async () => {
    const events =
      event('Default', `Path: /a, Method: get, ${MY}`) +
      event('Other', `Path: /a, Method: put, ${MY}, Auth: { Authorizer: B }`) +
      event('Key', `Path: /a, Method: post, ${MY}, Auth: { ApiKeyRequired: true }`) +
      event('Open', `Path: /a, Method: delete, ${MY}, Auth: { Authorizer: NONE }`);
    const { '/a': methods } = await paths(events, api(`Cors: "'*'", ${AUTH}`));
    const security = Object.fromEntries(Object.keys(methods).map((verb) => [verb, methods[verb].security]));
    expect(security).toEqual({
      get: [{ A: [] }],
      put: [{ B: [] }],
      post: [{ A: [] }, { api_key: [] }],
      delete: undefined,
      options: [{ A: [] }],
    });
  });

  test('asks for an API key where methods do not refuse it, and browsers ask without one if told so', async () => {
    const events =
      event('Get', `Path: /a, Method: get, ${MY}`) +
      event('Open', `Path: /a, Method: put, ${MY}, Auth: { ApiKeyRequired: false }`);
    const made = async (more: string) =>
      bodyOf(await madeOfWorker(events, api(`Cors: "'*'", Auth: { ApiKeyRequired: true${more} }`)));
    const body = await made('');
    expect(body.securityDefinitions).toEqual({ api_key: { type: 'apiKey', name: 'x-api-key', in: 'header' } });
    expect(body.paths['/a']).toMatchObject({
      get: { security: [{ api_key: [] }] },
      options: { security: [{ api_key: [] }] },
    });
    expect(body.paths['/a'].put).not.toHaveProperty('security');
    const open = await made(', AddApiKeyRequiredToCorsPreflight: false');
    expect(open.paths['/a'].get).toHaveProperty('security');
    expect(open.paths['/a'].options).not.toHaveProperty('security');
    const { '/a': guarded } = await paths(
      event('Get', `Path: /a, Method: get, ${MY}`),
      api(`Cors: "'*'", ${AUTH.replace('Auth: {', 'Auth: { AddDefaultAuthorizerToCorsPreflight: false,')}`),
    );
    expect([guarded.get.security, guarded.options.security]).toEqual([[{ A: [] }], undefined]);
  });

  test('holds for a definition’s methods that something answers, and keeps what they say themselves', async () => {
    const answered = 'x-amazon-apigateway-integration: { type: mock }, responses: {}';
    const definition = `DefinitionBody: { openapi: 3.0.1, components: { schemas: { S: {} } }, paths: { /a: {
      get: { ${answered} }, put: { ${answered}, security: [{ B: [] }, { other: [] }] }, post: { responses: {} } } } }`;
    const { components, paths: methods } = bodyOf(await madeOfWorker(GET, api(`${AUTH}, ${definition}`)));
    expect([methods['/a'].get.security, methods['/a'].put.security, methods['/a'].post.security]).toEqual([
      [{ A: [] }],
      [{ other: [] }, { B: [] }],
      undefined,
    ]);
    expect([Object.keys(components.schemas), Object.keys(components.securitySchemes)]).toEqual([['S'], ['A', 'B']]);
  });
});

describe('Globals.Api', () => {
  test('holds for the implicit API and for each other one, whose own values win', async () => {
    const made = await madeOfWorker(
      GET + event('Own', `Path: /own, Method: get, ${MY}`),
      api('Name: mine, Variables: { b: own }, BinaryMediaTypes: [b]') +
        globals(`Name: all, Variables: { a: all, b: all }, BinaryMediaTypes: [a], Cors: "'*'", EndpointConfiguration: { Type: REGIONAL },
          MethodSettings: [{ ResourcePath: /*, HttpMethod: "*", ThrottlingRateLimit: 5 }], Auth: { ApiKeyRequired: true }`),
    );
    const regional = { Types: ['REGIONAL'] };
    expect(made.My?.properties).toMatchObject({
      Name: 'mine',
      BinaryMediaTypes: ['a', 'b'],
      EndpointConfiguration: regional,
    });
    expect(made.Myv1Stage?.properties).toMatchObject({ StageName: 'v1', Variables: { a: 'all', b: 'own' } });
    expect(made.ServerlessRestApi?.properties).toMatchObject({ Name: 'all', EndpointConfiguration: regional });
    expect(made.ServerlessRestApiProdStage?.properties).toMatchObject({
      StageName: 'Prod',
      Variables: { a: 'all', b: 'all' },
      MethodSettings: [{ ThrottlingRateLimit: 5 }],
    });
    for (const id of ['My', 'ServerlessRestApi']) {
      for (const item of Object.values<object>(made[id]?.properties.Body.paths)) {
        expect(item).toMatchObject({ get: { security: [{ api_key: [] }] }, options: { security: [{ api_key: [] }] } });
      }
    }
  });

  test('may ask for OpenAPI 3, which makes no further stage', async () => {
    const made = await madeOfWorker(
      GET,
      globals('OpenApiVersion: 3.0.1, Cors: "\'*\'", Auth: { ApiKeyRequired: true }'),
    );
    const body = bodyOf(made, 'ServerlessRestApi');
    expect([body.openapi, body.swagger]).toEqual(['3.0.1', undefined]);
    expect(body.components.securitySchemes).toHaveProperty('api_key');
    expect(body.paths['/items'].options).not.toHaveProperty('consumes');
    expect(made.ServerlessRestApiDeployment?.properties).toEqual({ RestApiId: '<ServerlessRestApi>' });
  });
});

const auth = (text: string) => api(`Auth: { ${text} }`);

test.each([
  [GET, api('Cors: { AllowOrigin: "" }'), 'INVALID_PROPERTY', 'My.Properties.Cors.AllowOrigin: must not be empty.'],
  [
    GET,
    api('Cors: { AllowCredentials: true }'),
    'INVALID_PROPERTY',
    "My.Properties.Cors.AllowOrigin: must name an origin where AllowCredentials is true: browsers refuse '*' then.",
  ],
  [GET, api('Cors: { Origin: a }'), 'UNSUPPORTED_PROPERTY', 'My.Properties.Cors.Origin: is not supported.'],
  [
    GET,
    api('Cors: "*", DefinitionBody: !Ref AWS::Region'),
    'INVALID_PROPERTY',
    'My.Properties.DefinitionBody: must be written out here, since Cors and Auth add to it.',
  ],
  [GET, auth('ApiKeyRequired: maybe'), 'INVALID_PROPERTY', 'My.Properties.Auth.ApiKeyRequired: must be true or false.'],
  [GET, auth('ResourcePolicy: {}'), 'UNSUPPORTED_PROPERTY', 'My.Properties.Auth.ResourcePolicy: is not supported.'],
  [
    GET,
    auth('DefaultAuthorizer: AWS_IAM'),
    'INVALID_PROPERTY',
    'My.Properties.Auth.DefaultAuthorizer: AWS_IAM is none of the Authorizers.',
  ],
  [
    GET,
    auth('Authorizers: { A: { UserPoolArn: a } }'),
    'UNSUPPORTED_PROPERTY',
    'My.Properties.Auth.Authorizers.A.UserPoolArn: is not supported.',
  ],
  [
    GET,
    auth('Authorizers: { A: {} }'),
    'INVALID_PROPERTY',
    'My.Properties.Auth.Authorizers.A.FunctionArn: is missing.',
  ],
  [
    GET,
    auth(`Authorizers: { A: { FunctionArn: a, FunctionPayloadType: REQUEST } }`),
    'INVALID_PROPERTY',
    'My.Properties.Auth.Authorizers.A.Identity: must have at least one of Headers, QueryStrings, StageVariables and Context.',
  ],
  [
    GET,
    auth(`Authorizers: { A: { FunctionArn: a, FunctionPayloadType: JWT } }`),
    'INVALID_PROPERTY',
    'My.Properties.Auth.Authorizers.A.FunctionPayloadType: must be TOKEN or REQUEST.',
  ],
  [
    event('Get', `Path: /, Method: get, ${MY}, Auth: { Authorizer: Nobody }`),
    api('Name: a'),
    'INVALID_PROPERTY',
    'Worker.Properties.Events.Get.Properties.Auth.Authorizer: the API has no authorizer Nobody.',
  ],
  [
    event('Get', `Path: /, Method: get, ${MY}, Auth: { Authorizer: NONE }`),
    api('Name: a'),
    'INVALID_PROPERTY',
    'Worker.Properties.Events.Get.Properties.Auth.Authorizer: NONE is for APIs that have a DefaultAuthorizer.',
  ],
  [
    event('Get', 'Path: /, Method: get, Auth: { Scopes: [a] }'),
    '',
    'UNSUPPORTED_PROPERTY',
    'Worker.Properties.Events.Get.Properties.Auth.Scopes: is not supported.',
  ],
  [GET, globals('StageName: a'), 'UNSUPPORTED_PROPERTY', 'Globals.Api.StageName: is not supported.'],
  [
    GET,
    globals('OpenApiVersion: 3'),
    'INVALID_PROPERTY',
    "Globals.Api.OpenApiVersion: must be '2.0', or like '3.0.1'.",
  ],
])('%s%s is refused by its place in the file', async (events, others, code, sentence) => {
  await expect(loadWorker(events, others)).rejects.toMatchObject({
    code: `TEMPLATE_${code}`,
    message: expect.stringContaining(sentence),
  });
});
