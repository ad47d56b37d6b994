import type { Log } from '../../../edge/emulator.ts';
import { MAX_PAYLOAD_BYTES } from '../limits.ts';
import type { Principal, PublishedMessage } from '../model.ts';
import type { Journal } from './journal.ts';
import { MAX_FILTERS_PER_SUBSCRIBE, MAX_SUBSCRIPTIONS_PER_CONNECTION } from './limits.ts';
import { Permissions } from './permissions.ts';
import { type DisconnectReason, reasonOf } from './presence.ts';
import type {
  ClientLink,
  ClosedBy,
  ConnectionHandler,
  Message,
  OutgoingMessage,
  Peer,
  PublishAnswer,
  QueuedMessage,
  SubscribeAnswer,
} from './server.ts';
import type { Session, Sessions } from './sessions.ts';
import { filterProblem, isBasicIngest, SHARED_PREFIX, topicProblem } from './topics.ts';

/** What a connection needs of the broker that it belongs to. */
export interface Hub {
  readonly sessions: Sessions<Connection>;
  readonly journal: Journal;
  readonly log: Log;
  /** What a SUBSCRIBE that the policies deny does to the client. */
  readonly subscribeDenied: 'close' | 'refuse';
  /** Counts one PUBLISH of this connection; false when it was one too many. */
  withinRate(connection: Connection): boolean;
  opened(connection: Connection): void;
  closed(connection: Connection, reason: DisconnectReason): void;
  /** Hands a message to everybody who gets it. */
  route(message: PublishedMessage): void;
}

/** One client that was let in, and what AWS IoT's rules make of what it sends. */
export class Connection implements ConnectionHandler {
  readonly clientId: string;
  readonly clean: boolean;
  readonly peer: Peer;
  /** Resolves when the connection has ended. */
  readonly ended: Promise<void>;
  readonly #hub: Hub;
  readonly #ended = Promise.withResolvers<void>();
  readonly #packetIds = new Map<number, number>();
  #permissions: Permissions;
  #session: Session<Connection> | undefined;
  #link: ClientLink | undefined;
  #takesMessages = false;
  #reason: DisconnectReason | undefined;
  #forgotten = false;

  constructor(hub: Hub, principal: Principal, clientId: string, clean: boolean, peer: Peer) {
    this.#hub = hub;
    this.#permissions = new Permissions(principal, clientId);
    this.clientId = clientId;
    this.clean = clean;
    this.peer = peer;
    this.ended = this.#ended.promise;
  }

  get principal(): Principal {
    return this.#permissions.principal;
  }

  get forgotten(): boolean {
    return this.#forgotten;
  }

  /** Its certificate's policies or things may have changed. */
  renew(principal: Principal): void {
    this.#permissions = new Permissions(principal, this.clientId);
  }

  mayConnect(): boolean {
    return this.#permissions.allow('iot:Connect', `client/${this.clientId}`);
  }

