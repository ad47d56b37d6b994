import type { EmulatorContext } from '../../../edge/emulator.ts';
import type { MetricSink } from '../../../edge/sinks.ts';
import { ids, type LedgerId } from '../../../ledger/index.ts';
import type { MessageBroker, Principal, PublishedMessage, Registry, RetainedMessage } from '../model.ts';
import { connectProblem, effectiveKeepAlive } from './connect.ts';
import { Connection, type Hub, messageProblem } from './connection.ts';
import { type Delivery, Journal } from './journal.ts';
import { PUBLISHES_PER_SECOND } from './limits.ts';
import { type DisconnectReason, type LifecycleEvent, Presence, type Present } from './presence.ts';
import type { ConnectAnswer, ConnectRequest, Message, MqttRules, MqttServer, OutgoingMessage, Peer } from './server.ts';
import { Sessions } from './sessions.ts';
import { isBasicIngest, isExact } from './topics.ts';

export interface BrokerOptions {
  readonly registry: Registry;
  readonly metrics: MetricSink;
  /** What a SUBSCRIBE that the policies deny does: end the connection (by default), or have a SUBACK refuse it. */
  readonly subscribeDenied?: 'close' | 'refuse';
  /**
   * With true, what one connection publishes beyond 100 messages in a second of the clock is discarded, as on AWS. By
   * default not: a day's readings that are replayed on a clock that stands still all come in one second.
   */
  readonly limitPublishRate?: boolean;
}

type Listener = (message: PublishedMessage) => void;

/** The message broker of AWS IoT Core: its rules, its sessions and what it retains, over a server that speaks MQTT. */
export class IotBroker implements MessageBroker {
  readonly #context: EmulatorContext;
  readonly #registry: Registry;
  readonly #journal: Journal;
  readonly #presence: Presence;
  readonly #sessions: Sessions<Connection>;
  readonly #hub: Hub;
  readonly #rules: MqttRules;
  readonly #connections = new Map<Connection, Present>();
  readonly #retained = new Map<string, RetainedMessage>();
  readonly #listeners = new Set<Listener>();
  readonly #rates = new WeakMap<Connection, { second: number; count: number }>();
  readonly #stopListening: () => void;
  #server: MqttServer | undefined;

