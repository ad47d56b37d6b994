import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Lock } from '../clock/index.ts';

/** One HTTP request at the edge, from outside over TCP or from an emulator in the same process. */
export interface EdgeRequest {
  readonly method: string;
  /** Path and query exactly as sent: `/PROD/v1?a=%20b`. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as sent, for what must be passed on unchanged. */
  readonly rawHeaders: readonly string[];
  readonly body: RequestBody;
  /** `127.0.0.1`; what API Gateway shows as the source IP. */
  readonly remoteAddress: string;
  /** True for a call that an emulator makes while it holds a lock of its own. */
  readonly internal: boolean;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /**
   * The clock's lock that is held while this request is answered. Whoever has to wait for virtual time on the way to
   * the answer sleeps on it or suspends it. Requests from inside have none, nor long polls that LocalStack answers.
   */
  readonly lock?: Lock | undefined;
  /** What is known of the connection, where it is one over TLS. */
  readonly tls?: TlsConnection | undefined;
  /** The operation's input, where a caller in the same process hands it over; the body is empty then. */
  readonly input?: object | undefined;
  /** True where the caller, in the same process, takes `EdgeResponse.output`. */
  readonly takesOutput?: boolean;
}

export interface TlsConnection {
  /** The name that the client wants to speak with (SNI), in lower case. */
  readonly serverName: string;
  /** The certificate that the client has shown to be its own, DER. Whether it is to be trusted, nobody has judged. */
  readonly clientCertificate: Buffer | undefined;
}

export interface RequestBody {
  /** The whole body as it came, where it is in memory already. */
  readonly inMemory?: Buffer;
  /** The body as a stream, for one reader. */
  stream(): Readable;
  /**
   * The whole body, decoded from `aws-chunked` where it came so. With `limitBytes`, a longer body rejects with
   * `BodyTooLarge` without being held in memory. May be called more than once.
   */
  bytes(limitBytes?: number): Promise<Buffer>;
}

export interface EdgeResponse {
  readonly status: number;
  /** Names as they are to be sent. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** Names and values in turn; where given, these are sent instead of `headers`, in this order and spelling. */
  readonly rawHeaders?: readonly string[];
  readonly body: Buffer | string | Readable;
  /** What the operation answered, as the SDK has it, where the caller takes it; the body is empty then. */
  readonly output?: object | undefined;
}

export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
  readonly limitBytes: number;

  constructor(limitBytes: number) {
    super(`The request body is larger than ${limitBytes} bytes.`);
    this.limitBytes = limitBytes;
  }
}
