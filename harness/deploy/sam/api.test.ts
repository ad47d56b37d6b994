// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes names as JavaScript's templates do.
import { expect, test } from 'vitest';
import { loadWorker, madeOfWorker } from './testing.ts';

const INTEGRATION = {
  'x-amazon-apigateway-integration': {
    httpMethod: 'POST',
    type: 'aws_proxy',
    uri: 'arn:<AWS::Partition>:apigateway:<AWS::Region>:lambda:path/2015-03-31/functions/<Worker.Arn>/invocations',
  },
  responses: {},
};

test('events of the type Api become an API with a deployment, the stages Prod and Stage, and permissions', async () => {
  const resources = await madeOfWorker(`        Get: { Type: Api, Properties: { Path: "/items/{id}/", Method: GET } }
        Any: { Type: Api, Properties: { Path: "/any/{proxy+}", Method: any } }
        Root: { Type: Api, Properties: { Path: /, Method: post } }
`);
  const info = { version: '1.0', title: '<AWS::StackName>' };
  const permission = (path: string) => ({
    type: 'AWS::Lambda::Permission',
    properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: '<Worker>',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: `arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<ServerlessRestApi>/*/${path}`,
    },
  });
  expect(resources).toEqual({
    ServerlessRestApi: {
      type: 'AWS::ApiGateway::RestApi',
      properties: {
        Body: {
          swagger: '2.0',
          info,
          paths: {
            '/items/{id}/': { get: INTEGRATION },
            '/any/{proxy+}': { 'x-amazon-apigateway-any-method': INTEGRATION },
            '/': { post: INTEGRATION },
          },
        },
      },
    },
    ServerlessRestApiDeployment: {
      type: 'AWS::ApiGateway::Deployment',
      properties: { RestApiId: '<ServerlessRestApi>', StageName: 'Stage' },
    },
    ServerlessRestApiProdStage: {
      type: 'AWS::ApiGateway::Stage',
      properties: {
        StageName: 'Prod',
        DeploymentId: expect.stringMatching(/^<ServerlessRestApiDeployment[0-9a-f]{10}>$/),
        RestApiId: '<ServerlessRestApi>',
      },
    },
    WorkerGetPermissionProd: permission('GET/items/*'),
    WorkerAnyPermissionProd: permission('*/any/*'),
    WorkerRootPermissionProd: permission('POST/'),
  });
});

test('an API of its own has the methods of its events and what it says of itself and of its stage', async () => {
  const resources = await madeOfWorker(
    '        Own: { Type: Api, Properties: { Path: /own, Method: put, RestApiId: !Ref My } }\n',
    `  My:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      Name: mine
      BinaryMediaTypes: [image~1png]
      EndpointConfiguration: { Type: REGIONAL }
      MethodSettings: [{ ResourcePath: /*, HttpMethod: "*", ThrottlingRateLimit: 5 }]
      AccessLogSetting: { DestinationArn: a, Format: b }
      Variables: { colour: red }
      Tags: { team: gas }
`,
  );
  expect(Object.keys(resources).sort()).toEqual(['My', 'MyDeployment', 'Myv1Stage', 'WorkerOwnPermissionv1']);
  expect(resources.My?.properties).toMatchObject({
    Name: 'mine',
    BinaryMediaTypes: ['image~1png'],
    EndpointConfiguration: { Types: ['REGIONAL'] },
    Body: { paths: { '/own': { put: INTEGRATION } } },
  });
  expect(resources.Myv1Stage?.properties).toMatchObject({
    StageName: 'v1',
    RestApiId: '<My>',
    MethodSettings: [{ ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 5 }],
    AccessLogSetting: { DestinationArn: 'a', Format: 'b' },
    Variables: { colour: 'red' },
    Tags: [{ Key: 'team', Value: 'gas' }],
  });
});

