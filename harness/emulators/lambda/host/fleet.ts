import { join } from 'node:path';
import { type MachineTimer, machine } from '../../../clock/index.ts';
import type { FunctionRevision } from '../model.ts';
import { CodeStamp } from './code-stamp.ts';
import { Environment, type EnvironmentParts, type Inspection } from './environment.ts';

export interface FleetOptions {
  readonly parts: EnvironmentParts;
  /** The environments' folders are made in it. */
  readonly dataDir: string;
  /** How many there may be at once, busy or idle. */
  readonly maxEnvironments: number;
  readonly idleLifeMs: number;
  readonly inspect: (InspectOptions & Inspection) | undefined;
}

export interface InspectOptions {
  /** There is one environment of this function at most. */
  readonly functionName: string;
  /** A port of 127.0.0.1. */
  readonly port: number;
  /** Told `ws://127.0.0.1:9229/…` whenever a process has opened its debugger. */
  readonly listens: (address: string) => void;
}

interface Place {
  readonly environment: Environment;
  busy: boolean;
  /** Ends when it has nothing more to do. */
  outdated: boolean;
  /** Larger is later. */
  lastUsed: number;
  expiry: MachineTimer | undefined;
}

interface Waiting {
  readonly revision: FunctionRevision;
  readonly stamp: string;
  readonly take: (environment: Environment) => void;
  readonly refuse: (error: Error) => void;
}

/** What one waits for in vain when the fleet, or the function, is gone. */
export class EnvironmentsGone extends Error {}

/**
 * All environments. AWS has one for each invocation under way; a developer's machine has not the room, so beyond a
 * number invocations wait for one. A function that has none busy never waits: it may be what all the others call.
 */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #places = new Set<Place>();
  readonly #ending = new Set<Promise<void>>();
  readonly #stamps = new Map<string, CodeStamp>();
  #waiting: Waiting[] = [];
  #made = 0;
  #uses = 0;
  #stopped = false;

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  /** An environment for one invocation, the one used last if any is warm. Errors: `EnvironmentsGone`. */
  async acquire(revision: FunctionRevision): Promise<Environment> {
    if (this.#stopped) throw new EnvironmentsGone();
    const stamp = revision.live ? this.#stampOf(revision.codeDir) : '';
    for (const place of this.#of(revision.arn)) if (!fits(place, revision, stamp)) this.#outdate(place);
    return new Promise((take, refuse) => {
      this.#waiting.push({ revision, stamp, take, refuse });
      this.#serve();
    });
  }

  /** To be called once for every environment that was acquired. */
  release(environment: Environment): void {
    const place = [...this.#places].find((candidate) => candidate.environment === environment);
    if (place === undefined) return;
    place.busy = false;
    if (place.outdated) this.#remove(place);
    this.#serve();
    if (place.busy || environment.ended) return;
    environment.rest();
    place.expiry = machine.setTimer(this.#options.idleLifeMs, () => {
      this.#remove(place);
      this.#serve();
    });
  }

  /** Ends the idle environments of a function, and the busy ones as soon as they are done. */
  async retire(arn: string): Promise<void> {
    for (const place of this.#of(arn)) this.#outdate(place);
    this.#refuse((waiting) => waiting.revision.arn === arn);
    this.#serve();
    await Promise.all(this.#ending);
  }

  /** Ends every environment, whatever it does. */
  async clear(): Promise<void> {
    this.#refuse(() => true);
    for (const place of [...this.#places]) this.#remove(place);
    await Promise.all(this.#ending);
  }

  /** Besides, makes no more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.clear();
  }

  #take(revision: FunctionRevision, stamp: string): Environment | undefined {
    const own = this.#of(revision.arn);
    const warm = own
      .filter((place) => !place.busy && fits(place, revision, stamp))
      .reduce<Place | undefined>((last, place) => (last && last.lastUsed > place.lastUsed ? last : place), undefined);
    const place = warm ?? this.#make(revision, stamp, own);
    if (place === undefined) return undefined;
    place.busy = true;
    place.lastUsed = ++this.#uses;
    place.expiry?.cancel();
    return place.environment;
  }

  #make(revision: FunctionRevision, stamp: string, own: readonly Place[]): Place | undefined {
    const { parts, dataDir, maxEnvironments, inspect } = this.#options;
    const inspected = inspect?.functionName === revision.name;
    const busy = own.some((place) => place.busy);
    if (busy && inspected) return undefined;
    if (this.#places.size >= maxEnvironments) {
      const idle = [...this.#places].filter((place) => !place.busy).sort((a, b) => a.lastUsed - b.lastUsed)[0];
      if (idle !== undefined) this.#remove(idle);
      else if (busy) return undefined;
    }
    const environment = new Environment(parts, {
      revision,
      stamp,
      tmpDir: join(dataDir, `environment-${++this.#made}`),
      inspection: inspected ? inspect : undefined,
      // The debugger's port must be free again.
      after: inspected ? Promise.all(this.#ending) : Promise.resolve(),
    });
    const place: Place = { environment, busy: false, outdated: false, lastUsed: 0, expiry: undefined };
    this.#places.add(place);
    return place;
  }

  /** Gives those who wait what they can have, in the order in which they came. */
  #serve(): void {
    this.#waiting = this.#waiting.filter(({ revision, stamp, take }) => {
      const environment = this.#take(revision, stamp);
      if (environment === undefined) return true;
      take(environment);
      return false;
    });
  }

  #outdate(place: Place): void {
    place.outdated = true;
    if (!place.busy) this.#remove(place);
  }

  #remove(place: Place): void {
    place.expiry?.cancel();
    if (!this.#places.delete(place)) return;
    const ended = place.environment.end().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }

  #refuse(which: (waiting: Waiting) => boolean): void {
    const refused = this.#waiting.filter(which);
    this.#waiting = this.#waiting.filter((waiting) => !which(waiting));
    for (const { refuse } of refused) refuse(new EnvironmentsGone());
  }

  #of(arn: string): readonly Place[] {
    return [...this.#places].filter((place) => place.environment.revision.arn === arn);
  }

  #stampOf(codeDir: string): string {
    let stamp = this.#stamps.get(codeDir);
    if (stamp === undefined) {
      stamp = new CodeStamp(codeDir);
      this.#stamps.set(codeDir, stamp);
    }
    return stamp.current();
  }
}

function fits({ environment, outdated }: Place, revision: FunctionRevision, stamp: string): boolean {
  return !outdated && environment.revision.revisionId === revision.revisionId && environment.stamp === stamp;
}
