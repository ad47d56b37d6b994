import type { ClientCert } from './client-certificate.ts';

/** How a request came that came by a custom domain name. */
export interface Visit {
  /** The name that the client used; with a wildcard it is not the domain's own. */
  readonly domainName: string;
  /** The path of the mapping that was chosen, without slashes at its ends; empty for the one without. */
  readonly basePath: string;
  /** The path as the client wrote it, base path and all. */
  readonly path: string;
  /** What the client showed of itself, where the domain asks for it. */
  readonly clientCert?: ClientCert | undefined;
  /** Why the client's certificate is not trusted. */
  readonly denied?: string | undefined;
}
