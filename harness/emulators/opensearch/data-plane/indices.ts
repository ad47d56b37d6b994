import type { Log } from '../../../edge/emulator.ts';
import type { Domain } from '../domain.ts';
import { labelOf } from '../domain.ts';
import { Away, type ServerConnection } from './server.ts';
import { isPattern } from './targets.ts';

/** An index that another domain has made on the server that all of them share. */
export class IndexClash extends Error {
  override readonly name = 'IndexClash';
  readonly index: string;

  constructor(index: string, owner: Domain) {
    super(
      `The index ${index} is that of the domain ${owner.name} (${owner.region}), and the domains of naetmul share one ` +
        'server: choose another name for one of them, or give each domain a server of its own (--opensearch per-domain).',
    );
    this.index = index;
  }
}

/** Names in one request: OpenSearch takes 4 KiB for a request's first line. */
const NAMES_AT_ONCE = 30;

/** Whose is what on a server, which all domains may share: whoever makes an index first has it. */
export class Indices {
  readonly #server: ServerConnection;
  readonly #log: Log;
  readonly #owners = new Map<string, Domain>();
  readonly #claims = new Map<string, Promise<void>>();
  /** Paths of templates, pipelines and other things that are no indices: `/_template/pinpoint`. */
  readonly #assets = new Map<string, Domain>();
  /** What is to be removed: index names and assets' paths. */
  readonly #leftovers = new Set<string>();

  constructor(server: ServerConnection, log: Log) {
    this.#server = server;
    this.#log = log;
  }

  /** Removes what could not be removed before; rejects with Away while that is still so. */
  tidy(): Promise<void> {
    return this.#sweep();
  }

