import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Deployed, deploy } from '../index.ts';
import { checkTemplate } from '../template/load.ts';
import { parseTemplateText } from '../template/parse.ts';
import { type TestAws, testAws } from '../testing.ts';

const KEY = '0123456789abcdef0123456789abcdef';

const CODE = `
export const answer = async ({ requestContext }) => ({
  statusCode: 200,
  headers: { 'Access-Control-Allow-Origin': 'https://page.example' },
  body: requestContext.authorizer?.colour ?? 'open',
});
const decide = (isIn, methodArn) => ({
  principalId: 'somebody',
  context: { colour: 'red' },
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: isIn ? 'Allow' : 'Deny', Resource: methodArn }],
  },
});
export const token = async ({ authorizationToken, methodArn }) => decide(authorizationToken === 'in', methodArn);
export const request = async ({ queryStringParameters, methodArn }) => decide(queryStringParameters.who === 'me', methodArn);
`;

const TEMPLATE = `
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: { CodeUri: code, Runtime: nodejs22.x }
  Api:
    EndpointConfiguration: { Type: REGIONAL }
    Cors: { AllowOrigin: "'https://page.example'", AllowHeaders: "'X-Token,X-Api-Key'", MaxAge: "'600'" }
    Auth:
      DefaultAuthorizer: ByToken
      AddDefaultAuthorizerToCorsPreflight: false
      Authorizers:
        ByToken: { FunctionArn: !GetAtt Token.Arn, Identity: { Header: X-Token, ReauthorizeEvery: 0 } }
        ByRequest:
          FunctionPayloadType: REQUEST
          FunctionArn: !GetAtt Request.Arn
          Identity: { QueryStrings: [who], ReauthorizeEvery: 0 }
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.answer
      Events:
        Default: { Type: Api, Properties: { Path: /items, Method: get } }
        Other: { Type: Api, Properties: { Path: /items, Method: put, Auth: { Authorizer: ByRequest } } }
        Open: { Type: Api, Properties: { Path: /open, Method: any, Auth: { Authorizer: NONE } } }
        Key: { Type: Api, Properties: { Path: /key, Method: get, Auth: { Authorizer: NONE, ApiKeyRequired: true } } }
  Token: { Type: "AWS::Serverless::Function", Properties: { Handler: index.token } }
  Request: { Type: "AWS::Serverless::Function", Properties: { Handler: index.request } }
  Key: { Type: "AWS::ApiGateway::ApiKey", Properties: { Enabled: true, Value: ${KEY} } }
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    Properties: { ApiStages: [{ ApiId: !Ref ServerlessRestApi, Stage: !Ref ServerlessRestApiProdStage }] }
  PlanKey:
    Type: AWS::ApiGateway::UsagePlanKey
    Properties: { KeyId: !Ref Key, KeyType: API_KEY, UsagePlanId: !Ref Plan }
Outputs:
  Url: { Value: !Sub "https://\${ServerlessRestApi}.execute-api.\${AWS::Region}.amazonaws.com/Prod" }
`;

let aws: TestAws;
let deployed: Deployed;
let url: string;

beforeAll(async () => {
  aws = await testAws('guards');
  const file = path.join(aws.dataDir, 'template.yaml');
  await mkdir(path.join(aws.dataDir, 'code'));
  await writeFile(path.join(aws.dataDir, 'code', 'index.mjs'), CODE);
  deployed = await deploy(await checkTemplate(parseTemplateText(TEMPLATE, file), file), aws.options);
  url = deployed.outputs.Url ?? '';
});

afterAll(async () => {
  await aws?.[Symbol.asyncDispose]();
});

async function send(target: string, method = 'GET', headers: Record<string, string> = {}) {
  const answer = await fetch(`${url}${target}`, { method, headers });
  return [answer.status, await answer.text()];
}

const DENIED = '{"Message":"User is not authorized to access this resource with an explicit deny"}';

test('the default authorizer is asked for each method that names no other, and lets its answer through', async () => {
  expect(await send('/items')).toEqual([401, '{"message":"Unauthorized"}']);
  expect(await send('/items', 'GET', { 'X-Token': 'out' })).toEqual([403, DENIED]);
  expect(await send('/items', 'GET', { 'X-Token': 'in' })).toEqual([200, 'red']);
  expect(await send('/items', 'PUT', { 'X-Token': 'in' })).toEqual([401, '{"message":"Unauthorized"}']);
  expect(await send('/items?who=you', 'PUT')).toEqual([403, DENIED]);
  expect(await send('/items?who=me', 'PUT')).toEqual([200, 'red']);
  expect(await send('/open', 'PATCH')).toEqual([200, 'open']);
});

test('an API key is asked for where a method wants one', async () => {
  expect(await send('/key')).toEqual([403, '{"message":"Forbidden"}']);
  expect(await send('/key', 'GET', { 'X-Api-Key': KEY })).toEqual([200, 'open']);
});

test.each([
  ['/items', 'GET,OPTIONS,PUT'],
  ['/key', 'GET,OPTIONS'],
])('a browser is told, without a token, what it may send to %s', async (target, methods) => {
  const answer = await fetch(`${url}${target}`, {
    method: 'OPTIONS',
    headers: { Origin: 'https://page.example', 'Access-Control-Request-Method': 'GET' },
  });
  expect([answer.status, await answer.text()]).toEqual([200, '{}\n']);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'access-control-allow-origin': 'https://page.example',
    'access-control-allow-methods': methods,
    'access-control-allow-headers': 'X-Token,X-Api-Key',
    'access-control-max-age': '600',
  });
});

test('a method that takes every method answers OPTIONS as Cors says, which is more exact', async () => {
  const { status, headers } = await fetch(`${url}/open`, { method: 'OPTIONS' });
  expect([status, headers.get('access-control-allow-methods')]).toEqual([
    200,
    'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT',
  ]);
});
