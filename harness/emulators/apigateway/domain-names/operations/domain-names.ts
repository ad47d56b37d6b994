import {
  DeleteDomainName$,
  type DeleteDomainNameRequest,
  GetDomainName$,
  type GetDomainNameRequest,
  GetDomainNames$,
  type GetDomainNamesRequest,
} from '@aws-sdk/client-api-gateway';
import { refuse } from '../../errors.ts';
import { operation } from '../../operations/operation.ts';
import { page } from '../../operations/paging.ts';
import { domainNameShape } from '../shapes.ts';
import { serveTls } from './serve-tls.ts';

export const getDomainName = operation(GetDomainName$, ({ store }, input: GetDomainNameRequest, call) => {
  refuse(input.domainNameId, 'private custom domain names (domainNameId)');
  return domainNameShape(store.domains.find(call, input.domainName));
});

export const getDomainNames = operation(GetDomainNames$, ({ store }, input: GetDomainNamesRequest, call) => {
  const { items, position } = page(store.domains.list(call), input, ({ name }) => name);
  return { items: items.map(domainNameShape), position };
});

/** Its mappings go with it. */
export const deleteDomainName = operation(DeleteDomainName$, async (parts, input: DeleteDomainNameRequest, call) => {
  const { store } = parts;
  const domain = store.domains.find(call, input.domainName);
  store.domains.remove(domain);
  await serveTls(parts, domain.name);
  return {};
});
