import type { ClosedBy, Peer } from './server.ts';

/** Source: AWS IoT developer guide, "Lifecycle events". */
export type DisconnectReason =
  | 'AUTH_ERROR'
  | 'CLIENT_ERROR'
  | 'CLIENT_INITIATED_DISCONNECT'
  | 'CONNECTION_LOST'
  | 'DUPLICATE_CLIENTID'
  | 'MQTT_KEEP_ALIVE_TIMEOUT'
  | 'SERVER_INITIATED_DISCONNECT';

const REASONS: Readonly<Record<ClosedBy, DisconnectReason>> = {
  client: 'CLIENT_INITIATED_DISCONNECT',
  'keep-alive': 'MQTT_KEEP_ALIVE_TIMEOUT',
  protocol: 'CLIENT_ERROR',
  network: 'CONNECTION_LOST',
  server: 'SERVER_INITIATED_DISCONNECT',
};

export function reasonOf(by: ClosedBy): DisconnectReason {
  return REASONS[by];
}

/** Who comes and goes, as far as lifecycle events tell it. */
export interface Present {
  readonly clientId: string;
  readonly sessionIdentifier: string;
  /** A certificate's id, or an access key's. */
  readonly principalIdentifier: string;
  readonly peer: Peer;
}

export interface LifecycleEvent {
  readonly topic: string;
  readonly payload: Buffer;
}

/** The events of clients that connect and disconnect. */
export class Presence {
  readonly #now: () => number;
  /** How often a client has come, and gone. */
  readonly #versions = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  connected(present: Present): LifecycleEvent | undefined {
    const { clientId } = present;
    const version = (this.#versions.get(clientId) ?? -1) + 1;
    this.#versions.set(clientId, version);
    return this.#event('connected', present, { ipAddress: present.peer.address, versionNumber: version });
  }

  disconnected(present: Present, reason: DisconnectReason): LifecycleEvent | undefined {
    return this.#event('disconnected', present, {
      clientInitiatedDisconnect: reason === 'CLIENT_INITIATED_DISCONNECT',
      disconnectReason: reason,
      versionNumber: this.#versions.get(present.clientId) ?? 0,
    });
  }

  clear(): void {
    this.#versions.clear();
  }

  /** Client ids that are no part of a topic have no events. */
  #event(eventType: 'connected' | 'disconnected', present: Present, more: object): LifecycleEvent | undefined {
    const { clientId, sessionIdentifier, principalIdentifier } = present;
    if (/[+#]/.test(clientId)) return undefined;
    const event = { clientId, timestamp: this.#now(), eventType, sessionIdentifier, principalIdentifier, ...more };
    return { topic: `$aws/events/presence/${eventType}/${clientId}`, payload: Buffer.from(JSON.stringify(event)) };
  }
}
