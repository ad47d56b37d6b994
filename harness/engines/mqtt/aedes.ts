import type { EventEmitter } from 'node:events';
import { type Duplex, Readable } from 'node:stream';
import { Aedes, type AedesPublishPacket, type Client, type PublishPacket, type Subscription } from 'aedes';
import type {
  ClientLink,
  ClosedBy,
  ConnectionHandler,
  Message,
  MqttRules,
  Peer,
} from '../../emulators/iot/broker/server.ts';

/**
 * What may wait in memory for one client that does not read. Whoever is that far behind is disconnected: it would get
 * its messages hours late, and everybody else none.
 */
const MAX_BACKLOG_BYTES = 16 * 1024 * 1024;

/** Aedes without a memory of its own: it speaks MQTT, and who gets which message is decided by the rules. */
export interface Speaker {
  accept(stream: Duplex, peer: Peer): void;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** A client that was let in. */
interface Admitted {
  readonly handler: ConnectionHandler;
  /** The filters of the SUBSCRIBE that is being handled. */
  filterCount: number;
  closedBy: ClosedBy;
}

export async function createSpeaker(rules: MqttRules): Promise<Speaker> {
  const peers = new WeakMap<Client, Peer>();
  const admitted = new WeakMap<Client, Admitted>();
  const streams = new Set<Duplex>();

  const broker = await Aedes.createBroker({
    mq: nowhere,
    persistence: persistence(rules, (client) => admitted.get(client)?.handler),
    preConnect(client, packet, done) {
      const { protocolVersion = 0, clientId, clean = true, keepalive = 0, will } = packet;
      const answer = rules.connect({
        peer: peers.get(client) as Peer,
        protocolVersion,
        clientId,
        clean,
        keepAlive: keepalive,
        will: will && messageOf(will),
      });
      if (!answer.accepted) {
        const refuse = () => done(new Error(answer.reason), false);
        if (answer.reply) client.conn.end(answer.reply, refuse);
        else refuse();
        return;
      }
      const { clientId: id, keepAlive, handler } = answer;
      const known: Admitted = { handler, filterCount: 0, closedBy: 'network' };
      admitted.set(client, known);
      client.conn.once('close', () => handler.closed(known.closedBy));
      // Aedes goes on with what the packet says.
      Object.assign(packet, { clientId: id, keepalive: keepAlive });
      done(null, true);
    },
    authorizeSubscribe(client, subscription, done) {
      const known = admitted.get(client);
      if (!known || subscription === STAND_IN) return done(null, null);
      const answer = known.handler.subscribe(subscription.topic, subscription.qos, known.filterCount);
      if (answer === 'close') done(new Error(`The client may not subscribe to ${subscription.topic}.`));
      else done(null, answer === 'granted' ? subscription : null);
    },
    authorizePublish(client, packet, done) {
      // Aedes tells itself of its clients, below $SYS/.
      if (!client) return done(null);
      const answer = admitted.get(client)?.handler.mayPublish(messageOf(packet)) ?? 'close';
      if (answer === 'close') return done(new Error(`The client may not publish to ${packet.topic}.`));
      if (answer === 'discard') Object.assign(packet, DISCARDED);
      done(null);
    },
    authorizeForward: (client, packet) => (admitted.get(client)?.handler.mayReceive(packet.topic) ? packet : null),
    published(packet, client: Client | null, done) {
      const handler = client && admitted.get(client)?.handler;
      if (handler && packet.topic !== DISCARDED.topic) handler.published(messageOf(packet));
      // The client may send more when what it has sent is written. It does not wait for those who do not read.
      setImmediate(done, null);
    },
  });
  broker.on('client', (client) => {
    const known = admitted.get(client);
    // It may have gone while it was let in.
    if (known && !client.closed) known.handler.opened(linkTo(client));
  });
  broker.on('unsubscribe', (filters, client) => {
    if (!client.closed) admitted.get(client)?.handler.unsubscribe(filters);
  });
  const endedBy = (by: ClosedBy) => (client: Client) => {
    const known = admitted.get(client);
    if (known?.closedBy === 'network') known.closedBy = by;
  };
  broker.on('keepaliveTimeout', endedBy('keep-alive'));
  broker.on('clientError', (client, error) => {
    // What the system reports of a socket has a code; what is left is what the client sent.
    if (!('code' in error)) endedBy('protocol')(client);
  });

  return {
    accept(stream, peer) {
      streams.add(stream);
      stream.once('close', () => streams.delete(stream));
      const client = broker.handle(stream);
      peers.set(client, peer);
      watch(client, (packet) => {
        const known = admitted.get(client);
        if (known && packet.cmd === 'subscribe') known.filterCount = packet.subscriptions.length;
        if (packet.cmd === 'disconnect') endedBy('client')(client);
      });
    },
    async close() {
      const ended = [...streams].map((stream) => new Promise((resolve) => stream.once('close', resolve)));
      for (const stream of streams) {
        const { client } = stream as Duplex & { readonly client?: Client };
        if (client) endedBy('server')(client);
        stream.destroy();
      }
      await Promise.all(ended);
      await new Promise<void>((resolve) => broker.close(resolve));
    },
  };
}

/** A QoS 0 message that reaches nobody; Aedes does not acknowledge it. */
const DISCARDED = { topic: '$SYS/discarded', qos: 0, retain: false } as const;

type WatchedPacket =
  | { readonly cmd: 'subscribe'; readonly subscriptions: readonly unknown[] }
  | { readonly cmd: 'disconnect' };

/** Aedes shows SUBSCRIBE only filter by filter, and DISCONNECT not at all. Its parser is the one place to see packets. */
function watch(client: Client, look: (packet: WatchedPacket) => void): void {
  (client as unknown as { readonly _parser: EventEmitter })._parser.prependListener('packet', look);
}

function messageOf({ topic, payload, qos = 0, retain = false }: WirePacket): Message {
  return { topic, payload: typeof payload === 'string' ? Buffer.from(payload) : payload, qos, retain };
}

interface WirePacket extends Pick<PublishPacket, 'topic' | 'payload'>, Partial<Pick<PublishPacket, 'qos' | 'retain'>> {}

const nothingMore = () => undefined;

function linkTo(client: Client): ClientLink {
  return {
    send(message) {
      if (client.conn.writableLength > MAX_BACKLOG_BYTES) {
        client.conn.destroy();
        return;
      }
      const { sequence } = message;
      // Aedes makes its own packet of it, and fills in what is missing.
      const packet: Partial<AedesPublishPacket> =
        sequence === undefined ? message : { ...message, ...numbered(sequence) };
      client.publish(packet as AedesPublishPacket, nothingMore);
    },
    close: () => client.conn.destroy(),
  };
}

/** How Aedes tells messages apart: in its terms, those of a session come from a broker of their own. */
const SESSION = 'session';
const numbered = (sequence: number) => ({ brokerId: SESSION, brokerCounter: sequence });

/** By this Aedes knows that there is a session (`sessionPresent`); what it has subscribed to is with the rules. */
const STAND_IN: Subscription = { topic: SESSION, qos: 0 };

/** Where Aedes would route: nowhere, since every message goes to the rules when it is `published`. */
const nowhere = {
  on: (_topic: string, _notify: unknown, done?: () => void) => done?.(),
  removeListener: (_topic: string, _notify: unknown, done?: () => void) => done?.(),
  emit: (_packet: unknown, done?: () => void) => done?.(),
  close: (done: () => void) => setImmediate(done),
};

type Numbered = AedesPublishPacket & { readonly brokerId: string; readonly brokerCounter: number; messageId?: number };

/** Where Aedes would keep sessions and retained messages: the rules have both. */
function persistence(rules: MqttRules, handlerOf: (client: Client) => ConnectionHandler | undefined) {
  const nothing = async () => undefined;
  return {
    async setup() {},
    storeRetained: nothing,
    addSubscriptions: nothing,
    removeSubscriptions: nothing,
    cleanSubscriptions: nothing,
    subscriptionsByTopic: async () => [],
    outgoingEnqueue: nothing,
    outgoingEnqueueCombi: nothing,
    putWill: nothing,
    delWill: nothing,
    streamWill: () => Readable.from([]),
    createRetainedStreamCombi: (filters: readonly string[]) =>
      Readable.from(rules.retainedFor(filters).map((message) => ({ cmd: 'publish', ...message }))),
    subscriptionsByClient: async ({ id }: { readonly id: string }) => (rules.hasSession(id) ? [STAND_IN] : []),
    outgoingStream: (client: Client) =>
      Readable.from(
        (handlerOf(client)?.resume() ?? []).map(({ topic, payload, sequence }) => {
          return { cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false, ...numbered(sequence) };
        }),
      ),
    async outgoingUpdate(client: Client, packet: Numbered) {
      if (packet.brokerId === SESSION) handlerOf(client)?.sent(packet.brokerCounter, packet.messageId as number);
    },
    async outgoingClearMessageId(client: Client, { messageId }: Numbered) {
      if (messageId !== undefined) handlerOf(client)?.acknowledged(messageId);
    },
  };
}
