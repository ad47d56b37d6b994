import type { StaticOperationSchema } from '@smithy/types';
import type { Clock, Random } from '../clock/index.ts';
import type { Held, Ledger } from '../ledger/index.ts';
import type { EdgeRequest, EdgeResponse } from './http.ts';

/** An AWS service that naetmul plays itself. */
export interface Emulator {
  /** The name that requests for it are signed with, such as `firehose` or `apigateway`. */
  readonly service: string;
  /** How its API is spoken; see `harness/edge/protocols/`. */
  readonly protocol: AwsProtocol;
  readonly operations: readonly Operation[];
  /** Loads the operations at the first call, for a service whose schemas would be in memory for nothing in most benches. */
  loadOperations?(): Promise<readonly Operation[]>;
  /** For services that have more than their API, such as the APIs deployed to API Gateway. */
  readonly dataPlane?: DataPlane;
  /** Answers at the endpoints of OpenSearch domains. */
  readonly domains?: DomainEndpoints;
  start?(): Promise<void>;
  stop?(): Promise<void>;
  /** Forgets every resource and everything held, as if just started. */
  reset?(): Promise<void>;
  /** What it has accepted and not yet passed on, by the place that holds it. */
  held?(): readonly Held[];
}

export type AwsProtocol =
  /** JSON 1.0 or 1.1: `POST /` with `X-Amz-Target: <targetPrefix>.<Operation>`. */
  | {
      readonly kind: 'json';
      readonly version: '1.0' | '1.1';
      readonly targetPrefix: string;
      /** True when errors also say by which code clients of AWS Query knew them. */
      readonly queryCompatible?: boolean;
    }
  /** REST with JSON bodies: method and path say which operation it is. */
  | { readonly kind: 'rest-json' }
  /** AWS Query alone: a form in, XML out. (Services of JSON answer forms, too.) */
  | { readonly kind: 'query' };

/**
 * One operation of a service's API. `schema` is the SDK's own description of it (`PutRecord$` of
 * `@aws-sdk/client-firehose`): from it the edge reads requests and writes answers, so that `run` sees and returns
 * what an SDK user would (`Uint8Array` for blobs, `Date` for timestamps). It checks no constraints: `run` does.
 */
export interface Operation<Input = never, Output = unknown> {
  readonly schema: StaticOperationSchema;
  /** REST: the `Content-Type` of an answer that is bytes as they are. By default `application/octet-stream`. */
  readonly payloadType?: string;
  run(input: Input, call: Call): Promise<Output> | Output;
}

/** What is known of one call of an operation. */
export interface Call {
  /** The answer's `x-amzn-RequestId`. */
  readonly requestId: string;
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  readonly request: EdgeRequest;
}

/** Answers requests that are not calls of a service's API. */
export interface DataPlane {
  handle(request: EdgeRequest, route: DataPlaneRoute): Promise<EdgeResponse>;
  readonly customDomains?: CustomDomains;
}

/** Names under which deployed APIs answer besides their own endpoints. */
export interface CustomDomains {
  /** Whether requests for this host are for deployed APIs. In lower case, without a port. */
  has(host: string): boolean;
  handle(request: EdgeRequest, route: CustomDomainRoute): Promise<EdgeResponse>;
}

/** The edge's port for TLS. Connections to it reach custom domains and nothing else. */
export interface TlsNames {
  /**
   * Takes connections for a name from now on, with a certificate for it; a name may begin with `*.`. The first name
   * opens the port. Called again, it changes what clients have to show.
   *
   * @throws NaetmulError when the port cannot be opened
   */
  serve(name: string, demands: TlsDemands): Promise<void>;
  drop(name: string): void;
}

export interface TlsDemands {
  /** Ends the handshake with a client that shows no certificate. Whose it is, is asked with each request. */
  readonly clientCertificate: boolean;
}

/** Where a request goes that names a custom domain, or that came over TLS. */
export interface CustomDomainRoute {
  /** What the request says to be its host, in lower case, without a port. */
  readonly host: string;
  /** Begins with `/`; still encoded; without the query. */
  readonly path: string;
  /** Without the `?`; still encoded. */
  readonly query: string;
}

/** Where a request to a deployed API goes: `https://{apiId}.execute-api…/{stage}{path}`. */
export interface DataPlaneRoute {
  readonly apiId: string;
  readonly stage: string;
  /** Begins with `/`; still encoded; without the query. */
  readonly path: string;
  /** Without the `?`; still encoded. */
  readonly query: string;
}

export interface DomainEndpoints {
  /** @param accountId of whoever signed the request; undefined for one without a signature */
  handle(request: EdgeRequest, route: DomainRoute, accountId: string | undefined): Promise<EdgeResponse>;
}

/** Where a request to an OpenSearch domain goes. */
export interface DomainRoute {
  readonly region: string;
  /** The domain's name, or the first part of its endpoint on AWS: `search-{domain}-{26 letters and digits}`. */
  readonly name: string;
  /** Begins with `/`; still encoded; without the query. */
  readonly path: string;
  /** Without the `?`; still encoded. */
  readonly query: string;
}

/** What every emulator is made from. */
export interface EmulatorContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly ledger: Ledger;
  readonly aws: AwsAccess;
  /** An empty folder of the emulator's own, removed after the run. */
  readonly dataDir: string;
  readonly log: Log;
  readonly defaults: { readonly region: string; readonly accountId: string };
}

/** How an emulator reaches other AWS services: through the edge, in the same process. */
export interface AwsAccess {
  /** An SDK client of the class `Client` whose requests go to the edge. The same one for the same region. */
  client<T>(Client: new (configuration: SdkClientConfiguration) => T, region?: string): T;
  /** True when an emulator of ours answers for the service, whose times are then the clock's and not the machine's. */
  emulates(service: string): boolean;
  /** Sends one HTTP request to the edge, for callers that build requests themselves. */
  send(request: InternalRequest): Promise<InternalResponse>;
}

export interface InternalRequest {
  /** The service's signing name; the request gets a credential scope that names it. */
  readonly service: string;
  readonly region: string;
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
  /**
   * What `body` says, as the SDK has it, for a service that speaks JSON. Where an emulator of ours answers it is handed
   * over as it is, and so is the output: then nobody asks for `body`, which may be a getter.
   */
  readonly input?: object;
  readonly signal?: AbortSignal;
}

export interface InternalResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** What the operation answered, as the SDK has it, where its input was handed over; the body is empty then. */
  readonly output?: object | undefined;
}

/** The part of an SDK v3 client's configuration that the edge supplies. */
export interface SdkClientConfiguration {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  // biome-ignore lint/suspicious/noExplicitAny: each SDK client types its request handler in its own way.
  readonly requestHandler: any;
  readonly maxAttempts: number;
}

/** A component's diary, which `naetmul logs` shows. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string, cause?: unknown): void;
}
