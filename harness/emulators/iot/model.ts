import type { EntryNumber } from '../../ledger/index.ts';

/** Who speaks to AWS IoT, and what the policies attached to them say. */
export interface Principal {
  /** A certificate's ARN, or that of an IAM identity (WebSocket and HTTPS with SigV4). */
  readonly arn: string;
  readonly kind: 'certificate' | 'iam';
  /** 64 hex digits; of a certificate. */
  readonly certificateId: string | undefined;
  /** What `${iot:Certificate.Subject.CommonName}` stands for. */
  readonly commonName: string | undefined;
  /** The things it is attached to, for `${iot:Connection.Thing.ThingName}`. */
  readonly thingNames: readonly string[];
  /** The default version of each policy attached to it. IAM identities may do everything: IAM is not emulated. */
  readonly policies: readonly PolicyDocument[];
}

/** An IoT policy, parsed and checked. */
export interface PolicyDocument {
  readonly name: string;
  readonly statements: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny';
  /** `iot:Publish`, `iot:*`; `*` and `?` are wildcards. */
  readonly actions: readonly string[];
  /** ARNs with `*` and `?` as wildcards, and policy variables such as `${iot:ClientId}`. */
  readonly resources: readonly string[];
}

/** What the broker asks of the registry of certificates and policies. */
export interface Registry {
  /**
   * Who holds this client certificate.
   *
   * @param der the certificate as the client showed it
   * @returns undefined for a certificate that is not registered or not active
   */
  principalOf(der: Buffer): Principal | undefined;
  /**
   * Calls the listener whenever the answer of `principalOf` may have changed: a certificate, a policy or an attachment
   * was made, changed or removed. The broker remembers answers until then, and ends connections of certificates that
   * are not active any more. Called too often it costs little. Returns the way to take it off again.
   */
  onChange(listener: () => void): () => void;
}

/** One message that was published, by whoever. */
export interface PublishedMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  /** The MQTT client that published it; undefined for HTTPS and rules. */
  readonly clientId: string | undefined;
  /** The ledger's entry that led to it, where there is one: of the request over HTTPS, of the message a rule acted on. */
  readonly cause?: EntryNumber | undefined;
}

/** The message broker, as the rest of the emulator sees it. The real one is Aedes, in harness/engines/mqtt. */
export interface MessageBroker {
  /** Host and port of MQTT over TLS: `127.0.0.1:8883`. Undefined while it is away. */
  address(): { readonly host: string; readonly port: number } | undefined;
  /** PEM of the authority that signed the broker's certificate: what devices trust, as AmazonRootCA1 on AWS. */
  caPem(): string | undefined;
  /** Resolves when the broker has taken the message in: QoS 1 to every subscriber that is connected, as its policies allow. */
  publish(message: PublishedMessage): Promise<void>;
  retained(topic: string): RetainedMessage | undefined;
  retainedTopics(): readonly RetainedMessage[];
  /** Ends a client's connection (DELETE /connections/{clientId}); false when there is none. */
  disconnect(clientId: string): boolean;
  /**
   * Called for each message that was accepted, with the ledger's entry of the message itself as its cause. Returns the
   * way to take it off again.
   */
  onPublished(listener: (message: PublishedMessage) => void): () => void;
  /** Forgets sessions, retained messages and connections. */
  reset(): Promise<void>;
}

export interface RetainedMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1;
  /** ms since the epoch, on the clock. */
  readonly at: number;
}
