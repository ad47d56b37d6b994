export interface Settings {
  readonly topic: string;
  /** The domain's. */
  readonly endpoint: URL;
  readonly index: string;
  readonly region: string;
  /** The queue of readings that wait for OpenSearch. */
  readonly waitingUrl: string;
  /** `https://…-ats.iot.….amazonaws.com`; undefined: the region's. */
  readonly iotEndpoint: string | undefined;
}

/** Reads the function's environment. Throws an error that names everything that is missing. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const required = ['TOPIC', 'OPENSEARCH_ENDPOINT', 'OPENSEARCH_INDEX', 'WAITING_QUEUE_URL', 'AWS_REGION'];
  const missing = required.filter((name) => !env[name]);
  if (missing.length > 0) throw new Error(`Missing from the environment: ${missing.join(', ')}.`);
  const { TOPIC = '', OPENSEARCH_ENDPOINT = '', OPENSEARCH_INDEX = '', WAITING_QUEUE_URL = '', AWS_REGION = '' } = env;
  return {
    topic: TOPIC,
    endpoint: endpointUrl(OPENSEARCH_ENDPOINT, env.AWS_ENDPOINT_URL),
    index: OPENSEARCH_INDEX,
    region: AWS_REGION,
    waitingUrl: WAITING_QUEUE_URL,
    iotEndpoint: env.IOT_ENDPOINT ? `${endpointUrl(env.IOT_ENDPOINT, undefined)}` : undefined,
  };
}

/**
 * CloudFormation names a domain's endpoint without a scheme. It is HTTPS, unless all of AWS is somewhere that is spoken
 * to without TLS: `AWS_ENDPOINT_URL=http://…`, which every AWS SDK reads.
 */
function endpointUrl(endpoint: string, awsEndpointUrl: string | undefined): URL {
  const scheme = awsEndpointUrl?.startsWith('http:') ? 'http' : 'https';
  return new URL(/^https?:\/\//.test(endpoint) ? endpoint : `${scheme}://${endpoint}`);
}