  opened(link: ClientLink): void {
    this.#link = link;
    const { sessions } = this.#hub;
    sessions.get(this.clientId)?.connection?.supersede();
    this.#session = sessions.open(this.clientId, this.clean, this);
    this.#hub.opened(this);
    // Its certificate may have been taken from it while it connected.
    if (this.#reason) link.close();
  }

  resume(): readonly QueuedMessage[] {
    this.#takesMessages = true;
    const session = this.#session;
    if (!session) return [];
    for (const { sequence, topic } of session.kept.values()) {
      if (!this.mayReceive(topic)) session.kept.delete(sequence);
    }
    this.#hub.journal.resumed(this.clientId, session.kept.values());
    return [...session.kept.values()];
  }

  subscribe(filter: string, qos: 0 | 1 | 2, filterCount: number): SubscribeAnswer {
    const session = this.#session;
    if (!session || this.#reason) return 'close';
    if (filter.startsWith(SHARED_PREFIX)) {
      this.#hub.log.warn(`The client ${this.clientId} asked for ${filter}: naetmul has no shared subscriptions.`);
      this.#hub.journal.subscribed('ClientError');
      return 'refused';
    }
    const problem =
      filterCount > MAX_FILTERS_PER_SUBSCRIBE
        ? `it asks for more than ${MAX_FILTERS_PER_SUBSCRIBE} topic filters at once`
        : qos === 2
          ? 'QoS 2 is not supported'
          : filterProblem(filter);
    if (problem !== undefined || qos === 2) {
      this.#hub.journal.subscribed('ClientError');
      this.#turnAway('CLIENT_ERROR', `it may not subscribe to "${filter}": ${problem}`);
      return 'close';
    }
    if (!this.#permissions.allow('iot:Subscribe', `topicfilter/${filter}`)) {
      this.#hub.journal.subscribed('AuthError');
      if (this.#hub.subscribeDenied === 'refuse') return 'refused';
      this.#turnAway('AUTH_ERROR', `no policy lets it iot:Subscribe to topicfilter/${filter}`);
      return 'close';
    }
    if (session.subscriptions.size >= MAX_SUBSCRIPTIONS_PER_CONNECTION && !session.subscriptions.has(filter)) {
      this.#hub.journal.subscribed('ClientError');
      return 'refused';
    }
    this.#hub.sessions.subscribe(session, filter, qos);
    this.#hub.journal.subscribed('Success');
    return 'granted';
  }

  unsubscribe(filters: readonly string[]): void {
    const session = this.#session;
    if (!session) return;
    for (const filter of filters) this.#hub.sessions.unsubscribe(session, filter);
    this.#hub.journal.unsubscribed();
  }

  mayPublish(message: Message): PublishAnswer {
    if (this.#forgotten) return 'discard';
    const { topic } = message;
    const refuse = (error: 'AuthError' | 'ClientError', reason: string): PublishAnswer => {
      this.#hub.journal.publishRefused(topic, this.clientId, error, reason);
      this.#turnAway(error === 'AuthError' ? 'AUTH_ERROR' : 'CLIENT_ERROR', `it published to ${topic}: ${reason}`);
      return 'close';
    };
    const problem = messageProblem(message);
    if (problem !== undefined) return refuse('ClientError', problem);
    for (const action of message.retain ? ['iot:Publish', 'iot:RetainPublish'] : ['iot:Publish']) {
      if (!this.#permissions.allow(action, `topic/${topic}`)) return refuse('AuthError', `no policy allows ${action}`);
    }
    return this.#hub.withinRate(this) ? 'accepted' : 'discard';
  }

  published(message: Message): void {
    const { topic, payload, retain } = message;
    // A slice of what came over the socket would keep all of it in memory.
    const own = Buffer.from(payload);
    const qos = message.qos === 0 ? 0 : 1;
    this.#hub.route({ topic, payload: own, qos, retain, clientId: this.clientId });
  }

  mayReceive(topic: string): boolean {
    return this.#permissions.mayReceive(topic);
  }

  /** False when it is connected but not ready: what is kept for it comes when it is. */
  get takesMessages(): boolean {
    return this.#takesMessages && this.#reason === undefined;
  }

  send(message: OutgoingMessage): void {
    this.#link?.send(message);
  }

  sent(sequence: number, packetId: number): void {
    this.#packetIds.set(packetId, sequence);
  }

  acknowledged(packetId: number): void {
    const sequence = this.#packetIds.get(packetId);
    if (sequence === undefined) return;
    this.#packetIds.delete(packetId);
    this.#session?.kept.delete(sequence);
  }

  /** Ends the connection, for this reason. */
  close(reason: DisconnectReason): void {
    this.#reason ??= reason;
    this.#link?.close();
  }

  /** Ends the connection without a trace of it, not even its will. */
  forget(): void {
    this.#forgotten = true;
    this.close('SERVER_INITIATED_DISCONNECT');
  }

  /** Somebody else has connected with its client id; the server ends this connection. */
  supersede(): void {
    this.#reason ??= 'DUPLICATE_CLIENTID';
  }

  closed(by: ClosedBy): void {
    if (this.#session) {
      this.#hub.sessions.left(this.#session, this);
      this.#hub.closed(this, this.#reason ?? reasonOf(by));
    }
    this.#ended.resolve();
  }

  #turnAway(reason: DisconnectReason, why: string): void {
    this.#reason ??= reason;
    this.#hub.log.warn(`The client ${this.clientId} was disconnected: ${why}.`);
  }
}

/** Why nobody may publish this message. Source: AWS General Reference, "AWS IoT Core endpoints and quotas". */
export function messageProblem({ topic, payload, qos, retain }: Message): string | undefined {
  if (qos === 2) return 'QoS 2 is not supported';
  if (payload.length > MAX_PAYLOAD_BYTES) return `the payload is larger than ${MAX_PAYLOAD_BYTES} bytes`;
  const problem = topicProblem(topic);
  if (problem !== undefined) return problem;
  return retain && isBasicIngest(topic) ? 'messages for a rule alone cannot be retained' : undefined;
}
