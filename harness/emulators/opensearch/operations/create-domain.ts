import {
  CreateElasticsearchDomain$,
  type CreateElasticsearchDomainRequest,
  type CreateElasticsearchDomainResponse,
} from '@aws-sdk/client-elasticsearch-service';
import { CreateDomain$, type CreateDomainRequest, type CreateDomainResponse } from '@aws-sdk/client-opensearch';
import type { Random } from '../../../clock/index.ts';
import type { Call, Operation } from '../../../edge/emulator.ts';
import { type Domain, statusOf } from '../domain.ts';
import type { Domains } from '../domains.ts';
import { createdAsOpenSearch, statusAsElasticsearch } from '../elasticsearch.ts';
import { checkDomainName } from '../names.ts';
import { newOptions } from '../options.ts';
import { checkedPolicy } from './access-policies.ts';
import { checkTags } from './tags.ts';

const ENDPOINT_ID_LENGTH = 26;

export function createDomain(domains: Domains, random: Random): Operation[] {
  const create = ({ DomainName, TagList = [], ...given }: CreateDomainRequest, { region, accountId }: Call) => {
    const name = checkDomainName(DomainName);
    const options = newOptions(given);
    const domain: Domain = {
      name,
      region,
      accountId,
      endpointId: newEndpointId(random),
      createdAt: domains.now(),
      options,
      policy: checkedPolicy(options),
      updatedAt: new Map(),
      version: 1,
      active: false,
      tags: checkTags(TagList),
    };
    domains.add(domain);
    return statusOf(domain, domains.surroundings());
  };
  const openSearch: Operation<CreateDomainRequest, CreateDomainResponse> = {
    schema: CreateDomain$,
    run: (input, call) => ({ DomainStatus: create(input, call) }),
  };
  const elasticsearch: Operation<CreateElasticsearchDomainRequest, CreateElasticsearchDomainResponse> = {
    schema: CreateElasticsearchDomain$,
    run: (input, call) => ({ DomainStatus: statusAsElasticsearch(create(createdAsOpenSearch(input), call)) }),
  };
  return [openSearch, elasticsearch];
}

function newEndpointId(random: Random): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  return Array.from({ length: ENDPOINT_ID_LENGTH }, () => alphabet[random.integer(alphabet.length)]).join('');
}