  constructor(context: EmulatorContext, options: BrokerOptions) {
    const { clock, ledger, log } = context;
    this.#context = context;
    this.#registry = options.registry;
    this.#journal = new Journal(ledger, options.metrics);
    this.#presence = new Presence(() => clock.now());
    this.#sessions = new Sessions(clock, ({ clientId, kept }) => this.#journal.expired(clientId, kept.values()));
    this.#hub = {
      sessions: this.#sessions,
      journal: this.#journal,
      log,
      subscribeDenied: options.subscribeDenied ?? 'close',
      withinRate: (connection) => options.limitPublishRate !== true || this.#withinRate(connection),
      opened: (connection) => this.#opened(connection),
      closed: (connection, reason) => this.#closed(connection, reason),
      route: (message) => this.#take(message),
    };
    this.#rules = {
      admits: (peer) => this.#admits(peer),
      connect: (request) => this.#connect(request),
      hasSession: (clientId) => this.#sessions.get(clientId)?.persistent === true,
      retainedFor: (filters) => this.#retainedFor(filters),
    };
    this.#stopListening = this.#registry.onChange(() => this.#renewAll());
  }

  /** Serves clients through this server, until it ends. */
  attach(server: MqttServer): void {
    this.#server = server;
    void server.exited.then(() => {
      if (this.#server === server) this.#server = undefined;
    });
    server.serve(this.#rules);
  }

  /** The server that clients are served through now. */
  get server(): MqttServer | undefined {
    return this.#server;
  }

  address(): { readonly host: string; readonly port: number } | undefined {
    return this.#server && { host: this.#server.host, port: this.#server.port };
  }

  caPem(): string | undefined {
    return this.#server?.ca;
  }

  async publish(message: PublishedMessage): Promise<void> {
    const problem = messageProblem(message);
    if (problem !== undefined) throw new Error(`Nobody may publish to ${message.topic}: ${problem}.`);
    this.#take(message);
  }

  retained(topic: string): RetainedMessage | undefined {
    return this.#retained.get(topic);
  }

  retainedTopics(): readonly RetainedMessage[] {
    return [...this.#retained.values()];
  }

  disconnect(clientId: string): boolean {
    const connection = this.#sessions.get(clientId)?.connection;
    connection?.close('SERVER_INITIATED_DISCONNECT');
    return connection !== undefined;
  }

  onPublished(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async reset(): Promise<void> {
    const connections = [...this.#connections.keys()];
    for (const connection of connections) connection.forget();
    await Promise.all(connections.map((connection) => connection.ended));
    this.#sessions.clear();
    this.#retained.clear();
    this.#presence.clear();
  }

  async stop(): Promise<void> {
    this.#stopListening();
    await this.reset();
  }

  #principalOf(peer: Peer): Principal | undefined {
    if (peer.kind === 'certificate') return peer.der && this.#registry.principalOf(peer.der);
    const { accountId } = this.#context.defaults;
    return {
      arn: `arn:aws:iam::${accountId}:user/${peer.accessKeyId}`,
      kind: 'iam',
      certificateId: undefined,
      commonName: undefined,
      thingNames: [],
      policies: [],
    };
  }

  #admits(peer: Peer): boolean {
    if (this.#principalOf(peer)) return true;
    const shown = peer.kind === 'certificate' && peer.der ? 'a certificate that is not active here' : 'no certificate';
    this.#context.log.warn(`A connection from ${peer.address} was closed: the client showed ${shown}.`);
    this.#journal.connected('AuthError');
    return false;
  }

  #connect(request: ConnectRequest): ConnectAnswer {
    const refuse = (outcome: 'AuthError' | 'ClientError', reason: string, reply?: Buffer): ConnectAnswer => {
      this.#journal.connected(outcome);
      this.#context.log.warn(`The client ${request.clientId} was not let in: ${reason}.`);
      return { accepted: false, reason, reply };
    };
    const problem = connectProblem(request);
    if (problem) return refuse('ClientError', problem.reason, problem.reply);
    const { will, clean, peer } = request;
    const willProblem = will && messageProblem(will);
    if (willProblem !== undefined) return refuse('ClientError', `its will is for ${will?.topic}: ${willProblem}`);
    const principal = this.#principalOf(peer);
    if (!principal) return refuse('AuthError', 'its certificate is not active any more');
    const clientId = request.clientId === '' ? `$GEN/${this.#context.random.uuid()}` : request.clientId;
    const connection = new Connection(this.#hub, principal, clientId, clean, peer);
    if (!connection.mayConnect()) return refuse('AuthError', `no policy allows iot:Connect as client/${clientId}`);
    this.#connections.set(connection, {
      clientId,
      sessionIdentifier: this.#context.random.uuid(),
      principalIdentifier: principal.certificateId ?? principal.arn,
      peer,
    });
    void connection.ended.then(() => this.#connections.delete(connection));
    return { accepted: true, clientId, keepAlive: effectiveKeepAlive(request.keepAlive), handler: connection };
  }

  #opened(connection: Connection): void {
    this.#journal.connected('Success');
    const present = this.#connections.get(connection);
    if (present) this.#announce(this.#presence.connected(present));
  }

  #closed(connection: Connection, reason: DisconnectReason): void {
    const present = this.#connections.get(connection);
    if (present && !connection.forgotten) this.#announce(this.#presence.disconnected(present, reason));
  }

  /** Lets every connection know what its principal may do now, and ends those whose certificate is not active any more. */
  #renewAll(): void {
    for (const connection of this.#connections.keys()) {
      const principal = this.#principalOf(connection.peer);
      if (principal) connection.renew(principal);
      else connection.close('AUTH_ERROR');
    }
  }

  #withinRate(connection: Connection): boolean {
    const second = Math.floor(this.#context.clock.now() / 1000);
    const rate = this.#rates.get(connection);
    if (rate?.second !== second) {
      this.#rates.set(connection, { second, count: 1 });
      return true;
    }
    rate.count++;
    return rate.count <= PUBLISHES_PER_SECOND;
  }

  /** Takes a message in: retains it, hands it out, writes it down, and tells the listeners. */
  #take(message: PublishedMessage): void {
    const id = ids.message(this.#context.random.uuid());
    this.#retain(message);
    const delivery = isBasicIngest(message.topic) ? NOBODY : this.#deliver(message, id);
    this.#tell({ ...message, cause: this.#journal.published(message, id, delivery) });
  }

  #deliver({ topic, payload, qos }: PublishedMessage, id: LedgerId): Delivery {
    const delivery = { deliveredTo: [] as string[], keptFor: [] as string[], withheldFrom: [] as string[] };
    // One message for all who have no session that keeps it: they may be many.
    const unkept = (each: 0 | 1): OutgoingMessage => ({ topic, payload, qos: each, sequence: undefined });
    const common = [unkept(0), unkept(1)] as const;
    for (const [session, subscribedQos] of this.#sessions.subscribedTo(topic)) {
      const { clientId, connection } = session;
      if (connection && !connection.mayReceive(topic)) {
        delivery.withheldFrom.push(clientId);
        continue;
      }
      const deliveredQos = qos === 1 && subscribedQos === 1 ? 1 : 0;
      const keeps = session.persistent && deliveredQos === 1;
      const kept = keeps ? this.#sessions.keep(session, topic, payload, id) : undefined;
      if (connection?.takesMessages) {
        delivery.deliveredTo.push(clientId);
        connection.send(kept ? { topic, payload, qos: 1, sequence: kept.sequence } : common[deliveredQos]);
      } else if (kept) {
        delivery.keptFor.push(clientId);
      }
    }
    return delivery;
  }

  #retain({ topic, payload, qos, retain }: PublishedMessage): void {
    if (!retain) return;
    if (payload.length === 0) this.#retained.delete(topic);
    else this.#retained.set(topic, { topic, payload, qos, at: this.#context.clock.now() });
  }

  #retainedFor(filters: readonly string[]): readonly Message[] {
    return filters
      .filter(isExact)
      .map((topic) => this.#retained.get(topic))
      .filter((message) => message !== undefined)
      .map(({ topic, payload, qos }) => ({ topic, payload, qos, retain: true }));
  }

  /** Lifecycle events are messages to those who ask for them, and no event of anybody's pipeline. */
  #announce(event: LifecycleEvent | undefined): void {
    if (!event) return;
    const message = { ...event, qos: 1, retain: false, clientId: undefined } as const;
    this.#deliver(message, ids.message(this.#context.random.uuid()));
    this.#tell(message);
  }

  #tell(message: PublishedMessage): void {
    for (const listener of this.#listeners) {
      try {
        listener(message);
      } catch (error) {
        this.#context.log.error(`Somebody who listens to the broker failed on a message to ${message.topic}.`, error);
      }
    }
  }
}

const NOBODY: Delivery = { deliveredTo: [], keptFor: [], withheldFrom: [] };
