import { ConfigError, type Environment, readAddress } from '../../../page-kit/server/config.ts';
import { regionOf, signerFor } from '../../src/credentials.ts';
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
    ...readAddress(env),
    openSearch: {
      url,
      region: regionOf(env),
      credentials: signerFor(url, env),
      answerWithinMs: ANSWER_WITHIN_MS,
    },
    indexName: env.OPENSEARCH_INDEX || 'pinpoint',
  };
}
