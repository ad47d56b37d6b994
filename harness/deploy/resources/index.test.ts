import { expect, test } from 'vitest';
import { checkTemplate } from '../template/load.ts';
import { parseTemplateText } from '../template/parse.ts';
import { loadResourceType, supportedTypes } from './index.ts';

/** For each type, properties that it takes: at least those that it needs. */
const EXAMPLES: Readonly<Record<string, unknown>> = {
  'AWS::ApiGateway::Account': { CloudWatchRoleArn: 'arn:aws:iam::000000000000:role/log' },
  'AWS::ApiGateway::ApiKey': { Enabled: 'true' },
  'AWS::ApiGateway::Authorizer': { RestApiId: 'a', Name: 'b', Type: 'TOKEN' },
  'AWS::ApiGateway::BasePathMapping': { DomainName: 'api.example.com', RestApiId: 'a' },
  'AWS::ApiGateway::Deployment': { RestApiId: 'a', StageName: 'PROD', StageDescription: { Variables: { a: 'b' } } },
  'AWS::ApiGateway::DomainName': {
    DomainName: 'api.example.com',
    MutualTlsAuthentication: { TruststoreUri: 's3://a/b' },
  },
  'AWS::ApiGateway::GatewayResponse': { RestApiId: 'a', ResponseType: 'DEFAULT_5XX', StatusCode: 503 },
  'AWS::ApiGateway::Method': { RestApiId: 'a', ResourceId: 'b', HttpMethod: 'POST', AuthorizationType: 'NONE' },
  'AWS::ApiGateway::Model': { RestApiId: 'a', ContentType: 'application/json', Schema: { type: 'object' } },
  'AWS::ApiGateway::RequestValidator': { RestApiId: 'a', ValidateRequestBody: true },
  'AWS::ApiGateway::Resource': { RestApiId: 'a', ParentId: 'b', PathPart: 'v1' },
  'AWS::ApiGateway::RestApi': { Name: 'a' },
  'AWS::ApiGateway::Stage': { RestApiId: 'a', DeploymentId: 'b', StageName: 'PROD' },
  'AWS::ApiGateway::UsagePlan': {
    ApiStages: [{ ApiId: 'a', Stage: 'PROD', Throttle: { '/v1/POST': { RateLimit: '0.5' } } }],
    Quota: { Limit: 10, Period: 'DAY' },
  },
  'AWS::ApiGateway::UsagePlanKey': { KeyId: 'a', KeyType: 'API_KEY', UsagePlanId: 'b' },
  'AWS::CloudFormation::CustomResource': {
    ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:make',
    ServiceTimeout: '60',
  },
  'AWS::Elasticsearch::Domain': { ElasticsearchVersion: '7.10' },
  'AWS::IAM::Role': { AssumeRolePolicyDocument: { Statement: [] } },
  'AWS::IoT::Policy': { PolicyDocument: { Version: '2012-10-17', Statement: [] } },
  'AWS::IoT::PolicyPrincipalAttachment': { PolicyName: 'a', Principal: 'b' },
  'AWS::IoT::Thing': { AttributePayload: { Attributes: { site: 'north' } } },
  'AWS::IoT::ThingPrincipalAttachment': { Principal: 'a', ThingName: 'b' },
  'AWS::IoT::TopicRule': {
    TopicRulePayload: { Actions: [{ Lambda: { FunctionArn: 'a' } }], Sql: "SELECT * FROM 'a'" },
  },
  'AWS::Kinesis::Stream': { ShardCount: '2' },
  'AWS::KinesisFirehose::DeliveryStream': { S3DestinationConfiguration: { BucketARN: 'a', RoleARN: 'b' } },
  'AWS::Lambda::EventInvokeConfig': { FunctionName: 'a', Qualifier: '$LATEST' },
  'AWS::Lambda::EventSourceMapping': { EventSourceArn: 'a', FunctionName: 'b' },
  'AWS::Lambda::Function': {
    Code: { S3Bucket: 'hot-reload', S3Key: '/a' },
    Handler: 'index.handler',
    Role: 'arn:aws:iam::000000000000:role/run',
    Runtime: 'nodejs22.x',
  },
  'AWS::Lambda::Permission': { Action: 'lambda:InvokeFunction', FunctionName: 'a', Principal: 's3.amazonaws.com' },
  'AWS::Logs::LogGroup': { RetentionInDays: 7 },
  'AWS::Logs::LogStream': { LogGroupName: 'a' },
  'AWS::OpenSearchService::Domain': { EngineVersion: 'OpenSearch_2.19' },
  'AWS::Pinpoint::App': { Name: 'a', Tags: { team: 'b' } },
  'AWS::Pinpoint::Campaign': { ApplicationId: 'a', Name: 'b', SegmentId: 'c', Schedule: { StartTime: 'IMMEDIATE' } },
  'AWS::Pinpoint::EmailChannel': { ApplicationId: 'a', FromAddress: 'a@example.com', Identity: 'arn' },
  'AWS::Pinpoint::EmailTemplate': { TemplateName: 'a', Subject: 'b' },
  'AWS::Pinpoint::EventStream': { ApplicationId: 'a', DestinationStreamArn: 'b', RoleArn: 'c' },
  'AWS::Pinpoint::Segment': { ApplicationId: 'a', Name: 'b' },
  'AWS::RDS::DBInstance': { Engine: 'mysql', MasterUsername: 'a', MasterUserPassword: 'abcdefgh' },
  'AWS::S3::Bucket': { LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: '1' }] } },
  'AWS::SQS::Queue': { RedrivePolicy: { deadLetterTargetArn: 'a', maxReceiveCount: 4 } },
  'AWS::SQS::QueuePolicy': { PolicyDocument: { Statement: [] }, Queues: ['a'] },
};

