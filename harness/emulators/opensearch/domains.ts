import type { Call, DomainRoute, EmulatorContext } from '../../edge/emulator.ts';
import { placeOf } from './data-plane/books.ts';
import { Indices } from './data-plane/indices.ts';
import { type OpenSearchServer, ServerConnection } from './data-plane/server.ts';
import { arnOf, type Domain, labelOf, type Surroundings } from './domain.ts';
import { errors } from './errors.ts';

export interface DomainsOptions {
  /** The real OpenSearch that all domains share; undefined while it is away. */
  server(): OpenSearchServer | undefined;
  /** `http://127.0.0.1:4566`: the domains' endpoints are below it. */
  edgeUrl(): string;
}

/** Every domain, and what they have on the one real server. */
export class Domains {
  readonly server: ServerConnection;
  readonly indices: Indices;
  readonly #domains = new Set<Domain>();
  readonly #context: EmulatorContext;
  readonly #options: DomainsOptions;

  constructor(context: EmulatorContext, options: DomainsOptions) {
    this.#context = context;
    this.#options = options;
    this.server = new ServerConnection(() => options.server());
    this.indices = new Indices(this.server, context.log);
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
  }

  /** Resolves when the domain and its indices are gone. */
  async delete(domain: Domain): Promise<void> {
    this.#domains.delete(domain);
    this.noteGone(await this.indices.remove(domain), `The domain ${domain.name} was deleted.`);
  }

  /** Writes down that indices are gone, with the documents in them. */
  noteGone(indices: readonly string[], reason: string): void {
    for (const index of indices) {
      const where = placeOf(index);
      this.#context.ledger.append({ where, what: 'destroyed', detail: { places: [where], reason } });
    }
  }

  async clear(): Promise<void> {
    this.#domains.clear();
    await this.indices.remove();
  }

  async stop(): Promise<void> {
    await this.clear();
    this.server.close();
  }

  /** A domain can be used as soon as the server has been there once. */
  #activate(domain: Domain): void {
    domain.active ||= this.server.isThere;
  }
}
