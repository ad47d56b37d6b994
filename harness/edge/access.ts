import { Readable } from 'node:stream';
import { buildQueryString } from '@smithy/core/protocols';
import { HttpResponse } from '@smithy/core/transport';
import type { ClientProtocol, HttpHandlerOptions, HttpRequest } from '@smithy/types';
import type { Clock } from '../clock/index.ts';
import { bufferBody, readAll, readableOf, streamBody } from './body.ts';
import type { AwsAccess, InternalRequest, InternalResponse, SdkClientConfiguration } from './emulator.ts';
import { noteHeaders } from './headers.ts';
import type { EdgeRequest, EdgeResponse, RequestBody } from './http.ts';

export interface AwsAccessOptions {
  readonly dispatch: (request: EdgeRequest) => Promise<EdgeResponse>;
  /** The edge's base URL. */
  readonly url: () => string;
  readonly emulates: (service: string) => boolean;
  /** Whether the input and output of its operations can be handed over: nobody stands in between who reads text. */
  readonly handsOver: (service: string) => boolean;
  readonly clock: Clock;
  readonly defaultRegion: string;
}

// biome-ignore lint/suspicious/noExplicitAny: any client class may be a key.
type ClientClass = new (configuration: any) => unknown;

const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
const NEVER = new AbortController().signal;
const NO_BYTES = Buffer.alloc(0);

/** AWS access that goes straight into the edge, without a connection in between. */
export function createAwsAccess(options: AwsAccessOptions): AwsAccess {
  const { dispatch, url, emulates, handsOver, clock, defaultRegion } = options;
  const clients = new Map<ClientClass, Map<string, unknown>>();

  const inside = (
    request: Pick<EdgeRequest, 'method' | 'target' | 'body' | 'input' | 'takesOutput'> & {
      readonly headers: Record<string, string>;
    },
    signal: AbortSignal,
  ) =>
    dispatch({
      ...request,
      rawHeaders: Object.entries(request.headers).flat(),
      remoteAddress: '127.0.0.1',
      internal: true,
      signal,
    });

  /** What the SDK calls instead of opening a connection. */
  const requestHandler = {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request: HttpRequest, options: HttpHandlerOptions = {}): Promise<{ response: HttpResponse }> {
      const signal = (options.abortSignal as AbortSignal | undefined) ?? NEVER;
      if (signal.aborted) throw abortError();
      const query = buildQueryString(request.query ?? {});
      const headers = { ...lowerCase(request.headers), ...noteHeaders(options) };
      const response = await inside(
        {
          method: request.method,
          target: query === '' ? request.path : `${request.path}?${query}`,
          headers,
          body: toBody(request.body, headers),
          takesOutput: true,
        },
        signal,
      );
      const { output } = response;
      const body = response.body instanceof Readable ? response.body : readableOf(response.body);
      const answer = new HttpResponse({ statusCode: response.status, headers: headersOf(response), body });
      return { response: output === undefined ? answer : Object.assign(answer, { output }) };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy() {},
  };

  return {
    client<T>(Client: new (configuration: SdkClientConfiguration) => T, region = defaultRegion): T {
      const byRegion = clients.get(Client) ?? new Map<string, unknown>();
      clients.set(Client, byRegion);
      let client = byRegion.get(region);
      if (client === undefined) {
        const configuration = {
          region,
          endpoint: url(),
          credentials: CREDENTIALS,
          requestHandler,
          maxAttempts: 1,
          // Read by S3's client alone: the bucket goes into the path rather than into the host's name.
          forcePathStyle: true,
        };
        client = new Client(configuration);
        takeOutputs(client as SchemaClient);
        byRegion.set(region, client);
      }
      return client as T;
    },

    emulates,

    async send(request: InternalRequest): Promise<InternalResponse> {
      const { service, region, method, target, headers, signal } = request;
      const input = handsOver(service) ? request.input : undefined;
      const bytes = input === undefined ? toBytes(request.body) : NO_BYTES;
      const date = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '');
      const signed = {
        host: new URL(url()).host,
        ...lowerCase(headers),
        'content-length': String(bytes.length),
        authorization:
          `AWS4-HMAC-SHA256 Credential=${CREDENTIALS.accessKeyId}/${date}/${region}/${service}/aws4_request, ` +
          'SignedHeaders=host, Signature=0',
      };
      const handed = { input, takesOutput: input !== undefined };
      const response = await inside(
        { method, target, headers: signed, body: bufferBody(bytes), ...handed },
        signal ?? NEVER,
      );
      const { status, output } = response;
      return { status, headers: headersOf(response), body: await bytesOf(response), output };
    },
  };
}

/** The part of a client that reads answers. */
interface SchemaClient {
  readonly config: { readonly protocol: Pick<ClientProtocol<HttpRequest, HttpResponse>, 'deserializeResponse'> };
}

/** Has a client take what an emulator has answered as it is. Answers that are text, errors too, it reads as ever. */
function takeOutputs({ config: { protocol } }: SchemaClient): void {
  const read = protocol.deserializeResponse.bind(protocol);
  protocol.deserializeResponse = async (operation, context, response: HttpResponse & { readonly output?: object }) => {
    const { output, statusCode: httpStatusCode, headers } = response;
    if (output === undefined) return await read(operation, context, response);
    return { ...output, $metadata: { httpStatusCode, requestId: headers['x-amzn-requestid'] } } as never;
  };
}

const toBytes = (body: Buffer | string): Buffer => (typeof body === 'string' ? Buffer.from(body) : body);

async function bytesOf({ body }: EdgeResponse): Promise<Buffer> {
  return body instanceof Readable ? await readAll(body) : toBytes(body);
}

function toBody(body: unknown, headers: Record<string, string>): RequestBody {
  if (body === undefined || body === null) return bufferBody(Buffer.alloc(0));
  if (typeof body === 'string') return bufferBody(Buffer.from(body));
  if (body instanceof Uint8Array) return bufferBody(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  if (body instanceof Readable) {
    if (headers['content-length'] === undefined) headers['transfer-encoding'] = 'chunked';
    return streamBody(body, headers);
  }
  throw new TypeError('The body of a request must be a string, bytes or a stream.');
}

/** Names in lower case; values of a repeated name joined. */
function headersOf({ headers, rawHeaders }: EdgeResponse): Record<string, string> {
  const joined: Record<string, string> = {};
  const add = (name: string, value: string) => {
    const key = name.toLowerCase();
    joined[key] = joined[key] === undefined ? value : `${joined[key]}, ${value}`;
  };
  if (rawHeaders) {
    for (let at = 0; at < rawHeaders.length; at += 2) add(rawHeaders[at] as string, rawHeaders[at + 1] as string);
  } else {
    for (const [name, value] of Object.entries(headers)) for (const one of [value].flat()) add(name, one as string);
  }
  return joined;
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function abortError(): Error {
  return Object.assign(new Error('Request aborted'), { name: 'AbortError' });
}