const load = (type: string, properties: unknown) => {
  const text = JSON.stringify({ Resources: { It: { Type: type, Properties: properties } } }, null, 1);
  return checkTemplate(parseTemplateText(text, 't.json'), 't.json');
};

/** Every path at which a schema has a map with fixed names. */
function strictPlaces(schema: unknown, path: (string | number)[] = []): (string | number)[][] {
  const { shape, element, unwrap } = schema as { shape?: object; element?: unknown; unwrap?: () => unknown };
  if (shape !== undefined) {
    return [path, ...Object.entries(shape).flatMap(([key, inner]) => strictPlaces(inner, [...path, key]))];
  }
  if (element !== undefined) return strictPlaces(element, [...path, 0]);
  return typeof unwrap === 'function' ? strictPlaces((schema as { unwrap(): unknown }).unwrap(), path) : [];
}

/** `base` with `{ Colour: 'red' }` at `path`, whatever stood there. */
function withColourAt(base: unknown, path: readonly (string | number)[]): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return { ...(base as object), Colour: 'red' };
  if (typeof step === 'number') return [withColourAt((base as unknown[] | undefined)?.[0], rest)];
  const object = (base ?? {}) as Record<string, unknown>;
  return { ...object, [step]: withColourAt(object[step], rest) };
}

test('there is an example of every type that is supported', () => {
  expect(Object.keys(EXAMPLES).sort()).toEqual([...supportedTypes].sort());
});

test.each(Object.entries(EXAMPLES))('%s takes what it supports', async (type, example) => {
  const template = await load(type, example);
  expect(template.resources.get('It')?.type.type).toBe(type);
});

/** What a custom resource may have is between it and its function. */
const STRICT = Object.entries(EXAMPLES).filter(([type]) => type !== 'AWS::CloudFormation::CustomResource');

test.each(STRICT)('%s refuses an unknown property by its name wherever names are fixed', async (type, example) => {
  const definition = await loadResourceType(type);
  const places = strictPlaces(definition?.properties);
  expect(places).toContainEqual([]);
  for (const path of places) {
    const where = ['It.Properties', ...path, 'Colour'].join('.').replace(/\.0\b/g, '[0]');
    await expect(load(type, withColourAt(example, path)), where).rejects.toMatchObject({
      code: 'TEMPLATE_UNSUPPORTED_PROPERTY',
      message: expect.stringContaining(`${where}: naetmul does not support this property of ${type}.`),
    });
  }
});

test('a resource of a type of its own takes any property beside what CloudFormation reads', async () => {
  const properties = { ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:make', Colour: { of: [1] } };
  const template = await load('Custom::Index@Template_1', properties);
  expect(template.resources.get('It')?.type).toMatchObject({ type: 'Custom::Index@Template_1', attributes: 'any' });
  const tooLong = `Custom::${'a'.repeat(61)}`;
  await expect(load(tooLong, properties)).rejects.toMatchObject({
    code: 'TEMPLATE_UNSUPPORTED_TYPE',
    message: `t.json:4: It: the type ${tooLong} is not supported.`,
  });
});

test.each([
  [{}, 'It.Properties.ServiceToken: is missing'],
  [
    { ServiceToken: 'arn:aws:sns:us-east-1:000000000000:topic' },
    'It.Properties.ServiceToken: must be the ARN of a Lambda function; SNS topics are not supported',
  ],
  [
    { ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:make:live', ServiceTimeout: 3601 },
    'It.Properties.ServiceTimeout: must be from 1 to 3600',
  ],
])('a custom resource with %j is refused', async (properties, sentence) => {
  await expect(load('Custom::Thing', properties)).rejects.toMatchObject({
    code: 'TEMPLATE_INVALID_PROPERTY',
    message: expect.stringContaining(sentence),
  });
});

test('names from an object’s prototype are no types', async () => {
  expect(await loadResourceType('constructor')).toBeUndefined();
});
