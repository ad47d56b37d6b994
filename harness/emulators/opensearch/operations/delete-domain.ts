import {
  DeleteElasticsearchDomain$,
  type DeleteElasticsearchDomainRequest,
  type DeleteElasticsearchDomainResponse,
} from '@aws-sdk/client-elasticsearch-service';
import { DeleteDomain$, type DeleteDomainRequest, type DeleteDomainResponse } from '@aws-sdk/client-opensearch';
import type { Call, Operation } from '../../../edge/emulator.ts';
import { statusOf } from '../domain.ts';
import type { Domains } from '../domains.ts';
import { statusAsElasticsearch } from '../elasticsearch.ts';
import { checkDomainName } from '../names.ts';

export function deleteDomain(domains: Domains): Operation[] {
  const remove = async ({ DomainName }: DeleteDomainRequest, call: Call) => {
    const domain = domains.get(checkDomainName(DomainName), call);
    await domains.delete(domain);
    return statusOf(domain, domains.surroundings(), true);
  };
  const openSearch: Operation<DeleteDomainRequest, DeleteDomainResponse> = {
    schema: DeleteDomain$,
    run: async (input, call) => ({ DomainStatus: await remove(input, call) }),
  };
  const elasticsearch: Operation<DeleteElasticsearchDomainRequest, DeleteElasticsearchDomainResponse> = {
    schema: DeleteElasticsearchDomain$,
    run: async (input, call) => ({ DomainStatus: statusAsElasticsearch(await remove(input, call)) }),
  };
  return [openSearch, elasticsearch];
}
