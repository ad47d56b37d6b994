import type { Call, DomainRoute, EmulatorContext } from '../../edge/emulator.ts';
import { placeOf } from './data-plane/books.ts';
import { Indices } from './data-plane/indices.ts';
import { type OpenSearchServer, ServerConnection } from './data-plane/server.ts';
import { arnOf, type Domain, type DomainKey, labelOf, type Surroundings } from './domain.ts';
import { errors } from './errors.ts';

/** Real servers, one for each domain. */
export interface DomainServers {
  /** Begins to boot the domain's server. */
  start(domain: DomainKey): void;
  /** Undefined while it boots, or is away. */
  get(domain: DomainKey): OpenSearchServer | undefined;
  /** Resolves when the server is gone, with all that it had; also one that is still booting. */
  stop(domain: DomainKey): Promise<void>;
}

export interface DomainsOptions {
  /** The real OpenSearch that all domains share; undefined while it is away. */
  server(): OpenSearchServer | undefined;
  /** Instead of it, where each domain is to have a server of its own. */
  readonly ownServers?: DomainServers | undefined;
  /** `http://127.0.0.1:4566`: the domains' endpoints are below it. */
  edgeUrl(): string;
}

/** A real server, and whose is what on it. */
export interface Store {
  readonly server: ServerConnection;
  readonly indices: Indices;
}

/** Every domain, and where its documents are. */
export class Domains {
  /** What all domains share, unless each has its own. */
  readonly #shared: Store;
  readonly #own = new Map<Domain, Store>();
  readonly #domains = new Set<Domain>();
  readonly #context: EmulatorContext;
  readonly #options: DomainsOptions;

  constructor(context: EmulatorContext, options: DomainsOptions) {
    this.#context = context;
    this.#options = options;
    this.#shared = this.#storeAt(() => (options.ownServers === undefined ? options.server() : undefined));
  }

  /** True where each domain has a server of its own, so that names may be the same in several. */
  get areApart(): boolean {
    return this.#options.ownServers !== undefined;
  }

  /** Where the domain's documents are. */
  storeOf(domain: Domain): Store {
    return this.#own.get(domain) ?? this.#shared;
  }

  /** ms since the epoch, on the clock. */
  now(): number {
    return this.#context.clock.now();
  }

  surroundings(): Surroundings {
    const { accountId: defaultAccountId } = this.#context.defaults;
    return { edgeHost: new URL(this.#options.edgeUrl()).host, defaultAccountId };
  }

  /** All of a region and account, by name. */
  list({ region, accountId }: Pick<Call, 'region' | 'accountId'>): Domain[] {
    const found = [...this.#domains].filter((one) => one.region === region && one.accountId === accountId);
    for (const domain of found) this.#activate(domain);
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws AwsError ResourceNotFoundException */
  get(name: string, call: Pick<Call, 'region' | 'accountId'>): Domain {
    const domain = this.list(call).find((one) => one.name === name);
    if (domain === undefined) throw errors.notFound(name);
    return domain;
  }

  /** @throws AwsError ValidationException */
  byArn(arn: string, call: Pick<Call, 'region' | 'accountId'>): Domain {
    const domain = this.list(call).find((one) => arnOf(one) === arn);
    if (domain === undefined) throw errors.invalid('Invalid ARN. Domain not found.');
    return domain;
  }

  /** Whose endpoint a request is sent to. */
  at({ region, name }: Pick<DomainRoute, 'region' | 'name'>): Domain | undefined {
    const { accountId } = this.#context.defaults;
    for (const domain of this.#domains) {
      if (domain.region !== region) continue;
      if (labelOf(domain) === name || (domain.name === name && domain.accountId === accountId)) {
        this.#activate(domain);
        return domain;
      }
    }
    return undefined;
  }

  add(domain: Domain): void {
    const names = this.list(domain).map(({ name }) => name);
    if (names.includes(domain.name)) throw errors.alreadyExists(domain.name);
    this.#domains.add(domain);
    const { ownServers } = this.#options;
    if (ownServers === undefined) return;
    this.#own.set(
      domain,
      this.#storeAt(() => ownServers.get(domain)),
    );
    ownServers.start(domain);
  }

  /** Resolves when the domain and its indices are gone. */
  async delete(domain: Domain): Promise<void> {
    this.#domains.delete(domain);
    const gone = this.#own.has(domain) ? await this.#endOwn(domain) : await this.#shared.indices.remove(domain);
    this.noteGone(gone, `The domain ${domain.name} was deleted.`);
  }

  /** Writes down that indices are gone, with the documents in them. */
  noteGone(indices: readonly string[], reason: string): void {
    const elsewhere = new Set([...this.#own.values()].flatMap((store) => store.indices.names()));
    for (const index of indices) {
      // The ledger's places do not tell domains apart: as long as one has such an index, it is not gone.
      if (elsewhere.has(index)) continue;
      const where = placeOf(index);
      this.#context.ledger.append({ where, what: 'destroyed', detail: { places: [where], reason } });
    }
  }

  async clear(): Promise<void> {
    this.#domains.clear();
    await Promise.all([this.#shared.indices.remove(), ...[...this.#own.keys()].map((domain) => this.#endOwn(domain))]);
  }

  async stop(): Promise<void> {
    await this.clear();
    this.#shared.server.close();
  }

  /** Ends the domain's own server, and returns the indices that it had. */
  async #endOwn(domain: Domain): Promise<readonly string[]> {
    const { server, indices } = this.storeOf(domain);
    this.#own.delete(domain);
    server.close();
    await this.#options.ownServers?.stop(domain);
    return indices.names();
  }

  #storeAt(where: () => OpenSearchServer | undefined): Store {
    const server = new ServerConnection(where);
    return { server, indices: new Indices(server, this.#context.log) };
  }

  /** A domain can be used as soon as its server has been there once. */
  #activate(domain: Domain): void {
    domain.active ||= this.storeOf(domain).server.isThere;
  }
}
