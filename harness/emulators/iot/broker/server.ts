import type { Duplex } from 'node:stream';

/** The real server that speaks MQTT with clients, as the broker's rules see it: Aedes, in harness/engines/mqtt. */
export interface MqttServer {
  /** Where MQTT over TLS listens. */
  readonly host: string;
  readonly port: number;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  /** From now on these rules decide. Until then every connection is closed at once. */
  serve(rules: MqttRules): void;
  /** Speaks MQTT with a client that came another way than by TLS: by WebSocket. */
  accept(stream: Duplex, peer: Peer): void;
  /** Resolves when the server has ended, with all its connections. */
  readonly exited: Promise<unknown>;
}

/** How whoever connects has proved who it is. */
export type Peer =
  /** A client certificate in DER, whoever signed it; undefined when none was shown. */
  | { readonly kind: 'certificate'; readonly der: Buffer | undefined; readonly address: string }
  /** A request signed with an access key. */
  | { readonly kind: 'iam'; readonly accessKeyId: string; readonly address: string };

/** What the server asks before and while it speaks with a client. */
export interface MqttRules {
  /** Asked after the TLS handshake; false has the connection closed before a byte of MQTT was read. */
  admits(peer: Peer): boolean;
  connect(request: ConnectRequest): ConnectAnswer;
  /** Whether a client that asks for its old session finds one. */
  hasSession(clientId: string): boolean;
  /** What is retained for these topic filters, to be sent to a client that has just subscribed to them. */
  retainedFor(filters: readonly string[]): readonly Message[];
}

/** What a client says in CONNECT. */
export interface ConnectRequest {
  readonly peer: Peer;
  /** 4 is MQTT 3.1.1. */
  readonly protocolVersion: number;
  /** Empty when the client leaves it to the server. */
  readonly clientId: string;
  readonly clean: boolean;
  /** Seconds. */
  readonly keepAlive: number;
  readonly will: Message | undefined;
}

export type ConnectAnswer =
  | {
      readonly accepted: true;
      readonly clientId: string;
      /** Seconds; the connection ends when nothing was heard for one and a half times that long. */
      readonly keepAlive: number;
      readonly handler: ConnectionHandler;
    }
  /** The connection is closed, after these bytes were sent, if there are any. */
  | { readonly accepted: false; readonly reason: string; readonly reply: Buffer | undefined };

export interface Message {
  readonly topic: string;
  readonly payload: Buffer;
  /** 2 only of what clients send. */
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
}

/** A message of a persistent session, which is kept until the client has acknowledged it. */
export interface QueuedMessage {
  readonly topic: string;
  readonly payload: Buffer;
  /** Its number in the session, growing. */
  readonly sequence: number;
}

/** Why a connection has ended, as far as the server knows. */
export type ClosedBy = 'client' | 'keep-alive' | 'protocol' | 'network' | 'server';

/** `refused` is for SUBACK; `close` ends the connection. */
export type SubscribeAnswer = 'granted' | 'refused' | 'close';

/** `discard` takes no notice of the message; `close` ends the connection without an acknowledgement. */
export type PublishAnswer = 'accepted' | 'discard' | 'close';

/** What the server asks about, and tells of, one connection. */
export interface ConnectionHandler {
  /** The client is in; an older connection with the same client id is closed. CONNACK follows. */
  opened(link: ClientLink): void;
  /** From now on `link` takes messages. Returns those of its session that are still to be acknowledged. */
  resume(): readonly QueuedMessage[];
  /** Asked for each filter of a SUBSCRIBE; `filterCount` is how many the packet has. */
  subscribe(filter: string, qos: 0 | 1 | 2, filterCount: number): SubscribeAnswer;
  unsubscribe(filters: readonly string[]): void;
  /** Asked before a PUBLISH is acknowledged, and before a will is published. */
  mayPublish(message: Message): PublishAnswer;
  /** The message was taken in. */
  published(message: Message): void;
  /** Asked before a retained or queued message is sent. */
  mayReceive(topic: string): boolean;
  /** A queued message goes out under this packet identifier. */
  sent(sequence: number, packetId: number): void;
  acknowledged(packetId: number): void;
  closed(by: ClosedBy): void;
}

/** The way to a client that is connected. */
export interface ClientLink {
  /** Returns at once, however slowly the client reads; a client that is very far behind is disconnected. */
  send(message: OutgoingMessage): void;
  close(): void;
}

export interface OutgoingMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1;
  /** Of a queued message. */
  readonly sequence: number | undefined;
}