test('an API with a definition of its own keeps it, and a stage whose name is computed has none in its id', async () => {
  const resources = await madeOfWorker(
    '        Own: { Type: Api, Properties: { Path: /own, Method: put, RestApiId: My } }\n',
    `  My:
    Type: AWS::Serverless::Api
    Properties: { StageName: !Ref AWS::StackName, DefinitionBody: { openapi: 3.0.1, info: { title: a }, paths: {} } }
`,
  );
  expect(Object.keys(resources).sort()).toEqual(['My', 'MyDeployment', 'MyStage', 'WorkerOwnPermissionStage']);
  expect(resources.My?.properties).toEqual({ Body: { openapi: '3.0.1', info: { title: 'a' }, paths: {} } });
});

test('what an API is decides the name of its deployment', async () => {
  const name = async (verb: string) => {
    const { resources } = await loadWorker(`        Get: { Type: Api, Properties: { Path: /, Method: ${verb} } }\n`);
    return [...resources.keys()].find((id) => id.includes('Deployment'));
  };
  expect(await name('get')).toBe(await name('GET'));
  expect(await name('get')).not.toBe(await name('put'));
});

const api = (properties: string) =>
  `  My: { Type: "AWS::Serverless::Api", Properties: { StageName: v1, ${properties} } }\n`;
const event = (properties: string) => `        Get: { Type: Api, Properties: { ${properties} } }\n`;
const GET = event('Path: /, Method: get');

test.each([
  [
    event('Method: get'),
    '',
    'TEMPLATE_INVALID_PROPERTY',
    ':10: Worker.Properties.Events.Get.Properties.Path: is missing (Api event).',
  ],
  [
    event('Path: /, Method: fetch'),
    '',
    'TEMPLATE_INVALID_PROPERTY',
    ':10: Worker.Properties.Events.Get.Properties.Method: must be one of ANY, DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT.',
  ],
  [
    event('Path: x, Method: get'),
    '',
    'TEMPLATE_INVALID_PROPERTY',
    ':10: Worker.Properties.Events.Get.Properties.Path: must begin with "/".',
  ],
  [
    event('Path: /, Method: get, RequestModel: {}'),
    '',
    'TEMPLATE_UNSUPPORTED_PROPERTY',
    ':10: Worker.Properties.Events.Get.Properties.RequestModel: is not supported.',
  ],
  [
    event('Path: /, Method: get, RestApiId: !Ref Worker'),
    '',
    'TEMPLATE_UNKNOWN_REFERENCE',
    ':10: Worker.Properties.Events.Get.Properties.RestApiId: Worker is no AWS::Serverless::Api and no AWS::ApiGateway::RestApi of this template.',
  ],
  [
    `${GET}${GET.replace('Get', 'Again')}`,
    '',
    'TEMPLATE_INVALID_PROPERTY',
    ':11: Worker.Properties.Events.Again.Properties: API method "get" defined multiple times for path "/".',
  ],
  [
    GET,
    '    Condition: Always\n',
    'TEMPLATE_UNSUPPORTED_PROPERTY',
    ':11: Worker.Condition: a function that has events of the type Api cannot have a condition here.',
  ],
  [
    GET,
    api('CacheClusterEnabled: true'),
    'TEMPLATE_UNSUPPORTED_PROPERTY',
    ':11: My.Properties.CacheClusterEnabled: naetmul does not support this property of AWS::Serverless::Api.',
  ],
  [
    GET,
    '  My: { Type: "AWS::Serverless::Api" }\n',
    'TEMPLATE_INVALID_PROPERTY',
    ':11: My.Properties.StageName: is missing (AWS::Serverless::Api).',
  ],
  [
    GET,
    api('MethodSettings: [{ ResourcePath: /, HttpMethod: GET, CachingEnabled: true }]'),
    'TEMPLATE_UNSUPPORTED_PROPERTY',
    ':11: My.Properties.MethodSettings[0].CachingEnabled: naetmul does not support this property of AWS::ApiGateway::Stage.',
  ],
  [
    GET,
    '  ServerlessRestApi: { Type: "AWS::SQS::Queue" }\n',
    'TEMPLATE_SYNTAX',
    'SAM makes a resource ServerlessRestApi of it, and there is one already, of ServerlessRestApi.',
  ],
])('%s%s is refused by its place in the file', async (events, others, code, sentence) => {
  await expect(loadWorker(events, others)).rejects.toMatchObject({ code, message: expect.stringContaining(sentence) });
});
