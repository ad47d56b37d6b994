import type { Call } from '../../../edge/emulator.ts';
import { customDomainsFor } from '../../../edge/host.ts';
import { badRequest, notFound } from '../errors.ts';
import type { BasePathMapping, DomainName } from './model.ts';

type Owner = Pick<Call, 'accountId' | 'region'>;

/** A custom domain name and the host that it was found by. */
export interface FoundDomain {
  readonly domain: DomainName;
  readonly host: string;
}

/** Every custom domain name. A name that several regions have is served for the one that made it first. */
export class DomainRegistry {
  readonly #byName = new Map<string, DomainName[]>();

  clear(): void {
    this.#byName.clear();
  }

  names(): string[] {
    return [...this.#byName.keys()];
  }

  list(owner: Owner): DomainName[] {
    return [...this.#byName.values()].flat().filter((domain) => isOf(domain, owner));
  }

  has(owner: Owner, name: string): boolean {
    return this.#byName.get(name)?.some((domain) => isOf(domain, owner)) ?? false;
  }

  /** @throws NotFoundException */
  find(owner: Owner, name: string | undefined): DomainName {
    const domain = this.#byName.get(name?.toLowerCase() ?? '')?.find((one) => isOf(one, owner));
    if (!domain) throw notFound('Invalid domain name identifier specified');
    return domain;
  }

  /** Adds, or puts in the place of the one of the same name and owner. */
  put(domain: DomainName): void {
    const domains = this.#byName.get(domain.name) ?? [];
    const at = domains.findIndex((one) => isOf(one, domain));
    this.#byName.set(domain.name, at < 0 ? [...domains, domain] : domains.with(at, domain));
  }

  remove(domain: DomainName): void {
    const left = this.#byName.get(domain.name)?.filter((one) => !isOf(one, domain)) ?? [];
    if (left.length === 0) this.#byName.delete(domain.name);
    else this.#byName.set(domain.name, left);
  }

  /** The one that answers to a name. */
  serving(name: string): DomainName | undefined {
    return this.#byName.get(name)?.[0];
  }

  byHost(host: string): FoundDomain | undefined {
    if (this.#byName.size === 0) return undefined;
    for (const { name, host: known } of customDomainsFor(host)) {
      const domain = this.serving(name);
      if (domain) return { domain, host: known };
    }
    return undefined;
  }

  /**
   * @param stage of the API; undefined for any
   * @throws BadRequestException when a mapping leads there
   */
  refuseWhileMapped(restApiId: string, stage?: string): void {
    const kind = stage === undefined ? 'RestApi' : 'stage';
    const leadsThere = (mapping: BasePathMapping) =>
      mapping.restApiId === restApiId && (stage === undefined || mapping.stage === stage);
    const names = [...this.#byName.values()]
      .flat()
      .filter((domain) => [...domain.mappings.values()].some(leadsThere))
      .map(({ name }) => name);
    if (names.length === 0) return;
    throw badRequest(
      `Deleting ${kind} ${stage ?? restApiId} failed. Please remove all base path mappings related to the ${kind} in your domains: ` +
        `${names.join(', ')}`,
    );
  }
}

/** @throws NotFoundException */
export function findMapping(domain: DomainName, basePath: string | undefined): BasePathMapping {
  const mapping = domain.mappings.get(readBasePath(basePath));
  if (!mapping) throw notFound('Invalid base path mapping identifier specified');
  return mapping;
}

/** What stands for the mapping without a base path. */
export const NO_BASE_PATH = '(none)';

export function readBasePath(given: string | undefined): string {
  const basePath = given?.includes('%') ? decodeURIComponent(given) : (given ?? '');
  return basePath === NO_BASE_PATH ? '' : basePath;
}

function isOf(thing: Owner, owner: Owner): boolean {
  return thing.region === owner.region && thing.accountId === owner.accountId;
}
