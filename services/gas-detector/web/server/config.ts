import { ConfigError, type Environment, readAddress } from '../../../page-kit/server/config.ts';
import type { AwsCredentials } from './sigv4.ts';

const WORKSHOP_REGION = 'ap-northeast-2';

export interface Config {
  /** Where this server listens. */
  readonly host: string;
  readonly port: number;
  /** The OpenSearch domain's address. */
  readonly openSearchUrl: string;
  readonly index: string;
  readonly region: string;
  /** Whether requests to OpenSearch are signed. */
  readonly signsSearches: boolean;
  /** The broker's WebSocket address, before it is signed; undefined when none is known. */
  readonly mqttUrl: string | undefined;
  readonly topic: string;
  /** Of the environment; undefined: the SDK looks where it always looks (profile, role of the machine). */
  readonly credentials: AwsCredentials | undefined;
}

/** The server's configuration, all from the environment. Errors: `ConfigError`. */
export function readConfig(env: Environment): Config {
  const get = (name: string) => env[name] || undefined;
  const awsEndpoint = get('AWS_ENDPOINT_URL');
  const endpoint = get('OPENSEARCH_ENDPOINT');
  if (endpoint === undefined) {
    throw new ConfigError('OPENSEARCH_ENDPOINT is missing: set it to the endpoint of the OpenSearch domain.');
  }
  const openSearchUrl = addressOf('OPENSEARCH_ENDPOINT', endpoint, 'http', awsEndpoint);
  const credentials = credentialsOf(get);
  return {
    ...readAddress(env),
    openSearchUrl,
    index: get('OPENSEARCH_INDEX') ?? 'gasdetect',
    region: get('AWS_REGION') ?? get('AWS_DEFAULT_REGION') ?? WORKSHOP_REGION,
    signsSearches: credentials !== undefined || /\.es\.amazonaws\.com$/.test(new URL(openSearchUrl).hostname),
    mqttUrl: mqttUrlOf(get('MQTT_URL'), awsEndpoint),
    topic: get('TOPIC') ?? 'pi/1',
    credentials,
  };
}

/**
 * CloudFormation names endpoints without a protocol. It is TLS, unless all of AWS is somewhere that is spoken to without:
 * `AWS_ENDPOINT_URL=http://…`.
 */
function addressOf(name: string, text: string, family: 'http' | 'ws', awsEndpoint: string | undefined): string {
  const tls = awsEndpoint?.startsWith('http:') ? '' : 's';
  const address = /^[a-z]+:\/\//i.test(text) ? text : `${family}${tls}://${text}`;
  const protocols = [`${family}:`, `${family}s:`];
  if (!URL.canParse(address) || !protocols.includes(new URL(address).protocol)) {
    throw new ConfigError(`${name} must be an address that begins with ${protocols.join('// or ')}//, not ${text}.`);
  }
  return address.replace(/\/$/, '');
}

/** An endpoint of AWS IoT Core, or the one endpoint of a machine that stands in for AWS. */
function mqttUrlOf(mqttUrl: string | undefined, awsEndpoint: string | undefined): string | undefined {
  const from = mqttUrl ?? awsEndpoint?.replace(/^http/, 'ws');
  if (from === undefined) return undefined;
  const url = new URL(addressOf('MQTT_URL', from, 'ws', awsEndpoint));
  if (url.pathname === '/') url.pathname = '/mqtt';
  return url.href;
}

function credentialsOf(get: (name: string) => string | undefined): AwsCredentials | undefined {
  const accessKeyId = get('AWS_ACCESS_KEY_ID');
  const secretAccessKey = get('AWS_SECRET_ACCESS_KEY');
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: get('AWS_SESSION_TOKEN') };
}
