import { createHash, createHmac } from 'node:crypto';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface PresignOptions {
  readonly region: string;
  readonly service: string;
  readonly credentials: AwsCredentials;
  readonly at: Date;
  /** How long the address is good for, in seconds. */
  readonly expires: number;
  readonly payloadHash?: string;
}

const EMPTY_PAYLOAD = sha256('');

/**
 * Signs a GET in its query. The session token is added after signing, as AWS IoT wants it.
 * Source: IAM user guide, "Create a signed AWS API request"; AWS IoT Core guide, "MQTT over WebSockets".
 */
export function presign(address: string, options: PresignOptions): string {
  const { region, service, credentials, at, expires, payloadHash = EMPTY_PAYLOAD } = options;
  const url = new URL(address);
  const time = `${at.toISOString().replace(/[-:]|\.\d+/g, '')}`;
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const query = [
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${credentials.accessKeyId}/${scope}`],
    ['X-Amz-Date', time],
    ['X-Amz-Expires', String(expires)],
    ['X-Amz-SignedHeaders', 'host'],
  ].map(([name, value = '']) => `${name}=${encode(value)}`);
  const canonical = ['GET', url.pathname, query.join('&'), `host:${url.host}`, '', 'host', payloadHash].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = scope
    .split('/')
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${credentials.secretAccessKey}`);
  query.push(`X-Amz-Signature=${hmac(key, toSign).toString('hex')}`);
  if (credentials.sessionToken !== undefined) query.push(`X-Amz-Security-Token=${encode(credentials.sessionToken)}`);
  return `${url.protocol}//${url.host}${url.pathname}?${query.join('&')}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Percent-encoding that leaves only RFC 3986's unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
