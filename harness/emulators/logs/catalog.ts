/** A log group; it lives in memory, its events in the event store. */
export interface LogGroup {
  readonly id: number;
  readonly name: string;
  /** Without the `:*` that IAM and the old `arn` member want. */
  readonly arn: string;
  readonly createdAt: number;
  readonly kmsKeyId: string | undefined;
  readonly tags: Map<string, string>;
  readonly streams: Map<string, LogStream>;
  retentionInDays: number | undefined;
  storedBytes: number;
}

export interface LogStream {
  readonly id: number;
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  /** Undefined as long as there are no events; ms since the epoch. */
  firstEventAt: number | undefined;
  lastEventAt: number | undefined;
  lastIngestedAt: number | undefined;
}

/** One account in one region: names are unique within it. */
export interface Scope {
  readonly region: string;
  readonly accountId: string;
}

/** Which groups and streams there are. */
export class Catalog {
  readonly #now: () => number;
  readonly #scopes = new Map<string, Map<string, LogGroup>>();
  #nextId = 1;

  /** @param now virtual now, ms since the epoch */
  constructor(now: () => number) {
    this.#now = now;
  }

  group(scope: Scope, name: string): LogGroup | undefined {
    return this.#groups(scope).get(name);
  }

  /** By name, as AWS lists them. */
  groups(scope: Scope): LogGroup[] {
    return [...this.#groups(scope).values()].sort(byName);
  }

  createGroup(scope: Scope, name: string, options: { kmsKeyId?: string | undefined } = {}): LogGroup {
    const group: LogGroup = {
      id: this.#nextId++,
      name,
      arn: `arn:aws:logs:${scope.region}:${scope.accountId}:log-group:${name}`,
      createdAt: this.#now(),
      kmsKeyId: options.kmsKeyId,
      tags: new Map(),
      streams: new Map(),
      retentionInDays: undefined,
      storedBytes: 0,
    };
    this.#groups(scope).set(name, group);
    return group;
  }

  deleteGroup(scope: Scope, group: LogGroup): void {
    this.#groups(scope).delete(group.name);
  }

  createStream(group: LogGroup, name: string): LogStream {
    const stream: LogStream = {
      id: this.#nextId++,
      name,
      arn: `${group.arn}:log-stream:${name}`,
      createdAt: this.#now(),
      firstEventAt: undefined,
      lastEventAt: undefined,
      lastIngestedAt: undefined,
    };
    group.streams.set(name, stream);
    return stream;
  }

  clear(): void {
    this.#scopes.clear();
  }

  #groups(scope: Scope): Map<string, LogGroup> {
    const key = `${scope.accountId}/${scope.region}`;
    let groups = this.#scopes.get(key);
    if (!groups) {
      groups = new Map();
      this.#scopes.set(key, groups);
    }
    return groups;
  }
}

/** By code points, which is how AWS orders names. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
