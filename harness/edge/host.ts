/** The name in a `Host` header, in lower case, without port and brackets. */
export function hostName(host: string | undefined): string | undefined {
  const match = host === undefined ? null : /^(?:\[([0-9a-f:.]+)\]|([^:[\]/\s]+))(?::\d+)?$/i.exec(host.trim());
  return (match?.[1] ?? match?.[2])?.toLowerCase().replace(/\.$/, '');
}

/** Names and addresses that only ever mean this machine. */
export function isLoopback(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127\.\d+\.\d+\.\d+$/.test(name);
}

/** Four decimal numbers, or an IPv6 address. */
export function isAddress(name: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(name) || name.includes(':');
}

/** `name` itself or a name below it. */
export function isWithin(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

const BUCKET_IN_HOST =
  /^(.+)\.s3(?:[.-][a-z0-9-]+)*\.(?:localhost|localhost\.localstack\.cloud|amazonaws\.com(?:\.cn)?)$/;

/**
 * The bucket that a host's name begins with: `my-bucket.s3.localhost`, `my-bucket.s3.eu-west-1.amazonaws.com`, and,
 * of a request to S3, `my-bucket.localhost`, which an S3 client makes of the endpoint `http://localhost:4566`.
 */
export function bucketInHost(host: string | undefined, service: string | undefined): string | undefined {
  if (host === undefined) return undefined;
  const bucket = BUCKET_IN_HOST.exec(host)?.[1];
  if (bucket !== undefined || service !== 's3' || host === 's3.localhost') return bucket;
  return /^(.+)\.localhost$/.exec(host)?.[1];
}

export interface CustomDomainName {
  /** A name that the host may be served under: its own, or a wildcard's. */
  readonly name: string;
  /** The host as that name's owner knows it. */
  readonly host: string;
}

/**
 * The custom domain names that a host may be served under, the most exact first. By `.localhost` behind it every name
 * can be reached on this machine without DNS.
 */
export function customDomainsFor(host: string): CustomDomainName[] {
  const names = [host, host.replace(/^[^.]+/, '*')].map((name) => ({ name, host }));
  const local = /^(.+)\.localhost$/.exec(host)?.[1];
  return local === undefined ? names : [...names, ...customDomainsFor(local)];
}
