import type { Emulator, EmulatorContext, Operation } from '../../edge/emulator.ts';
import { createDomainEndpoints } from './data-plane/handler.ts';
import { Domains, type DomainsOptions } from './domains.ts';
import { createDomain } from './operations/create-domain.ts';
import { deleteDomain } from './operations/delete-domain.ts';
import {
  describeDomain,
  describeDomainConfig,
  describeDomains,
  listDomainNames,
} from './operations/describe-domain.ts';
import { tags } from './operations/tags.ts';
import { updateDomainConfig } from './operations/update-domain-config.ts';
import { versions } from './operations/versions.ts';

export type { OpenSearchServer } from './data-plane/server.ts';
export type { DomainKey } from './domain.ts';
export type { DomainServers } from './domains.ts';

export interface OpenSearchOptions extends DomainsOptions {}

/**
 * Amazon OpenSearch Service, with the APIs of 2015 (`/2015-01-01/es/…`) and of 2021 (`/2021-01-01/opensearch/…`), which
 * see the same domains. Each domain has an endpoint of its own; all share one real server, or each has its own. What it
 * does as AWS does, and what not, is in docs/fidelity/opensearch.md.
 */
export function createOpenSearch(context: EmulatorContext, options: OpenSearchOptions): Emulator {
  const domains = new Domains(context, options);
  const operations: readonly Operation[] = [
    ...createDomain(domains, context.random),
    ...deleteDomain(domains),
    ...describeDomain(domains),
    ...describeDomainConfig(domains),
    ...describeDomains(domains),
    ...listDomainNames(domains),
    ...tags(domains),
    ...updateDomainConfig(domains),
    ...versions(domains),
  ];
  return {
    service: 'es',
    protocol: { kind: 'rest-json' },
    operations,
    domains: createDomainEndpoints(domains, context),
    stop: () => domains.stop(),
    reset: () => domains.clear(),
  };
}
