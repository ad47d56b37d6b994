import * as es from '@aws-sdk/client-elasticsearch-service';
import * as os from '@aws-sdk/client-opensearch';
import type { Call, Operation } from '../../../edge/emulator.ts';
import { configOf, statusOf } from '../domain.ts';
import type { Domains } from '../domains.ts';
import { configAsElasticsearch, statusAsElasticsearch } from '../elasticsearch.ts';
import { errors } from '../errors.ts';
import { checkDomainName } from '../names.ts';

/** Domains in one call. Source: developer guide. */
const MAX_DESCRIBED = 5;

export function describeDomain(domains: Domains): Operation[] {
  const describe = ({ DomainName }: os.DescribeDomainRequest, call: Call) =>
    statusOf(domains.get(checkDomainName(DomainName), call), domains.surroundings());
  const openSearch: Operation<os.DescribeDomainRequest, os.DescribeDomainResponse> = {
    schema: os.DescribeDomain$,
    run: (input, call) => ({ DomainStatus: describe(input, call) }),
  };
  const elasticsearch: Operation<es.DescribeElasticsearchDomainRequest, es.DescribeElasticsearchDomainResponse> = {
    schema: es.DescribeElasticsearchDomain$,
    run: (input, call) => ({ DomainStatus: statusAsElasticsearch(describe(input, call)) }),
  };
  return [openSearch, elasticsearch];
}

/** Names that there are not are left out. */
export function describeDomains(domains: Domains): Operation[] {
  const describe = ({ DomainNames = [] }: os.DescribeDomainsRequest, call: Call) => {
    const names = DomainNames.map(checkDomainName);
    if (names.length > MAX_DESCRIBED) {
      throw errors.invalid(`Please provide a maximum of ${MAX_DESCRIBED} domain names to describe.`);
    }
    const found = domains.list(call).filter(({ name }) => names.includes(name));
    return found.map((domain) => statusOf(domain, domains.surroundings()));
  };
  const openSearch: Operation<os.DescribeDomainsRequest, os.DescribeDomainsResponse> = {
    schema: os.DescribeDomains$,
    run: (input, call) => ({ DomainStatusList: describe(input, call) }),
  };
  const elasticsearch: Operation<es.DescribeElasticsearchDomainsRequest, es.DescribeElasticsearchDomainsResponse> = {
    schema: es.DescribeElasticsearchDomains$,
    run: (input, call) => ({ DomainStatusList: describe(input, call).map(statusAsElasticsearch) }),
  };
  return [openSearch, elasticsearch];
}

export function describeDomainConfig(domains: Domains): Operation[] {
  const describe = ({ DomainName }: os.DescribeDomainConfigRequest, call: Call) =>
    configOf(domains.get(checkDomainName(DomainName), call));
  const openSearch: Operation<os.DescribeDomainConfigRequest, os.DescribeDomainConfigResponse> = {
    schema: os.DescribeDomainConfig$,
    run: (input, call) => ({ DomainConfig: describe(input, call) }),
  };
  const elasticsearch: Operation<
    es.DescribeElasticsearchDomainConfigRequest,
    es.DescribeElasticsearchDomainConfigResponse
  > = {
    schema: es.DescribeElasticsearchDomainConfig$,
    run: (input, call) => ({ DomainConfig: configAsElasticsearch(describe(input, call)) }),
  };
  return [openSearch, elasticsearch];
}

export function listDomainNames(domains: Domains): Operation[] {
  const run = ({ EngineType }: os.ListDomainNamesRequest, call: Call): os.ListDomainNamesResponse => {
    const infos = domains.list(call).map(({ name, options }) => ({
      DomainName: name,
      EngineType: options.EngineVersion.startsWith('OpenSearch_')
        ? ('OpenSearch' as const)
        : ('Elasticsearch' as const),
    }));
    return { DomainNames: infos.filter((info) => EngineType === undefined || info.EngineType === EngineType) };
  };
  return [{ schema: os.ListDomainNames$, run } as Operation, { schema: es.ListDomainNames$, run } as Operation];
}
