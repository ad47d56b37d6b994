import type {
  CreateElasticsearchDomainRequest,
  ElasticsearchClusterConfig,
  ElasticsearchDomainConfig,
  ElasticsearchDomainStatus,
  UpdateElasticsearchDomainConfigRequest,
} from '@aws-sdk/client-elasticsearch-service';
import type {
  ClusterConfig,
  CreateDomainRequest,
  DomainConfig,
  DomainStatus,
  UpdateDomainConfigRequest,
} from '@aws-sdk/client-opensearch';
import { errors } from './errors.ts';

/**
 * The API of 2015 is that of 2021 with other names: instance types end in `.elasticsearch`, versions have no engine's
 * name before them (but `OpenSearch_1.0` has), and two members are called after Elasticsearch.
 */
type Renamed = Pick<
  CreateElasticsearchDomainRequest & UpdateElasticsearchDomainConfigRequest,
  'ElasticsearchVersion' | 'ElasticsearchClusterConfig'
>;

/** AWS takes 1.5, which it makes no more. */
const DEFAULT_VERSION = '7.10';

/** A request that creates a domain, in the terms of 2021. */
export function createdAsOpenSearch(input: CreateElasticsearchDomainRequest): CreateDomainRequest {
  const { ElasticsearchVersion = DEFAULT_VERSION } = input;
  return { ...renamed(input), EngineVersion: asEngineVersion(ElasticsearchVersion) } as CreateDomainRequest;
}

export function updatedAsOpenSearch(input: UpdateElasticsearchDomainConfigRequest): UpdateDomainConfigRequest {
  return renamed(input) as UpdateDomainConfigRequest;
}

function renamed({ ElasticsearchVersion, ElasticsearchClusterConfig: cluster, ...rest }: Renamed): object {
  if (cluster === undefined) return rest;
  const { InstanceType, DedicatedMasterType, WarmType, ...others } = cluster;
  return {
    ...rest,
    ClusterConfig: {
      ...others,
      ...(InstanceType && { InstanceType: asSearch(InstanceType) }),
      ...(DedicatedMasterType && { DedicatedMasterType: asSearch(DedicatedMasterType) }),
      ...(WarmType && { WarmType: asSearch(WarmType) }),
    },
  };
}

export function asEngineVersion(version: string): string {
  return version.startsWith('OpenSearch_') ? version : `Elasticsearch_${version}`;
}

export function asElasticsearchVersion(version: string): string {
  return version.replace(/^Elasticsearch_/, '');
}

export function statusAsElasticsearch(status: DomainStatus): ElasticsearchDomainStatus {
  const { EngineVersion = '', ClusterConfig, ...rest } = status;
  return {
    ...(rest as Omit<ElasticsearchDomainStatus, 'ElasticsearchClusterConfig'>),
    ElasticsearchVersion: asElasticsearchVersion(EngineVersion),
    ElasticsearchClusterConfig: clusterAsElasticsearch(ClusterConfig),
  };
}

export function configAsElasticsearch(config: DomainConfig): ElasticsearchDomainConfig {
  const { EngineVersion, ClusterConfig, ...rest } = config;
  return {
    ...(rest as ElasticsearchDomainConfig),
    ...(EngineVersion && {
      ElasticsearchVersion: { ...EngineVersion, Options: asElasticsearchVersion(EngineVersion.Options ?? '') },
    }),
    ...(ClusterConfig && {
      ElasticsearchClusterConfig: { ...ClusterConfig, Options: clusterAsElasticsearch(ClusterConfig.Options) },
    }),
  };
}

function clusterAsElasticsearch(cluster: ClusterConfig = {}): ElasticsearchClusterConfig {
  const types = Object.entries(cluster).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.replace(/\.search$/, '.elasticsearch') : value,
  ]);
  return Object.fromEntries(types) as ElasticsearchClusterConfig;
}

function asSearch(type: string): string {
  if (!type.endsWith('.elasticsearch')) throw errors.invalidType(`Invalid instance type: ${type}`);
  return type.replace(/\.elasticsearch$/, '.search');
}
