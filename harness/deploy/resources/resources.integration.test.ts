import { APIGatewayClient, GetAccountCommand, GetMethodCommand, GetStageCommand } from '@aws-sdk/client-api-gateway';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DescribeDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import { GetRolePolicyCommand, IAMClient, ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import { DescribeStreamSummaryCommand, KinesisClient, ListTagsForStreamCommand } from '@aws-sdk/client-kinesis';
import {
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import {
  GetBucketLifecycleConfigurationCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, ListQueuesCommand, ListQueueTagsCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Deployed, deploy } from '../index.ts';
import { checkTemplate } from '../template/load.ts';
import { parseTemplateText } from '../template/parse.ts';
import { type TestAws, testAws } from '../testing.ts';

const TEMPLATE = `
Resources:
  Stream:
    Type: AWS::Kinesis::Stream
    Properties: { ShardCount: 2, RetentionPeriodHours: "48", Tags: [{ Key: team, Value: 물 }] }
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: "false" }
      LifecycleConfiguration: { Rules: [{ Id: forget, Prefix: seen/, Status: Enabled, ExpirationInDays: 1 }] }
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Version: 2012-10-17, Statement: [] }
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"]
      Policies:
        - PolicyName: read
          PolicyDocument:
            Version: 2012-10-17
            Statement: [{ Effect: Allow, Action: s3:GetObject, Resource: !Sub "\${Bucket.Arn}/*" }]
  Delivery:
    Type: AWS::KinesisFirehose::DeliveryStream
    Properties:
      S3DestinationConfiguration:
        BucketARN: !GetAtt Bucket.Arn
        RoleARN: !GetAtt Role.Arn
        BufferingHints: { IntervalInSeconds: "120", SizeInMBs: 3 }
        CompressionFormat: GZIP
  Queue:
    Type: AWS::SQS::Queue
    Properties: { FifoQueue: true, ContentBasedDeduplication: "true", DelaySeconds: 3, Tags: [{ Key: team, Value: 물 }] }
  QueuePolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Version: 2012-10-17
        Statement: [{ Effect: Allow, Principal: "*", Action: sqs:SendMessage, Resource: !GetAtt Queue.Arn }]
  Failures: { Type: "AWS::SQS::Queue" }
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Code: { S3Bucket: hot-reload, S3Key: ${JSON.stringify(import.meta.dirname)} }
      Handler: index.handler
      Runtime: nodejs22.x
      Role: !GetAtt Role.Arn
      MemorySize: "256"
      ReservedConcurrentExecutions: 3
      DeadLetterConfig: { TargetArn: !GetAtt Failures.Arn }
      VpcConfig: { SubnetIds: [subnet-1], SecurityGroupIds: [sg-1] }
      Tags: [{ Key: team, Value: 물 }]
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Function
      Action: lambda:InvokeFunction
      Principal: s3.amazonaws.com
      SourceArn: !GetAtt Bucket.Arn
  InvokeConfig:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: !Ref Function
      Qualifier: $LATEST
      MaximumRetryAttempts: 1
      DestinationConfig: { OnFailure: { Destination: !GetAtt Failures.Arn } }
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !GetAtt Function.Arn
      EventSourceArn: !GetAtt Stream.Arn
      StartingPosition: AT_TIMESTAMP
      StartingPositionTimestamp: 1643262505
      Enabled: false
  LogGroup: { Type: "AWS::Logs::LogGroup", Properties: { RetentionInDays: 14 } }
  LogStream: { Type: "AWS::Logs::LogStream", Properties: { LogGroupName: !Ref LogGroup, LogStreamName: S3Delivery } }
  Api: { Type: "AWS::ApiGateway::RestApi", Properties: { Name: everything } }
  Resource:
    Type: AWS::ApiGateway::Resource
    Properties: { RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: v1 }
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Resource
      HttpMethod: POST
      AuthorizationType: NONE
      Integration:
        Type: MOCK
        RequestTemplates: { application/json: '{"statusCode": 200}' }
        IntegrationResponses:
          - StatusCode: 200
            ResponseTemplates: { application/json: "{}" }
      MethodResponses: [{ StatusCode: 200 }]
  Deployment:
    Type: AWS::ApiGateway::Deployment
    DependsOn: Method
    Properties: { RestApiId: !Ref Api }
  Stage:
    Type: AWS::ApiGateway::Stage
    DependsOn: Account
    Properties:
      RestApiId: !Ref Api
      DeploymentId: !Ref Deployment
      StageName: PROD
      Variables: { colour: blue }
      MethodSettings:
        - { ResourcePath: /*, HttpMethod: "*", LoggingLevel: INFO, MetricsEnabled: true }
        - { ResourcePath: /v1, HttpMethod: POST, LoggingLevel: ERROR, DataTraceEnabled: true }
  Account: { Type: "AWS::ApiGateway::Account", Properties: { CloudWatchRoleArn: !GetAtt Role.Arn } }
Outputs:
  Url: { Value: !Sub "https://\${Api}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/\${Stage}/v1" }
`;

let aws: TestAws;
let deployed: Deployed;

const load = (text: string) => checkTemplate(parseTemplateText(text, 't.yaml'), 't.yaml');
const physicalId = (logicalId: string) =>
  deployed.resources.find((resource) => resource.logicalId === logicalId)?.physicalId ?? '';

beforeAll(async () => {
  aws = await testAws('everything');
  deployed = await deploy(await load(TEMPLATE), aws.options);
});

afterAll(async () => {
  await aws?.[Symbol.asyncDispose]();
});

describe('a deployed template', () => {
  test('has its stream, as large and long as it says', async () => {
    const kinesis = aws.edge.access.client(KinesisClient);
    const StreamName = physicalId('Stream');
    expect(StreamName).toMatch(/^everything-Stream-[A-Z0-9]{12}$/);
    const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
    expect(StreamDescriptionSummary).toMatchObject({
      OpenShardCount: 2,
      RetentionPeriodHours: 48,
      StreamStatus: 'ACTIVE',
    });
    const { Tags } = await kinesis.send(new ListTagsForStreamCommand({ StreamName }));
    expect(Tags).toEqual([{ Key: 'team', Value: '물' }]);
  });

  test('has its bucket, closed as far as it says, in which objects expire', async () => {
    const s3 = aws.edge.access.client(S3Client);
    const Bucket = physicalId('Bucket');
    const { PublicAccessBlockConfiguration } = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(PublicAccessBlockConfiguration).toMatchObject({ BlockPublicAcls: true, RestrictPublicBuckets: false });
    const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(Rules).toEqual([{ ID: 'forget', Status: 'Enabled', Filter: { Prefix: 'seen/' }, Expiration: { Days: 1 } }]);
  });

  test('has its role with both kinds of policies', async () => {
    const iam = aws.edge.access.client(IAMClient);
    const RoleName = physicalId('Role');
    const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'read' }));
    expect(JSON.parse(decodeURIComponent(PolicyDocument))).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${physicalId('Bucket')}/*` }],
    });
    const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    expect(AttachedPolicies.map(({ PolicyName }) => PolicyName)).toEqual(['AmazonAPIGatewayPushToCloudWatchLogs']);
  });

  test('has its delivery stream', async () => {
    const { DeliveryStreamDescription } = await aws.edge.access
      .client(FirehoseClient)
      .send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: physicalId('Delivery') }));
    expect(DeliveryStreamDescription).toMatchObject({
      DeliveryStreamStatus: 'ACTIVE',
      DeliveryStreamType: 'DirectPut',
    });
    expect(DeliveryStreamDescription?.Destinations?.[0]?.S3DestinationDescription).toMatchObject({
      BufferingHints: { IntervalInSeconds: 120, SizeInMBs: 3 },
      CompressionFormat: 'GZIP',
    });
  });

  test('has its queue with its policy', async () => {
    const sqs = aws.edge.access.client(SQSClient);
    const QueueUrl = physicalId('Queue');
    expect(QueueUrl).toMatch(/\/000000000000\/everything-Queue-[A-Z0-9]{12}\.fifo$/);
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes).toMatchObject({ FifoQueue: 'true', ContentBasedDeduplication: 'true', DelaySeconds: '3' });
    expect(JSON.parse(Attributes?.Policy ?? '')).toMatchObject({ Statement: [{ Resource: Attributes?.QueueArn }] });
    expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ team: '물' });
  });

  test('has its function, and what belongs to it', async () => {
    const lambda = aws.edge.access.client(LambdaClient);
    const FunctionName = physicalId('Function');
    const { Configuration, Concurrency, Tags } = await lambda.send(new GetFunctionCommand({ FunctionName }));
    expect(Configuration).toMatchObject({
      State: 'Active',
      MemorySize: 256,
      VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
    });
    expect(Concurrency?.ReservedConcurrentExecutions).toBe(3);
    expect(Tags).toEqual({ team: '물' });
    const { Policy = '' } = await lambda.send(new GetPolicyCommand({ FunctionName }));
    expect(JSON.parse(Policy).Statement).toMatchObject([
      { Sid: physicalId('Permission'), Principal: { Service: 's3.amazonaws.com' } },
    ]);
    const config = await lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier: '$LATEST' }));
    expect(config.MaximumRetryAttempts).toBe(1);
    const mapping = await lambda.send(new GetEventSourceMappingCommand({ UUID: physicalId('Mapping') }));
    expect(mapping).toMatchObject({ State: 'Disabled', StartingPositionTimestamp: new Date(1643262505000) });
  });

  test('is left as it is when it is deployed again', async () => {
    aws.progress.length = 0;
    await deployed.redeploy();
    expect(aws.progress).toEqual([]);
  });

  test('has its log group and log stream', async () => {
    const logs = aws.edge.access.client(CloudWatchLogsClient);
    const logGroupName = physicalId('LogGroup');
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
    expect(logGroups).toMatchObject([{ logGroupName, retentionInDays: 14 }]);
    const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName }));
    expect(logStreams).toMatchObject([{ logStreamName: 'S3Delivery' }]);
  });

  test('has its method with the integration, and its stage with the settings of all and of one method', async () => {
    const gateway = aws.edge.access.client(APIGatewayClient);
    const restApiId = physicalId('Api');
    const method = await gateway.send(
      new GetMethodCommand({ restApiId, resourceId: physicalId('Resource'), httpMethod: 'POST' }),
    );
    expect(method.methodIntegration?.integrationResponses?.['200']).toMatchObject({
      responseTemplates: { 'application/json': '{}' },
    });
    const stage = await gateway.send(new GetStageCommand({ restApiId, stageName: 'PROD' }));
    expect(stage.variables).toEqual({ colour: 'blue' });
    expect(stage.methodSettings).toMatchObject({
      '*/*': { loggingLevel: 'INFO', metricsEnabled: true },
      'v1/POST': { loggingLevel: 'ERROR', dataTraceEnabled: true },
    });
    const account = await gateway.send(new GetAccountCommand({}));
    expect(account.cloudwatchRoleArn).toMatch(/:role\/everything-Role-/);
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(deployed.outputs.Url ?? '', { method: 'POST', body: '{"a":1}', headers });
    expect({ status: answer.status, text: await answer.text() }).toEqual({ status: 200, text: '{}' });
  });
});

