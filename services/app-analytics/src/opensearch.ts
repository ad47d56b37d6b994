import { Client, errors } from '@opensearch-project/opensearch';
import { AwsSigv4Signer } from '@opensearch-project/opensearch/aws-v3';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface OpenSearchOptions {
  /** As `openSearchUrl` makes it. */
  readonly url: string;
  readonly region: string;
  /** Who signs the requests; undefined: nobody, and the domain has to let the address in. */
  readonly credentials: (() => Promise<AwsCredentials>) | undefined;
  /** How long an answer may take, in ms. */
  readonly answerWithinMs: number;
}

/** Requests to a domain, each tried once. Errors: those of the OpenSearch client; see `describeFailure`. */
export interface OpenSearch extends AsyncDisposable {
  /** Errors: also for an answer of 400 or more, but for 404 where it is `orNone`: then undefined. */
  ask<T>(request: OpenSearchRequest & { readonly orNone: true }): Promise<T | undefined>;
  ask<T>(request: OpenSearchRequest): Promise<T>;
}

export interface OpenSearchRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** From the domain's root on; names in it are percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  /** JSON; a list is sent as lines of JSON, a text as it is. */
  readonly body?: object | string | readonly (object | string)[];
  readonly orNone?: boolean;
}

/**
 * CloudFormation names a domain's endpoint without a scheme. It is HTTPS, unless all of AWS is somewhere that is spoken
 * to without TLS: `AWS_ENDPOINT_URL=http://…`, which every AWS SDK reads.
 */
export function openSearchUrl(endpoint: string, awsEndpointUrl: string | undefined): string {
  const scheme = awsEndpointUrl?.startsWith('http:') ? 'http' : 'https';
  const url = /^https?:\/\//.test(endpoint) ? endpoint : `${scheme}://${endpoint}`;
  return url.replace(/\/+$/, '');
}

export function connectOpenSearch({ url, region, credentials, answerWithinMs }: OpenSearchOptions): OpenSearch {
  const signer = credentials && AwsSigv4Signer({ region, service: 'es', getCredentials: signable(credentials) });
  const client = new Client({ node: url, maxRetries: 0, requestTimeout: answerWithinMs, ...signer });
  return {
    async ask<T>(request: OpenSearchRequest): Promise<T> {
      const options = request.orNone ? { ignore: [404] } : {};
      const { statusCode, body } = await client.transport.request(parametersOf(request), options);
      return (statusCode === 404 ? undefined : body) as T;
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

function parametersOf({ method, path, query, body }: OpenSearchRequest) {
  const sent = body === undefined ? {} : Array.isArray(body) ? { bulkBody: [...body] } : { body };
  return { method, path, ...sent, ...(query ? { querystring: { ...query } } : {}) };
}

/** The client's types know no token that is there but undefined. */
function signable(credentials: () => Promise<AwsCredentials>) {
  return async () => {
    const { sessionToken, ...pair } = await credentials();
    return sessionToken === undefined ? pair : { ...pair, sessionToken };
  };
}

export interface Failure {
  /** The status of the answer; undefined when there was none. */
  readonly status: number | undefined;
  /** OpenSearch's own words, such as `query_shard_exception: failed to create query: …`. */
  readonly reason: string;
}

/** What OpenSearch, or AWS in front of it, says of a request that failed; undefined for errors of another kind. */
export function failureOf(error: unknown): Failure | undefined {
  if (error instanceof errors.ResponseError) {
    return { status: error.statusCode, reason: reasonIn(error.body) };
  }
  if (!(error instanceof errors.OpenSearchClientError)) return undefined;
  return { status: undefined, reason: error.message };
}

/** In a sentence for people: `403: User: anonymous is not authorized …`. */
export function describeFailure(error: unknown): string {
  const failure = failureOf(error);
  if (failure === undefined) return error instanceof Error ? error.message : String(error);
  if (failure.status === undefined) return `it does not answer (${failure.reason})`;
  return `${failure.status}: ${failure.reason}`;
}

/** True for what may be otherwise a moment later: no answer, overload, and rights that AWS does not know everywhere yet. */
export function mayPass(error: unknown): boolean {
  const failure = failureOf(error);
  if (failure === undefined) return false;
  const { status } = failure;
  return status === undefined || status === 403 || status === 429 || status >= 500;
}

/** An error as OpenSearch has it in a body, or in an item of a bulk answer. */
export interface ErrorBody {
  readonly type?: string;
  readonly reason?: string;
  readonly root_cause?: readonly ErrorBody[];
  readonly caused_by?: ErrorBody;
}

export function describeError({ type, reason, root_cause: [root] = [], caused_by: cause }: ErrorBody): string {
  if (root !== undefined && (root.type !== type || root.reason !== reason)) return describeError(root);
  const own = `${type}: ${reason}`;
  return cause?.reason === undefined || reason?.includes(cause.reason) ? own : `${own} (${describeError(cause)})`;
}

function reasonIn(body: unknown): string {
  // What stands in front of a domain answers with a page.
  if (typeof body === 'string')
    return (
      body
        .replace(/<[^>]*>|\s+/g, ' ')
        .trim()
        .slice(0, 300) || 'no reason given'
    );
  const { error, Message } = (body ?? {}) as { readonly error?: ErrorBody | string; readonly Message?: string };
  if (typeof error === 'object') return describeError(error);
  return error ?? Message ?? 'no reason given';
}
