/** Where an AWS integration sends to. */
export interface AwsTarget {
  readonly region: string;
  /** As in the ARN: `kinesis`, `lambda`, `states`. */
  readonly service: string;
  /** A host label before the service's: `<subdomain>.<service>` in the ARN. */
  readonly subdomain: string | undefined;
  readonly kind: 'action' | 'path';
  /** The action's name, or the path without its first slash. */
  readonly rest: string;
}

const URI = /^arn:aws[\w-]*:apigateway:([^:]*):([^:]+):(action|path)\/(.*)$/s;

/** Reads `arn:aws:apigateway:{region}:{subdomain.service|service}:{path|action}/{rest}` (API reference, PutIntegration). */
export function parseIntegrationUri(uri: string): AwsTarget | undefined {
  const [, region, service, kind, rest] = URI.exec(uri) ?? [];
  if (!region || !service || !rest) return undefined;
  const dot = service.indexOf('.');
  return {
    region,
    service: dot < 0 ? service : service.slice(dot + 1),
    subdomain: dot < 0 ? undefined : service.slice(0, dot),
    kind: kind as AwsTarget['kind'],
    rest,
  };
}
