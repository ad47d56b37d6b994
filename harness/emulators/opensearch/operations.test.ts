import * as es from '@aws-sdk/client-elasticsearch-service';
import * as os from '@aws-sdk/client-opensearch';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sdk } from '../../edge/testing.ts';
import { type ApiBench, apiBench } from './testing.ts';

const NOON = Date.UTC(2022, 0, 27, 12);
const ARN = 'arn:aws:es:us-east-1:000000000000:domain/gas';
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: ['es:ESHttp*'],
      Resource: `${ARN}/*`,
      Condition: { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24'] } },
    },
  ],
});
const SMALL = { InstanceType: 't3.small.search', InstanceCount: 1 } as const;
const EBS = { EBSEnabled: true, VolumeType: 'gp3', VolumeSize: 20 } as const;

let bench: ApiBench;
let openSearch: os.OpenSearchClient;
let elasticsearch: es.ElasticsearchServiceClient;

beforeEach(async () => {
  bench = await apiBench();
  await bench.clock.travelTo(NOON);
  ({ openSearch, elasticsearch } = bench);
});

afterEach(() => bench[Symbol.asyncDispose]());

const create = (given: Partial<os.CreateDomainCommandInput> = {}) =>
  openSearch.send(new os.CreateDomainCommand({ DomainName: 'gas', ClusterConfig: SMALL, EBSOptions: EBS, ...given }));
const describeGas = async () =>
  (await openSearch.send(new os.DescribeDomainCommand({ DomainName: 'gas' }))).DomainStatus;

describe('a domain', () => {
  test('is answered as processing, without an endpoint, and has one when it is asked for', async () => {
    const created = (await create({ EngineVersion: 'OpenSearch_2.11', AccessPolicies: POLICY })).DomainStatus;
    expect(created).toMatchObject({
      DomainId: '000000000000/gas',
      DomainName: 'gas',
      ARN,
      Created: true,
      Deleted: false,
      Processing: true,
      DomainProcessingStatus: 'Creating',
      EngineVersion: 'OpenSearch_2.11',
      ClusterConfig: { ...SMALL, DedicatedMasterEnabled: false, WarmEnabled: false },
      EBSOptions: EBS,
      AccessPolicies: POLICY,
      AdvancedOptions: { 'rest.action.multi.allow_explicit_index': 'true', override_main_response_version: 'false' },
    });
    expect(created?.Endpoint).toBeUndefined();
    expect(await describeGas()).toMatchObject({
      Processing: false,
      DomainProcessingStatus: 'Active',
      Endpoint: `${new URL(bench.url).host}/_aws/es/us-east-1/gas`,
    });
  });

  test('is being created for as long as there is no server', async () => {
    bench.isThere = false;
    await create();
    expect(await describeGas()).toMatchObject({ Processing: true });
    bench.isThere = true;
    expect(await describeGas()).toMatchObject({ Processing: false });
    bench.isThere = false;
    expect(await describeGas()).toMatchObject({ Processing: false });
  });

  test('is there once in a region and account', async () => {
    await create();
    await expect(create()).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
      message: 'Domain gas already exists',
      $metadata: { httpStatusCode: 409 },
    });
    const abroad = new os.OpenSearchClient({ ...sdk(bench.url), region: 'eu-west-1' });
    const other = new os.OpenSearchClient({
      ...sdk(bench.url),
      credentials: { accessKeyId: '111122223333', secretAccessKey: 'test' },
    });
    const input = { DomainName: 'gas', ClusterConfig: SMALL, EBSOptions: EBS };
    for (const client of [abroad, other]) await client.send(new os.CreateDomainCommand(input));
    const { DomainStatus } = await other.send(new os.DescribeDomainCommand({ DomainName: 'gas' }));
    expect(DomainStatus?.ARN).toBe('arn:aws:es:us-east-1:111122223333:domain/gas');
    expect(DomainStatus?.Endpoint).toMatch(/\/_aws\/es\/us-east-1\/search-gas-[a-z2-7]{26}$/);
  });

  test('that is not there is not found', async () => {
    for (const command of [
      new os.DescribeDomainCommand({ DomainName: 'gas' }),
      new os.DescribeDomainConfigCommand({ DomainName: 'gas' }),
      new os.UpdateDomainConfigCommand({ DomainName: 'gas' }),
      new os.DeleteDomainCommand({ DomainName: 'gas' }),
    ]) {
      await expect(openSearch.send(command as os.DescribeDomainCommand)).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: 'Domain not found: gas',
        $metadata: { httpStatusCode: 409 },
      });
    }
    const { DomainStatusList } = await openSearch.send(new os.DescribeDomainsCommand({ DomainNames: ['gas'] }));
    expect(DomainStatusList).toEqual([]);
  });

  test('is shown once more as it is deleted', async () => {
    await create();
    const { DomainStatus } = await openSearch.send(new os.DeleteDomainCommand({ DomainName: 'gas' }));
    expect(DomainStatus).toMatchObject({ Deleted: true, Processing: true, DomainProcessingStatus: 'Deleting' });
    await expect(describeGas()).rejects.toThrow('Domain not found: gas');
    const { DomainNames } = await openSearch.send(new os.ListDomainNamesCommand({}));
    expect(DomainNames).toEqual([]);
  });

  test('is listed by its engine', async () => {
    await create({ DomainName: 'new' });
    await create({ DomainName: 'old', EngineVersion: 'Elasticsearch_7.10' });
    const list = async (EngineType?: os.EngineType) =>
      (await openSearch.send(new os.ListDomainNamesCommand({ EngineType }))).DomainNames;
    expect(await list()).toEqual([
      { DomainName: 'new', EngineType: 'OpenSearch' },
      { DomainName: 'old', EngineType: 'Elasticsearch' },
    ]);
    expect(await list('Elasticsearch')).toEqual([{ DomainName: 'old', EngineType: 'Elasticsearch' }]);
  });
});

