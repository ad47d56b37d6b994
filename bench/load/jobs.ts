import type { RequestDescription } from './connection.ts';

/** What a load client is asked to do. */
export type Job = ThroughputJob | LatencyJob | PacedJob | FanOutJob;

/** Keeps `connections` connections busy, each with one request under way at a time. */
export interface ThroughputJob {
  readonly kind: 'throughput';
  readonly connections: number;
  /** Sent one after the other, each `times` times; repeated from the start while `forMs` is not over. */
  readonly requests: readonly { readonly request: RequestDescription; readonly times: number }[];
  /** Goes on for so long; without it every request is sent as often as it says, and no more. */
  readonly forMs?: number;
}

export interface ThroughputResult {
  /** Answers with status 200. */
  readonly ok: number;
  readonly failed: number;
  /** The first answer that was none, or the first error. */
  readonly firstFailure?: string;
  /** From the first request to the last answer. */
  readonly ms: number;
}

/** Sends one request after the other, taking turns between the sides: A B A B … */
export interface LatencyJob {
  readonly kind: 'latency';
  readonly sides: readonly RequestDescription[];
  /** Requests of each side. */
  readonly count: number;
}

/** For each side every request's time in ms. */
export interface LatencyResult {
  readonly sides: readonly (readonly number[])[];
}

/** Sends so many requests a second, whether or not those before are answered: each on a connection that is idle. */
export interface PacedJob {
  readonly kind: 'paced';
  readonly request: RequestDescription;
  readonly perSecond: number;
  readonly forMs: number;
}

export interface PacedResult {
  /** From when a request was sent to its whole answer, in ms. */
  readonly times: readonly number[];
}

/** One publisher and many subscribers of an MQTT broker. */
export interface FanOutJob {
  readonly kind: 'fan-out';
  /** Of MQTT over TLS, on this machine. */
  readonly port: number;
  /** PEM: whom the clients trust, and what they show. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly subscribers: number;
  readonly messages: number;
  readonly bytes: number;
}

export interface FanOutResult {
  readonly deliveries: number;
  /** From the first publish to the last delivery. */
  readonly ms: number;
}

export type ResultOf<J extends Job> = J extends ThroughputJob
  ? ThroughputResult
  : J extends LatencyJob
    ? LatencyResult
    : J extends PacedJob
      ? PacedResult
      : FanOutResult;

/** What the client's process answers. */
export type Outcome =
  | { readonly result: ThroughputResult | LatencyResult | PacedResult | FanOutResult }
  | { readonly error: string };
