import { machine, type Random } from '../../clock/index.ts';
import type { Call, EmulatorContext } from '../../edge/emulator.ts';
import { errors } from './errors.ts';
import { arnOf, type Instance, type Status } from './instance.ts';
import { changePassword, Hopeless, provision, type SqlServer, unprovision } from './server.ts';

/** Between two attempts at a server that does not answer. */
const RETRY_MS = 100;
/** How long an answer waits for the server, so that whoever asks next finds the work done. */
const PATIENCE_MS = 1_000;

/** Every DB instance, and what is done for them on the one real server. */
export class Instances {
  readonly #context: EmulatorContext;
  readonly #server: () => SqlServer | undefined;
  readonly #instances = new Set<Instance>();
  /** What is being done on the server, by instance; one thing after the other. */
  readonly #work = new Map<Instance, Promise<void>>();
  /** Databases and users that were made and could not be removed: they are ours to replace. */
  readonly #leftovers = new Set<Instance>();
  readonly #stopping = new AbortController();

  constructor(context: EmulatorContext, server: () => SqlServer | undefined) {
    this.#context = context;
    this.#server = server;
  }

  /** All of a region and account, by identifier. */
  list({ region, accountId }: Pick<Call, 'region' | 'accountId'>): Instance[] {
    const found = [...this.#instances].filter((one) => one.region === region && one.accountId === accountId);
    return found.sort((a, b) => (a.identifier < b.identifier ? -1 : 1));
  }

  /** @throws AwsError DBInstanceNotFound */
  get(identifierOrArn: string, call: Pick<Call, 'region' | 'accountId'>): Instance {
    const wanted = identifierOrArn.toLowerCase();
    const found = this.list(call).find((one) => one.identifier === wanted || arnOf(one) === identifierOrArn);
    if (found === undefined) throw errors.notFound(identifierOrArn);
    return found;
  }

  /** Takes the instance in; it becomes available when the server has made its database and its user. */
  async create(instance: Instance): Promise<void> {
    const { tenancy, identifier } = instance;
    if (this.list(instance).some((one) => one.identifier === identifier)) throw errors.alreadyExists();
    const shared = 'the instances of naetmul share one server';
    for (const other of this.#instances) {
      const name = other.identifier;
      if (other.tenancy.database.toLowerCase() === tenancy.database.toLowerCase()) {
        throw errors.invalid(`The DBName ${tenancy.database} is that of ${name}, and ${shared}: choose another.`);
      }
      if (other.tenancy.user === tenancy.user) {
        throw errors.invalid(`The MasterUsername ${tenancy.user} is that of ${name}, and ${shared}: choose another.`);
      }
    }
    if (this.#server()?.user === tenancy.user) {
      throw errors.invalid(
        `The MasterUsername ${tenancy.user} is the administrator of the server that naetmul's instances share: choose another.`,
      );
    }
    this.#instances.add(instance);
    await this.#begin(instance, () => this.#provision(instance));
  }

  /** Removes the instance when its database, its user and their connections are gone. */
  async delete(instance: Instance): Promise<void> {
    if (instance.status === 'deleting') {
      throw errors.invalidState(`Instance ${instance.identifier} is already being deleted.`);
    }
    instance.status = 'deleting';
    await this.#begin(instance, async () => {
      if (instance.onServer) await this.#untilServerAnswers(instance, 'deleting', () => this.#unprovision(instance));
      this.#instances.delete(instance);
    });
  }

  async changePassword(instance: Instance, password: string): Promise<void> {
    instance.status = 'resetting-master-credentials';
    await this.#begin(instance, () =>
      this.#untilServerAnswers(instance, 'resetting-master-credentials', async (server) => {
        await changePassword(server, instance.tenancy.user, password);
        instance.tenancy = { ...instance.tenancy, password };
        instance.status = 'available';
      }),
    );
  }

  /** Forgets all instances; what the server cannot remove now is removed when its name is needed. */
  async clear(): Promise<void> {
    const instances = [...this.#instances];
    this.#instances.clear();
    await Promise.all(
      instances.map(async (instance) => {
        instance.status = 'forgotten';
        await this.#work.get(instance);
        await this.#unprovision(instance).catch((error: Error) => {
          this.#leftovers.add(instance);
          this.#context.log.warn(`The database ${instance.tenancy.database} stays for now: ${error.message}`);
        });
      }),
    );
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.clear();
  }

  /** Resolves when `work` is done, or after a while. */
  async #begin(instance: Instance, work: () => Promise<void>): Promise<void> {
    const earlier = this.#work.get(instance) ?? Promise.resolve();
    const done = earlier.then(work).catch((error: unknown) => {
      if (this.#stopping.signal.aborted) return;
      instance.failure = (error as Error).message;
      this.#context.log.error(`${instance.identifier} cannot go on`, error);
    });
    this.#work.set(instance, done);
    void done.then(() => {
      if (this.#work.get(instance) === done) this.#work.delete(instance);
    });
    const patience = new AbortController();
    await Promise.race([done, machine.sleep(PATIENCE_MS, patience.signal).catch(() => undefined)]);
    patience.abort();
  }

  async #provision(instance: Instance): Promise<void> {
    const { tenancy } = instance;
    try {
      await this.#untilServerAnswers(instance, 'creating', async (server) => {
        for (const old of this.#leftovers) {
          const inTheWay = old.tenancy.database === tenancy.database || old.tenancy.user === tenancy.user;
          if (inTheWay) await this.#unprovision(old);
        }
        // An earlier attempt may have come half the way.
        await this.#unprovision(instance);
        const version = await provision(server, tenancy, () => {
          instance.onServer = true;
        });
        instance.endpoint = { address: server.host, port: server.port };
        if (instance.engineVersion === '') instance.engineVersion = version;
        if (instance.status !== 'creating') return;
        instance.createdAt = this.#context.clock.now();
        instance.status = 'available';
      });
    } catch (error) {
      if (instance.status === 'creating') instance.status = 'incompatible-create';
      throw error;
    }
  }

  /** Removes what there is of the instance on the server. */
  async #unprovision(instance: Instance): Promise<void> {
    if (instance.onServer) {
      const server = this.#server();
      if (server === undefined) throw new Error('the server is away');
      await unprovision(server, instance.tenancy);
      instance.onServer = false;
    }
    this.#leftovers.delete(instance);
  }

  /** Tries again until the server has done it, for as long as the instance is to have it done. */
  async #untilServerAnswers(
    instance: Instance,
    status: Status,
    attempt: (server: SqlServer) => Promise<void>,
  ): Promise<void> {
    let told = false;
    while (instance.status === status) {
      try {
        const server = this.#server();
        if (server === undefined) throw new Error('there is none yet');
        return await attempt(server);
      } catch (error) {
        if (error instanceof Hopeless) throw error;
        if (!told) this.#context.log.info(`${instance.identifier} waits for the server: ${(error as Error).message}`);
        told = true;
      }
      await machine.sleep(RETRY_MS, this.#stopping.signal);
    }
  }
}

/** As RDS makes them: `db-` and 26 capital letters and digits. */
export function newResourceId(random: Random): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const letters = Array.from({ length: 26 }, () => alphabet[random.integer(alphabet.length)]);
  return `db-${letters.join('')}`;
}