describe('the configuration', () => {
  test('is changed at once, and the change is called being processed', async () => {
    await create();
    await bench.clock.travelTo(NOON + 60_000);
    const { DomainConfig } = await openSearch.send(
      new os.UpdateDomainConfigCommand({
        DomainName: 'gas',
        AccessPolicies: POLICY,
        ClusterConfig: { InstanceCount: 2 },
      }),
    );
    expect(DomainConfig?.AccessPolicies).toEqual({
      Options: POLICY,
      Status: {
        CreationDate: new Date(NOON),
        UpdateDate: new Date(NOON + 60_000),
        UpdateVersion: 2,
        State: 'Processing',
        PendingDeletion: false,
      },
    });
    expect(DomainConfig?.ClusterConfig?.Options).toMatchObject({ ...SMALL, InstanceCount: 2 });
    expect(DomainConfig?.EBSOptions).toMatchObject({ Options: EBS, Status: { State: 'Active' } });
    const again = await openSearch.send(new os.DescribeDomainConfigCommand({ DomainName: 'gas' }));
    expect(again.DomainConfig?.AccessPolicies?.Status?.State).toBe('Active');
    expect((await describeGas())?.AccessPolicies).toBe(POLICY);
  });

  test('stays as it was when the new one is refused', async () => {
    await create({ AccessPolicies: POLICY });
    const open = POLICY.replace(/,"Condition".*(?=}])/, '');
    const update = new os.UpdateDomainConfigCommand({ DomainName: 'gas', AccessPolicies: open });
    await expect(openSearch.send(update)).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Enable fine-grained access control or apply a restrictive access policy to your domain',
    });
    expect((await describeGas())?.AccessPolicies).toBe(POLICY);
  });
});

