import { type Environment, regionOf, signerFor } from '../../src/credentials.ts';
import { type OpenSearchOptions, openSearchUrl } from '../../src/opensearch.ts';

/** As long as a person likes to wait, in ms. */
const ANSWER_WITHIN_MS = 8_000;

export interface Config {
  /** Where this server listens. */
  readonly host: string;
  readonly port: number;
  readonly openSearch: OpenSearchOptions;
  /** What the names of the indices begin with. */
  readonly indexName: string;
}

/** The server is not configured rightly. The message says what is wrong and where to set it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The server's configuration, all from the environment. Errors: `ConfigError`. */
export function readConfig(env: Environment): Config {
  if (!env.OPENSEARCH_ENDPOINT) {
    throw new ConfigError('OPENSEARCH_ENDPOINT is missing: set it to the endpoint of the OpenSearch domain.');
  }
  const url = openSearchUrl(env.OPENSEARCH_ENDPOINT, env.AWS_ENDPOINT_URL);
  if (!URL.canParse(url)) {
    throw new ConfigError(`OPENSEARCH_ENDPOINT must be an address, not ${env.OPENSEARCH_ENDPOINT}.`);
  }
  return {
    host: env.HOST || '127.0.0.1',
    port: portOf(env.PORT || '8000'),
    openSearch: {
      url,
      region: regionOf(env),
      credentials: signerFor(url, env),
      answerWithinMs: ANSWER_WITHIN_MS,
    },
    indexName: env.OPENSEARCH_INDEX || 'pinpoint',
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new ConfigError(`PORT must be a number from 0 to 65535, not ${text}.`);
}
