import type { Clock, Timer } from '../../../clock/index.ts';
import type { LedgerId } from '../../../ledger/index.ts';
import { SESSION_EXPIRY_MS } from './limits.ts';
import type { QueuedMessage } from './server.ts';
import { Subscriptions } from './subscriptions.ts';

/** A message that a persistent session keeps. */
export interface Kept extends QueuedMessage {
  /** The message's name in the ledger. */
  readonly id: LedgerId;
}

/** What is known of a client as long as its session lasts. */
export interface Session<Connection> {
  readonly clientId: string;
  /** True when it outlives the connection (CONNECT without Clean Session). */
  readonly persistent: boolean;
  readonly subscriptions: Map<string, 0 | 1>;
  /** QoS 1 messages that were not acknowledged yet, by their sequence numbers; of a persistent session alone. */
  readonly kept: Map<number, Kept>;
  lastSequence: number;
  /** Undefined while the client is away. */
  connection: Connection | undefined;
}

/** The sessions of all clients, connected or not. */
export class Sessions<Connection> {
  readonly #clock: Clock;
  readonly #onExpiry: (session: Session<Connection>) => void;
  readonly #sessions = new Map<string, Session<Connection>>();
  readonly #expiries = new Map<string, Timer>();
  #subscriptions = new Subscriptions<Session<Connection>>();

  /** @param onExpiry called with a session that nobody came back to */
  constructor(clock: Clock, onExpiry: (session: Session<Connection>) => void) {
    this.#clock = clock;
    this.#onExpiry = onExpiry;
  }

  get(clientId: string): Session<Connection> | undefined {
    return this.#sessions.get(clientId);
  }

  /** The session of a client that has connected: its old one where both were to persist, or else a new one. */
  open(clientId: string, clean: boolean, connection: Connection): Session<Connection> {
    const old = this.#sessions.get(clientId);
    this.#expiries.get(clientId)?.cancel();
    this.#expiries.delete(clientId);
    if (old?.persistent && !clean) {
      old.connection = connection;
      return old;
    }
    if (old) {
      old.connection = undefined;
      this.#end(old);
    }
    const session: Session<Connection> = {
      clientId,
      persistent: !clean,
      subscriptions: new Map(),
      kept: new Map(),
      lastSequence: 0,
      connection,
    };
    this.#sessions.set(clientId, session);
    return session;
  }

  /** The client's connection has ended. Does nothing when it has another one by now. */
  left(session: Session<Connection>, connection: Connection): void {
    if (session.connection !== connection) return;
    session.connection = undefined;
    if (!session.persistent) {
      this.#end(session);
      return;
    }
    const expiry = this.#clock.setTimer(`the session of the MQTT client ${session.clientId}`, SESSION_EXPIRY_MS, () => {
      this.#expiries.delete(session.clientId);
      this.#end(session);
      this.#onExpiry(session);
    });
    this.#expiries.set(session.clientId, expiry);
  }

  subscribe(session: Session<Connection>, filter: string, qos: 0 | 1): void {
    session.subscriptions.set(filter, qos);
    this.#subscriptions.add(filter, session, qos);
  }

  unsubscribe(session: Session<Connection>, filter: string): void {
    session.subscriptions.delete(filter);
    this.#subscriptions.remove(filter, session);
  }

  /** The sessions that get messages of this topic, each with the QoS it asked for. */
  subscribedTo(topic: string): ReadonlyMap<Session<Connection>, 0 | 1> {
    return this.#subscriptions.matching(topic);
  }

  /** Keeps a message until it is acknowledged. */
  keep(session: Session<Connection>, topic: string, payload: Buffer, id: LedgerId): Kept {
    session.lastSequence++;
    const kept = { topic, payload, id, sequence: session.lastSequence };
    session.kept.set(kept.sequence, kept);
    return kept;
  }

  clear(): void {
    for (const expiry of this.#expiries.values()) expiry.cancel();
    this.#expiries.clear();
    this.#sessions.clear();
    this.#subscriptions = new Subscriptions();
  }

  #end(session: Session<Connection>): void {
    for (const filter of session.subscriptions.keys()) this.#subscriptions.remove(filter, session);
    if (this.#sessions.get(session.clientId) === session) this.#sessions.delete(session.clientId);
  }
}
