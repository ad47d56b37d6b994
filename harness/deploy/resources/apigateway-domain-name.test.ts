import { once } from 'node:events';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { APIGatewayClient, GetBasePathMappingsCommand, GetDomainNamesCommand } from '@aws-sdk/client-api-gateway';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deploy } from '../index.ts';
import { checkTemplate } from '../template/load.ts';
import { parseTemplateText } from '../template/parse.ts';
import { type TestAws, testAws } from '../testing.ts';

const TEMPLATE = `
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: { Name: partners }
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      MethodResponses: [{ StatusCode: 200 }]
      Integration:
        Type: MOCK
        RequestTemplates: { application/json: '{"statusCode": 200}' }
        IntegrationResponses: [{ StatusCode: 200, ResponseTemplates: { application/json: $context.domainName } }]
  Deployment:
    Type: AWS::ApiGateway::Deployment
    DependsOn: Method
    Properties: { RestApiId: !Ref Api, StageName: PROD }
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties:
      DomainName: api.example.com
      RegionalCertificateArn: !Sub "arn:aws:acm:\${AWS::Region}:\${AWS::AccountId}:certificate/12345678"
      EndpointConfiguration: { Types: [REGIONAL] }
      SecurityPolicy: TLS_1_2
      Tags: [{ Key: team, Value: gas }]
  Mapping:
    Type: AWS::ApiGateway::BasePathMapping
    DependsOn: Deployment
    Properties: { DomainName: !Ref Domain, RestApiId: !Ref Api, Stage: PROD, BasePath: v1 }
Outputs:
  Name: { Value: !Ref Domain }
  Arn: { Value: !GetAtt Domain.DomainNameArn }
  Target: { Value: !GetAtt Domain.RegionalDomainName }
  Zone: { Value: !GetAtt Domain.RegionalHostedZoneId }
  Mapping: { Value: !Ref Mapping }
`;

let aws: TestAws;

beforeEach(async () => {
  aws = await testAws('partners', { localstack: false });
});

afterEach(() => aws[Symbol.asyncDispose]());

test('a domain name and its mapping are made as the template says, serve the API, and go before it does', async () => {
  const template = await checkTemplate(parseTemplateText(TEMPLATE, 't.yaml'), 't.yaml');
  const deployed = await deploy(template, aws.options);
  expect(deployed.outputs).toEqual({
    Name: 'api.example.com',
    Arn: 'arn:aws:apigateway:ap-northeast-2::/domainnames/api.example.com',
    Target: expect.stringMatching(/^d-[a-z0-9]+\.execute-api\.ap-northeast-2\.amazonaws\.com$/),
    Zone: 'Z20JF4UZKIW1U8',
    Mapping: 'api.example.com|v1',
  });
  const gateway = aws.edge.access.client(APIGatewayClient, 'ap-northeast-2');
  const { items } = await gateway.send(new GetBasePathMappingsCommand({ domainName: 'api.example.com' }));
  expect(items).toMatchObject([{ basePath: 'v1', stage: 'PROD' }]);
  const sent = get(`${aws.url}/v1`, { headers: { host: 'api.example.com' } });
  const [answer] = await once(sent, 'response');
  expect([answer.statusCode, await text(answer)]).toEqual([200, 'api.example.com']);
  await deployed.undeploy();
  expect((await gateway.send(new GetDomainNamesCommand({}))).items).toEqual([]);
});