  /** @throws IndexClash for a name, or an alias, of another domain's index */
  async check(domain: Domain, names: readonly string[]): Promise<void> {
    for (const name of names) this.#refuse(name, domain);
    if (this.foreignTo(domain).length === 0) return;
    for (const name of names) {
      if (this.#owners.has(name)) continue;
      const { status, body } = await this.#server.ask('GET', `/_alias/${encodeURIComponent(name)}`);
      if (status !== 200) continue;
      for (const index of Object.keys(JSON.parse(body.toString()) as object)) this.#refuse(index, domain);
    }
  }

  /** Makes the domain the owner of those names that nothing on the server has. */
  async claim(domain: Domain, names: readonly string[]): Promise<void> {
    for (const name of names) {
      this.#refuse(name, domain);
      if (this.#owners.has(name)) continue;
      // Two first writes at once must not both find that there is none yet.
      const claim = this.#claims.get(name) ?? this.#claimNew(domain, name).finally(() => this.#claims.delete(name));
      this.#claims.set(name, claim);
      await claim;
      this.#refuse(name, domain);
    }
  }

  /** Indices that other domains have made. */
  foreignTo(domain: Domain): readonly string[] {
    return [...this.#owners].flatMap(([name, owner]) => (owner === domain ? [] : [name]));
  }

  /** Those that a domain has made. */
  names(): readonly string[] {
    return [...this.#owners.keys()];
  }

  /** Takes note of an index that the server has made by itself for the domain. */
  add(domain: Domain, name: string): void {
    if (!this.#owners.has(name)) this.#owners.set(name, domain);
  }

  /** Whether there is nothing yet at the path of a template or the like, or what is there is a domain's. */
  async isOurs(path: string): Promise<boolean> {
    return this.#assets.has(path) || (await this.#server.ask('GET', path)).status === 404;
  }

  /** Takes note of something that must be removed with the domain. */
  addAsset(domain: Domain, path: string): void {
    this.#assets.set(path, domain);
  }

  /** The domain has deleted what the expressions stand for: the names that it returns are free. */
  release(domain: Domain, expressions: readonly string[]): readonly string[] {
    const released: string[] = [];
    const excluded = new Set(expressions.flatMap((one) => (one.startsWith('-') ? [one.slice(1)] : [])));
    for (const [name, owner] of this.#owners) {
      if (owner === domain && !excluded.has(name) && expressions.some((one) => matchesIndex(one, name))) {
        this.#owners.delete(name);
        released.push(name);
      }
    }
    return released;
  }

  /**
   * Removes what the domain has made, or what all have, and returns the indices among it. What cannot be removed now is
   * removed before the next request goes through.
   */
  async remove(domain?: Domain): Promise<readonly string[]> {
    const ofDomain = ([, owner]: readonly [string, Domain]) => domain === undefined || owner === domain;
    const indices = [...this.#owners].filter(ofDomain).map(([name]) => name);
    const assets = [...this.#assets].filter(ofDomain).map(([path]) => path);
    for (const name of indices) this.#owners.delete(name);
    for (const path of assets) this.#assets.delete(path);
    for (const one of [...indices, ...assets]) this.#leftovers.add(one);
    await this.#sweep().catch((error: Error) => {
      const whose = domain ? `of ${labelOf(domain)} ` : '';
      this.#log.warn(`${this.#leftovers.size} indices and templates ${whose}stay for now: ${error.message}`);
    });
    return indices;
  }

  async #claimNew(domain: Domain, name: string): Promise<void> {
    const { status } = await this.#server.ask('HEAD', `/${encodeURIComponent(name)}`);
    // What is there already is an alias, or somebody else's: it is used, and never removed.
    if (status === 404) this.add(domain, name);
  }

  /** Removes what is left over; an index template only when its data streams are gone. */
  async #sweep(): Promise<void> {
    if (this.#leftovers.size === 0) return;
    for (const name of await this.#dataStreams()) {
      const path = `/_data_stream/${encodeURIComponent(name)}`;
      if (this.#leftovers.has(name) || this.#leftovers.has(path)) await this.#delete(path, [name, path]);
    }
    const isAsset = (one: string) => one.startsWith('/');
    const indices = [...this.#leftovers].filter((one) => !isAsset(one));
    for (let at = 0; at < indices.length; at += NAMES_AT_ONCE) {
      await this.#deleteIndices(indices.slice(at, at + NAMES_AT_ONCE));
    }
    const assets = [...this.#leftovers].filter(isAsset);
    // A component may be part of a template.
    assets.sort((a, b) => Number(a.startsWith('/_component_')) - Number(b.startsWith('/_component_')));
    for (const path of assets) await this.#delete(path, [path]);
  }

  async #deleteIndices(names: readonly string[]): Promise<void> {
    const list = names.map(encodeURIComponent).join(',');
    const isDone = await this.#delete(`/${list}?ignore_unavailable=true&expand_wildcards=none`, names);
    // One that cannot go keeps all of the list.
    if (!isDone && names.length > 1) for (const name of names) await this.#deleteIndices([name]);
  }

  /** A first document may have made a data stream instead of an index. */
  async #dataStreams(): Promise<readonly string[]> {
    const { status, body } = await this.#server.ask('GET', '/_data_stream');
    if (status !== 200) return [];
    const { data_streams: streams = [] } = JSON.parse(body.toString()) as { data_streams?: { name: string }[] };
    return streams.map(({ name }) => name);
  }

  async #delete(target: string, what: readonly string[]): Promise<boolean> {
    const { status, body } = await this.#server.ask('DELETE', target);
    if (status >= 500 || status === 429) throw new Away(`OpenSearch answered ${status}: ${body.toString()}`);
    for (const one of what) this.#leftovers.delete(one);
    if (status < 400 || status === 404) return true;
    this.#log.warn(`OpenSearch keeps ${what.join(', ')}: ${body.toString()}`);
    return false;
  }

  #refuse(name: string, domain: Domain): void {
    const owner = this.#owners.get(name);
    if (owner !== undefined && owner !== domain) throw new IndexClash(name, owner);
  }
}

/** Whether an index expression, which may have wildcards, stands for the index. */
export function matchesIndex(expression: string, index: string): boolean {
  if (expression === '_all') return true;
  if (!isPattern(expression)) return expression === index;
  if (/^[-<]/.test(expression)) return false;
  const escaped = expression.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(index);
}