describe('requests that are refused', () => {
  test.each<[Partial<os.CreateDomainCommandInput>, string, string]>([
    [
      { DomainName: 'Gas' },
      'ValidationException',
      "1 validation error detected: Value 'Gas' at 'domainName' failed to satisfy constraint: Member must satisfy " +
        'regular expression pattern: [a-z][a-z0-9\\-]+',
    ],
    [
      { DomainName: `${ARN}` },
      'ValidationException',
      `2 validation errors detected: Value '${ARN}' at 'domainName' failed to satisfy constraint: Member must satisfy ` +
        `regular expression pattern: [a-z][a-z0-9\\-]+; Value '${ARN}' at 'domainName' failed to satisfy constraint: ` +
        'Member must have length less than or equal to 28',
    ],
    [
      { DomainName: 'es' },
      'ValidationException',
      "1 validation error detected: Value 'es' at 'domainName' failed to satisfy constraint: Member must have length " +
        'greater than or equal to 3',
    ],
    [{ EBSOptions: undefined }, 'ValidationException', 'EBS storage must be selected for t3.small.search'],
    [
      { EBSOptions: undefined, ClusterConfig: undefined },
      'ValidationException',
      'EBS storage must be selected for m4.large.search',
    ],
    [
      { ClusterConfig: { InstanceType: 't3.small.elasticsearch' as 't3.small.search' } },
      'InvalidTypeException',
      'Invalid instance type: t3.small.elasticsearch',
    ],
    [
      { AdvancedOptions: { 'action.auto_create_index': 'false' } },
      'ValidationException',
      "Unrecognized advanced option 'action.auto_create_index' passed in advancedOptions.",
    ],
    [{ AccessPolicies: 'no JSON' }, 'InvalidTypeException', 'Error setting policy: [no JSON]'],
    [
      { VPCOptions: { SubnetIds: ['subnet-1'] } },
      'NotImplementedException',
      'The OpenSearch emulator of naetmul does not support domains in a VPC (VPCOptions).',
    ],
    [
      { AdvancedSecurityOptions: { Enabled: true } },
      'NotImplementedException',
      'The OpenSearch emulator of naetmul does not support fine-grained access control (AdvancedSecurityOptions): the ' +
        'server has no security plugin.',
    ],
    [
      { AIMLOptions: {} },
      'NotImplementedException',
      'The OpenSearch emulator of naetmul does not support the parameter AIMLOptions.',
    ],
  ])('CreateDomain with %j', async (given, name, message) => {
    await expect(create(given)).rejects.toMatchObject({ name, message });
  });

  test('what instances with their own disks need not have', async () => {
    await create({ EBSOptions: undefined, ClusterConfig: { InstanceType: 'r6gd.large.search' } });
    expect((await describeGas())?.EBSOptions).toEqual({ EBSEnabled: false });
  });

  test('a version that there is not', async () => {
    await expect(create({ EngineVersion: 'OpenSearch_9.9' })).rejects.toThrow(
      'Unsupported engine version: OpenSearch_9.9.',
    );
  });

  test('operations that there are not, by their method and path', async () => {
    await create();
    await expect(openSearch.send(new os.DescribeDomainHealthCommand({ DomainName: 'gas' }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: 'naetmul does not support GET /2021-01-01/opensearch/domain/gas/health of es.',
    });
  });
});

test('tags are kept by ARN, in both APIs', async () => {
  await create({ TagList: [{ Key: 'a', Value: '1' }] });
  await openSearch.send(new os.AddTagsCommand({ ARN, TagList: [{ Key: 'b', Value: '물' }] }));
  await elasticsearch.send(new es.RemoveTagsCommand({ ARN, TagKeys: ['a'] }));
  expect((await openSearch.send(new os.ListTagsCommand({ ARN }))).TagList).toEqual([{ Key: 'b', Value: '물' }]);
  const many = Array.from({ length: 50 }, (_, n) => ({ Key: `k${n}`, Value: '' }));
  await expect(openSearch.send(new os.AddTagsCommand({ ARN, TagList: many }))).rejects.toThrow('at most 50 tags');
  await expect(elasticsearch.send(new es.ListTagsCommand({ ARN: `${ARN}x` }))).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'Invalid ARN. Domain not found.',
  });
});

test('the API of 2015 sees the same domains under its own names', async () => {
  await elasticsearch.send(
    new es.CreateElasticsearchDomainCommand({
      DomainName: 'gas',
      ElasticsearchVersion: '7.9',
      ElasticsearchClusterConfig: { InstanceType: 't2.small.elasticsearch' },
      EBSOptions: { EBSEnabled: true },
    }),
  );
  expect(await describeGas()).toMatchObject({
    EngineVersion: 'Elasticsearch_7.9',
    ClusterConfig: { InstanceType: 't2.small.search', InstanceCount: 1 },
    EBSOptions: { EBSEnabled: true, VolumeType: 'gp2', VolumeSize: 10 },
  });
  const { DomainStatus } = await elasticsearch.send(new es.DescribeElasticsearchDomainCommand({ DomainName: 'gas' }));
  expect(DomainStatus).toMatchObject({
    ElasticsearchVersion: '7.9',
    ElasticsearchClusterConfig: { InstanceType: 't2.small.elasticsearch' },
    Processing: false,
  });
  const update = { DomainName: 'gas', ElasticsearchClusterConfig: { InstanceType: 'm5.large.search' as never } };
  await expect(elasticsearch.send(new es.UpdateElasticsearchDomainConfigCommand(update))).rejects.toThrow(
    'Invalid instance type: m5.large.search',
  );
  const { DomainConfig } = await elasticsearch.send(
    new es.UpdateElasticsearchDomainConfigCommand({ DomainName: 'gas', AccessPolicies: POLICY }),
  );
  expect(DomainConfig?.ElasticsearchVersion).toMatchObject({ Options: '7.9', Status: { State: 'Active' } });
  expect(DomainConfig?.ElasticsearchClusterConfig?.Options?.InstanceType).toBe('t2.small.elasticsearch');
  expect(DomainConfig?.AccessPolicies?.Status?.State).toBe('Processing');
  const names = { DomainNames: ['gas'] };
  const { DomainStatusList } = await elasticsearch.send(new es.DescribeElasticsearchDomainsCommand(names));
  expect(DomainStatusList?.map((one) => one.AccessPolicies)).toEqual([POLICY]);
  const listed = await elasticsearch.send(new es.ListDomainNamesCommand({}));
  expect(listed.DomainNames).toEqual([{ DomainName: 'gas', EngineType: 'Elasticsearch' }]);
  await elasticsearch.send(new es.DeleteElasticsearchDomainCommand({ DomainName: 'gas' }));
  await expect(describeGas()).rejects.toThrow('Domain not found: gas');
});

