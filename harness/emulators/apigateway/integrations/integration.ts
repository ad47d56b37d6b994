import type { Exchange } from '../data-plane/exchange.ts';
import type { AwsTarget } from './aws-uri.ts';

/** What an integration is asked to send. */
export interface BackendRequest {
  readonly method: string;
  readonly target: AwsTarget;
  /** Names as they are sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [string, string])[];
  readonly body: string;
  /** True when the integration has a role, whose rights count instead of those that the backend gives API Gateway. */
  readonly hasCredentials: boolean;
}

/** What the backend answered. */
export interface BackendResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** Asks a backend. Rejects with a `GatewayFailure` when it cannot be reached. */
export interface Integration {
  /** As the execution log shows it. */
  uriOf(request: BackendRequest): string;
  send(request: BackendRequest, exchange: Exchange): Promise<BackendResponse>;
}
