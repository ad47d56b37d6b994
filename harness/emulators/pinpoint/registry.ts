import type { Held } from '../../ledger/index.ts';
import { errors } from './errors.ts';
import type { App, EmailTemplate } from './model.ts';

/** Where a call's resources are. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
}

/** The apps and message templates of one account in one region. */
export class Home implements Place {
  readonly region: string;
  readonly accountId: string;
  readonly apps = new Map<string, App>();
  readonly templates = new Map<string, EmailTemplate>();

  constructor({ region, accountId }: Place) {
    this.region = region;
    this.accountId = accountId;
  }

  app(id: string | undefined): App {
    const app = this.apps.get(id ?? '');
    if (!app) throw errors.noSuchApp();
    return app;
  }

  template(name: string | undefined): EmailTemplate {
    const template = this.templates.get(name ?? '');
    if (!template) throw errors.notFound();
    return template;
  }

  /** @param path `apps/<id>` and the like */
  arn(path: string): string {
    return `arn:aws:mobiletargeting:${this.region}:${this.accountId}:${path}`;
  }
}

/** Everything there is, by account and region. */
export class Registry {
  readonly #homes = new Map<string, Home>();

  of({ region, accountId }: Place): Home {
    const key = `${accountId}/${region}`;
    const home = this.#homes.get(key) ?? new Home({ region, accountId });
    this.#homes.set(key, home);
    return home;
  }

  *apps(): Generator<App> {
    for (const { apps } of this.#homes.values()) yield* apps.values();
  }

  held(): Held[] {
    return [...this.apps()].flatMap(({ eventStream }) => eventStream?.held() ?? []);
  }

  /** Ends what goes on. */
  stop(): void {
    for (const { eventStream } of this.apps()) eventStream?.stop();
  }

  /** Forgets everything. */
  clear(): void {
    this.stop();
    this.#homes.clear();
  }
}
