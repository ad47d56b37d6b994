import { Client, errors } from '@opensearch-project/opensearch';
import type { Config } from './config.ts';
import { findCredentials } from './credentials.ts';
import type { FieldCaps } from './fields.ts';
import type { Search, SearchAnswer } from './readings.ts';
import { Refusal } from './refusal.ts';

/** As long as a person likes to wait, in ms. */
const ANSWER_WITHIN_MS = 8_000;

/** OpenSearch over HTTP. Errors: `Refusal` 503 while it is away or refuses, 500 where it cannot read the index. */
export async function connectSearch(config: Config): Promise<Search & { close(): Promise<void> }> {
  const { openSearchUrl: node, index } = config;
  const client = new Client({ node, requestTimeout: ANSWER_WITHIN_MS, maxRetries: 0, ...(await signer(config)) });
  const ask = async <T>(request: () => Promise<{ body: unknown }>): Promise<T> => {
    try {
      return (await request()).body as T;
    } catch (error) {
      throw refusalOf(error);
    }
  };
  // An index that nobody has written to yet is an empty one.
  const lenient = { index, ignore_unavailable: true, allow_no_indices: true };
  return {
    async fieldCaps(fields) {
      type Answer = { readonly fields: FieldCaps };
      const found = await ask<Answer>(() => client.fieldCaps({ ...lenient, fields: [...fields] }));
      return found.fields;
    },
    search: (body) => ask<SearchAnswer>(() => client.search({ ...lenient, body })),
    close: () => client.close(),
  };
}

async function signer({ signsSearches, region, credentials }: Config) {
  if (!signsSearches) return {};
  const { AwsSigv4Signer } = await import('@opensearch-project/opensearch/aws-v3');
  const getCredentials = async () => {
    const { sessionToken, ...pair } = credentials ?? (await findCredentials(region));
    return sessionToken === undefined ? pair : { ...pair, sessionToken };
  };
  return AwsSigv4Signer({ region, service: 'es', getCredentials });
}

function refusalOf(error: unknown): Error {
  if (!(error instanceof errors.OpenSearchClientError)) return error as Error;
  const cause = { cause: error };
  if (!(error instanceof errors.ResponseError)) {
    return new Refusal(503, 'search-away', 'OpenSearch does not answer.', cause);
  }
  const status = error.statusCode ?? 0;
  if (status === 401 || status === 403) {
    const message = 'OpenSearch refuses this server; its access policy must allow es:ESHttpGet and es:ESHttpPost.';
    return new Refusal(503, 'search-refuses', message, cause);
  }
  if (status === 429 || status >= 500) {
    return new Refusal(503, 'search-away', `OpenSearch answers with ${status}: it cannot work now.`, cause);
  }
  return error;
}
