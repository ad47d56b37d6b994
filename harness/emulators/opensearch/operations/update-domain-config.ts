import {
  UpdateElasticsearchDomainConfig$,
  type UpdateElasticsearchDomainConfigRequest,
  type UpdateElasticsearchDomainConfigResponse,
} from '@aws-sdk/client-elasticsearch-service';
import {
  UpdateDomainConfig$,
  type UpdateDomainConfigRequest,
  type UpdateDomainConfigResponse,
} from '@aws-sdk/client-opensearch';
import type { Call, Operation } from '../../../edge/emulator.ts';
import { configOf } from '../domain.ts';
import type { Domains } from '../domains.ts';
import { configAsElasticsearch, updatedAsOpenSearch } from '../elasticsearch.ts';
import { errors } from '../errors.ts';
import { checkDomainName } from '../names.ts';
import { changedOptions, namesOf } from '../options.ts';
import { checkedPolicy } from './access-policies.ts';

/** Changes hold at once; the answer still calls them being processed, as AWS's does. */
export function updateDomainConfig(domains: Domains): Operation[] {
  const update = ({ DomainName, DryRun, DryRunMode, ...given }: UpdateDomainConfigRequest, call: Call) => {
    const domain = domains.get(checkDomainName(DomainName), call);
    if (DryRun || DryRunMode !== undefined) throw errors.unsupported('DryRun of UpdateDomainConfig');
    const options = changedOptions(domain.options, given);
    domain.policy = checkedPolicy(options);
    domain.options = options;
    domain.version++;
    const changed = namesOf(given);
    for (const name of changed) domain.updatedAt.set(name, domains.now());
    return configOf(domain, changed);
  };
  const openSearch: Operation<UpdateDomainConfigRequest, UpdateDomainConfigResponse> = {
    schema: UpdateDomainConfig$,
    run: (input, call) => ({ DomainConfig: update(input, call) }),
  };
  const elasticsearch: Operation<UpdateElasticsearchDomainConfigRequest, UpdateElasticsearchDomainConfigResponse> = {
    schema: UpdateElasticsearchDomainConfig$,
    run: (input, call) => ({ DomainConfig: configAsElasticsearch(update(updatedAsOpenSearch(input), call)) }),
  };
  return [openSearch, elasticsearch];
}
