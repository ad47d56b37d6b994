import type { Exchange, GatewayAnswer } from '../data-plane/exchange.ts';
import type { MethodRuntime } from '../data-plane/runtime.ts';

/** One type of integration: makes an answer of a request, most of them with the help of a backend. */
export interface Integration {
  /** Rejects with a `GatewayFailure`. */
  answer(exchange: Exchange, method: MethodRuntime): Promise<GatewayAnswer>;
}

/** What a backend is asked to do. `Target` says where, in the backend's own way. */
export interface BackendRequest<Target> {
  readonly method: string;
  readonly target: Target;
  /** Names as they are sent. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded; names may repeat. */
  readonly query: readonly (readonly [string, string])[];
  readonly body: Buffer | string;
  /** True when the integration has a role, whose rights count instead of those that the backend gives API Gateway. */
  readonly hasCredentials: boolean;
}

/** What a backend answered. */
export interface BackendResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names and values in turn, as they came, where a proxy has to pass them on. */
  readonly rawHeaders?: readonly string[];
  readonly body: Buffer | string;
}

/** A kind of server that integrations call. */
export interface Backend<Target> {
  /**
   * Where a method's integration sends to, with the variables of its URI filled in.
   *
   * @param path what parameter mappings and overrides give for `{name}`
   * @throws GatewayFailure when it is no valid address
   */
  targetOf(method: MethodRuntime, exchange: Exchange, path: ReadonlyMap<string, string>): Target;
  /** As the execution log shows it. */
  uriOf(request: BackendRequest<Target>): string;
  /**
   * Rejects with a `GatewayFailure` when the backend cannot be reached.
   *
   * @param abandoned aborted once nobody waits for the answer any more
   */
  send(request: BackendRequest<Target>, exchange: Exchange, abandoned: AbortSignal): Promise<BackendResponse>;
}

export const textOf = ({ body }: BackendResponse): string => (typeof body === 'string' ? body : body.toString('utf8'));