describe('versions', () => {
  test('are listed under the names of either API', async () => {
    const { Versions = [] } = await openSearch.send(new os.ListVersionsCommand({}));
    expect(Versions).toHaveLength(31);
    expect(Versions).toEqual(expect.arrayContaining(['OpenSearch_2.19', 'Elasticsearch_5.1']));
    const { ElasticsearchVersions = [] } = await elasticsearch.send(new es.ListElasticsearchVersionsCommand({}));
    expect(ElasticsearchVersions).toEqual(expect.arrayContaining(['OpenSearch_2.19', '5.1']));
  });

  /** As AWS answered on 12 September 2025. */
  test.each<[string, string]>([
    ['Elasticsearch_5.1', 'Elasticsearch_5.6'],
    ['Elasticsearch_5.6', 'Elasticsearch_6.3 Elasticsearch_6.4 Elasticsearch_6.5 Elasticsearch_6.7 Elasticsearch_6.8'],
    ['Elasticsearch_6.0', 'Elasticsearch_6.3 Elasticsearch_6.4 Elasticsearch_6.5 Elasticsearch_6.7 Elasticsearch_6.8'],
    ['Elasticsearch_6.7', 'Elasticsearch_6.8'],
    [
      'Elasticsearch_6.8',
      'Elasticsearch_7.1 Elasticsearch_7.4 Elasticsearch_7.7 Elasticsearch_7.8 Elasticsearch_7.9 Elasticsearch_7.10 ' +
        'OpenSearch_1.0 OpenSearch_1.1 OpenSearch_1.2 OpenSearch_1.3',
    ],
    ['Elasticsearch_7.10', 'OpenSearch_1.0 OpenSearch_1.1 OpenSearch_1.2 OpenSearch_1.3'],
    ['OpenSearch_1.2', 'OpenSearch_1.3'],
    ['OpenSearch_2.17', 'OpenSearch_2.19'],
    ['OpenSearch_2.19', 'OpenSearch_3.1'],
  ])('%s may become what AWS says', async (EngineVersion, targets) => {
    await create({ EngineVersion });
    const { CompatibleVersions } = await openSearch.send(new os.GetCompatibleVersionsCommand({ DomainName: 'gas' }));
    expect(CompatibleVersions).toEqual([{ SourceVersion: EngineVersion, TargetVersions: targets.split(' ') }]);
  });

  test('that can be upgraded are all but the newest', async () => {
    const { CompatibleVersions = [] } = await openSearch.send(new os.GetCompatibleVersionsCommand({}));
    expect(CompatibleVersions).toHaveLength(30);
    const old = await elasticsearch.send(new es.GetCompatibleElasticsearchVersionsCommand({}));
    expect(old.CompatibleElasticsearchVersions).toContainEqual({ SourceVersion: '5.1', TargetVersions: ['5.6'] });
    await create({ EngineVersion: 'OpenSearch_3.1' });
    const newest = await openSearch.send(new os.GetCompatibleVersionsCommand({ DomainName: 'gas' }));
    expect(newest.CompatibleVersions).toEqual([{ SourceVersion: 'OpenSearch_3.1', TargetVersions: [] }]);
  });
});