describe('a template that AWS refuses a part of', () => {
  test('is removed again, and the error has AWS’s own words', async () => {
    const text = `
Resources:
  Good: { Type: "AWS::S3::Bucket" }
  Bad:
    Type: AWS::KinesisFirehose::DeliveryStream
    DependsOn: Good
    Properties: { DeliveryStreamType: DirectPut }
`;
    await expect(deploy(await load(text), { ...aws.options, name: 'refused' })).rejects.toMatchObject({
      code: 'DEPLOY_FAILED',
      message:
        't.yaml:4: Bad (AWS::KinesisFirehose::DeliveryStream) could not be made: InvalidArgumentException: ' +
        'Exactly one destination configuration is supported for a Firehose',
    });
    const { Buckets = [] } = await aws.edge.access.client(S3Client).send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).toEqual([physicalId('Bucket')]);
  });
});

describe('a template that is taken down', () => {
  test('leaves nothing, not even a bucket with objects in it', async () => {
    const s3 = aws.edge.access.client(S3Client);
    await s3.send(new PutObjectCommand({ Bucket: physicalId('Bucket'), Key: 'rawdata/a', Body: '{}' }));
    await deployed.undeploy();
    expect((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
    expect((await aws.edge.access.client(SQSClient).send(new ListQueuesCommand({}))).QueueUrls ?? []).toEqual([]);
    await expect(deployed.undeploy()).resolves.toBeUndefined();
  });
});
