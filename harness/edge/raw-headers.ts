import { INTERNAL_HEADER_PREFIX } from './headers.ts';
import { bucketInHost, hostName } from './host.ts';

/** Headers that concern one connection only (RFC 9110, 7.6.1), and `Expect`, which the edge answers itself. */
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** Names and values in turn, without those that concern one connection or the edge alone. */
export function endToEnd(rawHeaders: readonly string[]): string[] {
  const named = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if ((rawHeaders[at] as string).toLowerCase() !== 'connection') continue;
    for (const name of (rawHeaders[at + 1] as string).split(',')) named.add(name.trim().toLowerCase());
  }
  const kept: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] as string).toLowerCase();
    if (HOP_BY_HOP.has(name) || named.has(name) || name.startsWith(INTERNAL_HEADER_PREFIX)) continue;
    kept.push(rawHeaders[at] as string, rawHeaders[at + 1] as string);
  }
  return kept;
}

/**
 * LocalStack finds a bucket in `bucket.s3.localhost.localstack.cloud`, but not in `bucket.localhost`, which an S3 client
 * makes of the endpoint `http://localhost:4566`.
 */
export function nameBucketAsLocalStackDoes(headers: string[]): void {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  const host = hostName(headers[at + 1]);
  if (at < 0 || !host?.endsWith('.localhost')) return;
  const bucket = bucketInHost(host, 's3');
  if (bucket === undefined) return;
  const port = /:\d+$/.exec(headers[at + 1] as string)?.[0] ?? '';
  headers[at + 1] = `${bucket}.s3.localhost.localstack.cloud${port}`;
}
