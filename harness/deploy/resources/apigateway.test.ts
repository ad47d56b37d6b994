import {
  APIGatewayClient,
  GetRestApiCommand,
  GetStageCommand,
  GetUsagePlansCommand,
} from '@aws-sdk/client-api-gateway';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deploy } from '../index.ts';
import { checkTemplate } from '../template/load.ts';
import { parseTemplateText } from '../template/parse.ts';
import { type TestAws, testAws } from '../testing.ts';

const REGION = 'ap-northeast-2';
const KEY = '0123456789abcdef0123456789abcdef';

let aws: TestAws;

beforeEach(async () => {
  aws = await testAws('gate', { localstack: false });
});

afterEach(() => aws[Symbol.asyncDispose]());

const load = async (text: string) => checkTemplate(parseTemplateText(text, 't.yaml'), 't.yaml');
const make = async (text: string) => deploy(await load(text), aws.options);

const GATE = `
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: { Name: gate, Policy: { Statement: [{ Effect: Allow, Principal: "*", Action: "execute-api:Invoke", Resource: "*" }] } }
  Item:
    Type: AWS::ApiGateway::Model
    Properties:
      RestApiId: !Ref Api
      ContentType: application/json
      Schema: { $schema: "http://json-schema.org/draft-04/schema#", type: object, required: [name] }
  Validator:
    Type: AWS::ApiGateway::RequestValidator
    Properties: { RestApiId: !Ref Api, ValidateRequestBody: true }
  BadBody:
    Type: AWS::ApiGateway::GatewayResponse
    Properties:
      RestApiId: !Ref Api
      ResponseType: BAD_REQUEST_BODY
      StatusCode: 422
      ResponseTemplates: { application/json: '{"why":$context.error.messageString}' }
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: NONE
      ApiKeyRequired: true
      RequestValidatorId: !Ref Validator
      RequestModels: { application/json: !Ref Item }
      MethodResponses: [{ StatusCode: 200 }]
      Integration:
        Type: MOCK
        RequestTemplates: { application/json: '{"statusCode": 200}' }
        IntegrationResponses: [{ StatusCode: 200, ResponseTemplates: { application/json: $stageVariables.colour } }]
  Deployment:
    Type: AWS::ApiGateway::Deployment
    DependsOn: [Method, BadBody]
    Properties:
      RestApiId: !Ref Api
      StageName: PROD
      StageDescription:
        Description: for all
        Variables: { colour: red }
        ThrottlingRateLimit: 5
        ThrottlingBurstLimit: 2
        MethodSettings: [{ ResourcePath: /, HttpMethod: POST, MetricsEnabled: true }]
        AccessLogSetting:
          DestinationArn: !Sub "arn:aws:firehose:\${AWS::Region}:\${AWS::AccountId}:deliverystream/amazon-apigateway-log"
          Format: $context.requestId
        Tags: [{ Key: team, Value: gas }]
  Key:
    Type: AWS::ApiGateway::ApiKey
    Properties: { Enabled: true, Value: ${KEY} }
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    DependsOn: Deployment
    Properties:
      ApiStages: [{ ApiId: !Ref Api, Stage: PROD, Throttle: { /POST: { RateLimit: 3, BurstLimit: 3 } } }]
      Quota: { Limit: 2, Period: DAY }
      Throttle: { RateLimit: 10.5, BurstLimit: 20 }
  PlanKey:
    Type: AWS::ApiGateway::UsagePlanKey
    Properties: { KeyId: !Ref Key, KeyType: API_KEY, UsagePlanId: !Ref Plan }
Outputs:
  Api: { Value: !Ref Api }
  Url: { Value: !Sub "https://\${Api}.execute-api.\${AWS::Region}.amazonaws.com/PROD" }
  Key: { Value: !GetAtt Key.APIKeyId }
  Plan: { Value: !GetAtt Plan.Id }
  PlanKey: { Value: !Ref PlanKey }
  Model: { Value: !Ref Item }
`;

