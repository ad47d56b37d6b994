import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose';
import { ListDomainNamesCommand, OpenSearchClient } from '@aws-sdk/client-opensearch';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Deployed, deploy } from './index.ts';
import { checkTemplate } from './template/load.ts';
import { parseTemplateText } from './template/parse.ts';
import { type TestAws, testAws } from './testing.ts';

/** Puts an index template into a domain, and takes it out again. */
const PROVIDER = `
export const handler = async (event) => {
  const { RequestType, StackId, RequestId, LogicalResourceId, ResourceProperties } = event;
  const url = 'http://' + ResourceProperties.Endpoint + '/_template/' + ResourceProperties.Name;
  const done = RequestType === 'Delete'
    ? await fetch(url, { method: 'DELETE' })
    : await fetch(url, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: ResourceProperties.Body });
  const Status = done.ok ? 'SUCCESS' : 'FAILED';
  const response = { Status, Reason: await done.text(), PhysicalResourceId: ResourceProperties.Name };
  const body = JSON.stringify({ ...response, StackId, RequestId, LogicalResourceId });
  await fetch(event.ResponseURL, { method: 'PUT', body });
};
`;

const template = (code: string, address: string) => `
Resources:
  Domain:
    Type: AWS::OpenSearchService::Domain
    Properties:
      DomainName: pinpoint
      EngineVersion: OpenSearch_2.19
      ClusterConfig: { InstanceType: t3.small.search, InstanceCount: 1 }
      EBSOptions: { EBSEnabled: true, VolumeType: gp3, VolumeSize: 10 }
      AdvancedOptions: { rest.action.multi.allow_explicit_index: true }
      AccessPolicies:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: { AWS: "*" }
            Action: es:ESHttp*
            Resource: !Sub "arn:aws:es:\${AWS::Region}:\${AWS::AccountId}:domain/pinpoint/*"
            Condition: { IpAddress: { aws:SourceIp: [${address}] } }
  Provider:
    Type: AWS::Lambda::Function
    Properties:
      Code: { S3Bucket: hot-reload, S3Key: ${JSON.stringify(code)} }
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Runtime: nodejs22.x
      Timeout: 20
  IndexTemplate:
    Type: Custom::IndexTemplate
    Properties:
      ServiceToken: !GetAtt Provider.Arn
      Endpoint: !GetAtt Domain.DomainEndpoint
      Name: default_template
      Body: '{"index_patterns":["pinpoint*"],"mappings":{"properties":{"arrival_timestamp":{"type":"date","format":"epoch_millis"}}}}'
  Bucket: { Type: AWS::S3::Bucket }
  Role:
    Type: AWS::IAM::Role
    Properties: { AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] } }
  Delivery:
    Type: AWS::KinesisFirehose::DeliveryStream
    DependsOn: IndexTemplate
    Properties:
      AmazonopensearchserviceDestinationConfiguration:
        DomainARN: !GetAtt Domain.Arn
        RoleARN: !GetAtt Role.Arn
        IndexName: pinpoint
        IndexRotationPeriod: NoRotation
        BufferingHints: { IntervalInSeconds: 0, SizeInMBs: 1 }
        S3BackupMode: FailedDocumentsOnly
        S3Configuration: { BucketARN: !GetAtt Bucket.Arn, RoleARN: !GetAtt Role.Arn, Prefix: failed_ }
  App: { Type: "AWS::Pinpoint::App", Properties: { Name: brook } }
  Events:
    Type: AWS::Pinpoint::EventStream
    Properties: { ApplicationId: !Ref App, DestinationStreamArn: !GetAtt Delivery.Arn, RoleArn: !GetAtt Role.Arn }
Outputs:
  Domain: { Value: !Sub "https://\${Domain.DomainEndpoint}" }
  Delivery: { Value: !Ref Delivery }
`;

let aws: TestAws;
let code: string;

beforeAll(async () => {
  aws = await testAws('analytics', { openSearch: true });
  code = join(aws.dataDir, 'provider');
  await mkdir(code);
  await writeFile(join(code, 'index.mjs'), PROVIDER);
});

afterAll(() => aws?.[Symbol.asyncDispose]());

const make = async (address: string): Promise<Deployed> =>
  deploy(await checkTemplate(parseTemplateText(template(code, address), 't.yaml'), 't.yaml'), aws.options);

test('the index template is there before the first event, and goes with the rest', async () => {
  const stack = await make('127.0.0.1');
  const { Domain: domain = '', Delivery: DeliveryStreamName } = stack.outputs;
  const made = aws.progress.map((message) => /made (\w+)/.exec(message)?.[1]);
  expect(made.indexOf('IndexTemplate')).toBeLessThan(made.indexOf('Delivery'));
  const Data = Buffer.from('{"event_type":"_email.send","arrival_timestamp":1589760000000}');
  await aws.edge.access.client(FirehoseClient).send(new PutRecordCommand({ DeliveryStreamName, Record: { Data } }));
  await vi.waitFor(
    async () => {
      await fetch(`${domain}/_refresh`, { method: 'POST' });
      const found = await fetch(`${domain}/pinpoint/_search?q=arrival_timestamp:[now-50y%20TO%20now]`);
      expect(await found.json()).toMatchObject({ hits: { hits: [{ _source: { event_type: '_email.send' } }] } });
    },
    { timeout: 20_000, interval: 200 },
  );
  const mapping = await (await fetch(`${domain}/pinpoint/_mapping/field/arrival_timestamp`)).json();
  expect(mapping).toMatchObject({
    pinpoint: { mappings: { arrival_timestamp: { mapping: { arrival_timestamp: { type: 'date' } } } } },
  });
  await stack.undeploy();
  expect(stack.resources).toEqual([]);
  // A domain of that name, made anew, has nothing of the old one's.
  const again = await make('127.0.0.1');
  expect((await fetch(`${domain}/pinpoint`)).status).toBe(404);
  await again.undeploy();
});

test('what LocalStack lost is made again, and the rest stays', async () => {
  const stack = await make('127.0.0.1');
  aws.progress.length = 0;
  await aws.loseLocalStack();
  await stack.redeploy();
  expect(aws.progress.sort()).toEqual([
    'analytics: made Bucket (AWS::S3::Bucket)',
    'analytics: made Role (AWS::IAM::Role)',
  ]);
  await stack.undeploy();
});

test('a domain that does not let the function in fails the deployment in the domain’s own words', async () => {
  await expect(make('192.0.2.1')).rejects.toMatchObject({
    code: 'DEPLOY_FAILED',
    message: expect.stringMatching(
      /IndexTemplate \(Custom::IndexTemplate\) could not be made: CustomResourceFailed: Received response status \[FAILED\] from custom resource\. Message returned: \{"Message":"User: anonymous is not authorized to perform: es:ESHttpPut /,
    ),
  });
  const openSearch = aws.edge.access.client(OpenSearchClient);
  expect((await openSearch.send(new ListDomainNamesCommand({}))).DomainNames).toEqual([]);
});
