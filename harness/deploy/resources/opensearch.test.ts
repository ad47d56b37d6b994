import {
  DeleteDomainCommand,
  DescribeDomainCommand,
  ListDomainNamesCommand,
  ListTagsCommand,
} from '@aws-sdk/client-opensearch';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ApiBench, apiBench } from '../../emulators/opensearch/testing.ts';
import { type DeployOptions, deploy } from '../index.ts';
import { checkTemplate } from '../template/load.ts';
import { parseTemplateText } from '../template/parse.ts';

const TEMPLATE = `
Resources:
  Readings:
    Type: AWS::OpenSearchService::Domain
    Properties:
      DomainName: gas
      EngineVersion: OpenSearch_2.19
      ClusterConfig: { InstanceType: t3.small.search, InstanceCount: "1" }
      EBSOptions: { EBSEnabled: true, VolumeType: gp3, VolumeSize: "10" }
      AccessPolicies:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: { AWS: "*" }
            Action: es:ESHttp*
            Resource: !Sub "arn:aws:es:\${AWS::Region}:\${AWS::AccountId}:domain/gas/*"
            Condition: { IpAddress: { aws:SourceIp: [127.0.0.1] } }
      Tags: [{ Key: team, Value: 물 }]
  Older:
    Type: AWS::Elasticsearch::Domain
    Properties:
      ElasticsearchVersion: "7.10"
      ElasticsearchClusterConfig: { InstanceType: t2.small.elasticsearch }
      EBSOptions: { EBSEnabled: "true" }
Outputs:
  Name: { Value: !Ref Readings }
  Arn: { Value: !GetAtt Readings.Arn }
  Endpoint: { Value: !GetAtt Readings.DomainEndpoint }
  Url: { Value: !Sub "https://\${Readings.DomainEndpoint}" }
  Search: { Value: !Sub "https://\${Older.DomainEndpoint}/logs/_search" }
`;

let bench: ApiBench;

beforeEach(async () => {
  bench = await apiBench();
});

afterEach(() => bench[Symbol.asyncDispose]());

const deployed = async () => {
  const options: DeployOptions = {
    name: 'gas',
    aws: bench.edge.access,
    region: 'us-east-1',
    accountId: '000000000000',
    progress: () => undefined,
    urlFor: () => '',
    wait: async () => {
      bench.isThere = true;
    },
  };
  return await deploy(await checkTemplate(parseTemplateText(TEMPLATE, 't.yaml'), 't.yaml'), options);
};

test('domains are made as the template says, and their addresses are those at the edge', async () => {
  bench.isThere = false;
  const { outputs } = await deployed();
  const { host } = new URL(bench.url);
  expect(outputs).toEqual({
    Name: 'gas',
    Arn: 'arn:aws:es:us-east-1:000000000000:domain/gas',
    Endpoint: `${host}/_aws/es/us-east-1/gas`,
    Url: `http://${host}/_aws/es/us-east-1/gas`,
    Search: expect.stringMatching(/^http:.*\/us-east-1\/gas-older-[a-z0-9]+\/logs\/_search$/),
  });
  const { DomainStatus } = await bench.openSearch.send(new DescribeDomainCommand({ DomainName: 'gas' }));
  expect(DomainStatus).toMatchObject({
    EngineVersion: 'OpenSearch_2.19',
    ClusterConfig: { InstanceType: 't3.small.search', InstanceCount: 1 },
    EBSOptions: { EBSEnabled: true, VolumeType: 'gp3', VolumeSize: 10 },
  });
  expect(JSON.parse(DomainStatus?.AccessPolicies ?? '')).toMatchObject({
    Statement: [{ Resource: 'arn:aws:es:us-east-1:000000000000:domain/gas/*' }],
  });
  const { TagList } = await bench.openSearch.send(new ListTagsCommand({ ARN: outputs.Arn }));
  expect(TagList).toEqual([{ Key: 'team', Value: '물' }]);
  const { DomainNames } = await bench.openSearch.send(new ListDomainNamesCommand({}));
  expect(DomainNames).toEqual([
    { DomainName: 'gas', EngineType: 'OpenSearch' },
    { DomainName: expect.stringMatching(/^gas-older-[a-z0-9]{12}$/), EngineType: 'Elasticsearch' },
  ]);
});

test('a domain that was lost is made again, and all go in the end', async () => {
  const stack = await deployed();
  await bench.openSearch.send(new DeleteDomainCommand({ DomainName: 'gas' }));
  await stack.redeploy();
  expect((await bench.openSearch.send(new ListDomainNamesCommand({}))).DomainNames).toHaveLength(2);
  await bench.openSearch.send(new DeleteDomainCommand({ DomainName: 'gas' }));
  await stack.undeploy();
  expect((await bench.openSearch.send(new ListDomainNamesCommand({}))).DomainNames).toEqual([]);
});