test('keys, plans, validators, models and gateway responses of a template stand before its API', async () => {
  const { outputs, redeploy, undeploy } = await make(GATE);
  const { Api, Url = '', Key, Plan, PlanKey, Model } = outputs;
  expect(PlanKey).toBe(`${Key}:${Plan}`);
  expect(Model).toMatch(/^gateItem[A-Z0-9]{12}$/);
  const send = async (key: string, body: string) => {
    const headers = { 'content-type': 'application/json', 'x-api-key': key };
    const answer = await fetch(Url, { method: 'POST', headers, body });
    return [answer.status, await answer.text()];
  };
  expect(await send('other', '{"name":1}')).toEqual([403, '{"message":"Forbidden"}']);
  expect(await send(KEY, '{}')).toEqual([422, '{"why":"Invalid request body"}']);
  expect(await send(KEY, '{"name":1}')).toEqual([200, 'red']);
  expect(await send(KEY, '{"name":1}')).toEqual([429, '{"message":"Limit Exceeded"}']);

  const gateway = aws.edge.access.client(APIGatewayClient, REGION);
  expect(await gateway.send(new GetStageCommand({ restApiId: Api, stageName: 'PROD' }))).toMatchObject({
    description: 'for all',
    tags: { team: 'gas' },
    accessLogSettings: { destinationArn: expect.stringMatching(/:deliverystream\/amazon-apigateway-log$/) },
    methodSettings: {
      '*/*': { throttlingRateLimit: 5, throttlingBurstLimit: 2 },
      '//POST': { metricsEnabled: true },
    },
  });
  aws.progress.length = 0;
  await redeploy();
  expect(aws.progress).toEqual([]);
  await undeploy();
  expect((await gateway.send(new GetUsagePlansCommand({}))).items).toEqual([]);
});

const IMPORTED = `
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: above
      ApiKeySourceType: AUTHORIZER
      BinaryMediaTypes: [image~1png]
      EndpointConfiguration: { Types: [REGIONAL] }
      Parameters: { basepath: prepend }
      FailOnWarnings: true
      Tags: [{ Key: team, Value: gas }]
      Body:
        swagger: "2.0"
        info: { title: below, description: from the definition, version: 1 }
        basePath: /v1
        paths:
          /answer:
            get:
              responses: { "200": { description: fine } }
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: { application/json: '{"statusCode": 200}' }
                responses:
                  default: { statusCode: "200", responseTemplates: { application/json: !Sub "\${AWS::Region}" } }
  Deployment:
    Type: AWS::ApiGateway::Deployment
    Properties: { RestApiId: !Ref Api }
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      DeploymentId: !Ref Deployment
      StageName: PROD
      MethodSettings: [{ ResourcePath: /*, HttpMethod: "*", ThrottlingRateLimit: 7 }]
Outputs:
  Api: { Value: !Ref Api }
  Url: { Value: !Sub "https://\${Api}.execute-api.\${AWS::Region}.amazonaws.com/\${Stage}/v1/answer" }
`;

test('an API is what its Body says, and what the template says stands above that', async () => {
  const { outputs } = await make(IMPORTED);
  const gateway = aws.edge.access.client(APIGatewayClient, REGION);
  expect(await gateway.send(new GetRestApiCommand({ restApiId: outputs.Api }))).toMatchObject({
    name: 'above',
    description: 'from the definition',
    apiKeySource: 'AUTHORIZER',
    binaryMediaTypes: ['image/png'],
    endpointConfiguration: { types: ['REGIONAL'] },
    tags: { team: 'gas' },
  });
  const answer = await fetch(outputs.Url ?? '');
  expect([answer.status, await answer.text()]).toEqual([200, REGION]);
});

test.each([
  [
    'Method',
    '{ RestApiId: a, ResourceId: b, HttpMethod: GET, AuthorizationType: COGNITO_USER_POOLS }',
    'TEMPLATE_INVALID_PROPERTY',
    'It.Properties.AuthorizationType: must be NONE, AWS_IAM or CUSTOM (AWS::ApiGateway::Method).',
  ],
  [
    'RestApi',
    '{ BodyS3Location: { Bucket: a, Key: b } }',
    'TEMPLATE_UNSUPPORTED_PROPERTY',
    'It.Properties.BodyS3Location: naetmul does not support this property of AWS::ApiGateway::RestApi.',
  ],
  [
    'RestApi',
    '{ Description: nameless }',
    'TEMPLATE_INVALID_PROPERTY',
    'It.Properties.Name: is missing (AWS::ApiGateway::RestApi).',
  ],
  [
    'Deployment',
    '{ RestApiId: a, StageDescription: { Description: b } }',
    'TEMPLATE_INVALID_PROPERTY',
    'It.Properties.StageDescription: describes the stage that StageName names, and there is no StageName',
  ],
  [
    'Authorizer',
    '{ RestApiId: a, Name: b, Type: COGNITO_USER_POOLS }',
    'TEMPLATE_INVALID_PROPERTY',
    'It.Properties.Type: must be TOKEN or REQUEST (AWS::ApiGateway::Authorizer).',
  ],
])('%s with %s is refused', async (type, properties, code, sentence) => {
  const text = `Resources:\n  It:\n    Type: AWS::ApiGateway::${type}\n    Properties: ${properties}\n`;
  await expect(load(text)).rejects.toMatchObject({ code, message: expect.stringContaining(sentence) });
});
