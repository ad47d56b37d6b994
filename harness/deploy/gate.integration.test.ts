import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Deployed, deploy } from './index.ts';
import { checkTemplate } from './template/load.ts';
import { parseTemplateText } from './template/parse.ts';
import { type TestAws, testAws } from './testing.ts';

const KEY = '0123456789abcdef0123456789abcdef';

const CODE = `
export const answer = async ({ httpMethod, path, pathParameters }) => ({
  statusCode: 200,
  body: JSON.stringify({ httpMethod, path, pathParameters }),
});
export const allow = async ({ authorizationToken, methodArn }) => ({
  principalId: 'somebody',
  context: { colour: 'red' },
  policyDocument: {
    Version: '2012-10-17',
    Statement: [
      { Action: 'execute-api:Invoke', Effect: authorizationToken === 'in' ? 'Allow' : 'Deny', Resource: methodArn },
    ],
  },
});
`;

const TEMPLATE = `
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { CodeUri: code, Runtime: nodejs22.x } }
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.answer
      Events:
        Item: { Type: Api, Properties: { Path: "/items/{id}", Method: get } }
        Rest: { Type: Api, Properties: { Path: "/rest/{proxy+}", Method: any } }
  Guard: { Type: "AWS::Serverless::Function", Properties: { Handler: index.allow } }
  GuardPermission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref Guard
      Principal: apigateway.amazonaws.com
      SourceArn: !Sub "arn:aws:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/authorizers/\${Authorizer}"
  Api: { Type: "AWS::ApiGateway::RestApi", Properties: { Name: guarded } }
  Authorizer:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      RestApiId: !Ref Api
      Name: guard
      Type: TOKEN
      AuthorizerResultTtlInSeconds: "0"
      AuthorizerUri: !Sub "arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Guard.Arn}/invocations"
      IdentitySource: method.request.header.Authorization
  Validator:
    Type: AWS::ApiGateway::RequestValidator
    Properties: { RestApiId: !Ref Api, ValidateRequestParameters: true }
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: CUSTOM
      AuthorizerId: !Ref Authorizer
      ApiKeyRequired: true
      RequestValidatorId: !GetAtt Validator.RequestValidatorId
      RequestParameters: { method.request.querystring.size: true }
      MethodResponses: [{ StatusCode: 200 }]
      Integration:
        Type: MOCK
        RequestTemplates: { application/json: '{"statusCode": 200}' }
        IntegrationResponses:
          - { StatusCode: 200, ResponseTemplates: { application/json: $context.authorizer.colour } }
  Deployment:
    Type: AWS::ApiGateway::Deployment
    DependsOn: Method
    Properties: { RestApiId: !Ref Api, StageName: PROD }
  Key: { Type: "AWS::ApiGateway::ApiKey", Properties: { Enabled: true, Value: ${KEY} } }
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    DependsOn: Deployment
    Properties: { ApiStages: [{ ApiId: !Ref Api, Stage: PROD }], Quota: { Limit: 2, Period: MONTH } }
  PlanKey:
    Type: AWS::ApiGateway::UsagePlanKey
    Properties: { KeyId: !Ref Key, KeyType: API_KEY, UsagePlanId: !Ref Plan }
Outputs:
  Guarded: { Value: !Sub "https://\${Api}.execute-api.\${AWS::Region}.amazonaws.com/PROD" }
  Items: { Value: !Sub "https://\${ServerlessRestApi}.execute-api.\${AWS::Region}.amazonaws.com/Prod" }
  Stage: { Value: !Ref ServerlessRestApiProdStage }
`;

let aws: TestAws;
let gate: Deployed;

beforeAll(async () => {
  aws = await testAws('gate');
  const file = path.join(aws.dataDir, 'template.yaml');
  await mkdir(path.join(aws.dataDir, 'code'));
  await writeFile(path.join(aws.dataDir, 'code', 'index.mjs'), CODE);
  gate = await deploy(await checkTemplate(parseTemplateText(TEMPLATE, file), file), aws.options);
});

afterAll(async () => {
  await aws?.[Symbol.asyncDispose]();
});

async function send(url: string, { method = 'GET', ...headers }: Record<string, string> = {}) {
  const answer = await fetch(url, { method, headers });
  return [answer.status, await answer.text()];
}

test('a method of a template asks its authorizer, its usage plan and its validator, in this order', async () => {
  const { Guarded = '' } = gate.outputs;
  const key = { 'x-api-key': KEY };
  expect(await send(Guarded, key)).toEqual([401, '{"message":"Unauthorized"}']);
  expect(await send(Guarded, { ...key, authorization: 'out' })).toEqual([
    403,
    '{"Message":"User is not authorized to access this resource with an explicit deny"}',
  ]);
  expect(await send(Guarded, { authorization: 'in' })).toEqual([403, '{"message":"Forbidden"}']);
  expect(await send(Guarded, { ...key, authorization: 'in' })).toEqual([
    400,
    '{"message": "Missing required request parameters: [size]"}',
  ]);
  expect(await send(`${Guarded}?size=1`, { ...key, authorization: 'in' })).toEqual([200, 'red']);
  expect(await send(`${Guarded}?size=1`, { ...key, authorization: 'in' })).toEqual([
    429,
    '{"message":"Limit Exceeded"}',
  ]);
});

test('the Api events of a function are methods that the function answers', async () => {
  const { Items = '', Stage } = gate.outputs;
  expect(Stage).toBe('Prod');
  const [status, text] = await send(`${Items}/items/7`);
  expect(status).toBe(200);
  expect(JSON.parse(String(text))).toEqual({ httpMethod: 'GET', path: '/items/7', pathParameters: { id: '7' } });
  const [, rest] = await send(`${Items}/rest/a/b`, { method: 'DELETE' });
  expect(JSON.parse(String(rest))).toEqual({
    httpMethod: 'DELETE',
    path: '/rest/a/b',
    pathParameters: { proxy: 'a/b' },
  });
  const beside = await send(`${Items.replace(/Prod$/, 'Stage')}/items/8`);
  expect(beside[0]).toBe(200);
  expect(await send(`${Items}/items/7`, { method: 'POST' })).toEqual([
    403,
    '{"message":"Missing Authentication Token"}',
  ]);
});

test('all of it can be removed', async () => {
  await gate.undeploy();
  expect(gate.resources).toEqual([]);
});
