import type { Truststore } from './truststore.ts';

/** What the control plane keeps of custom domain names. Operations put a new object in the place of an old one. */
export interface DomainName {
  /** In lower case; may begin with `*.`. */
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly endpointType: 'REGIONAL' | 'EDGE';
  readonly ipAddressType: 'ipv4' | 'dualstack';
  /** ARN of ACM, of the kind that the endpoint's type needs. */
  readonly certificateArn: string;
  readonly certificateName?: string | undefined;
  readonly certificateUploadDate: Date;
  readonly ownershipVerificationCertificateArn?: string | undefined;
  readonly securityPolicy: 'TLS_1_0' | 'TLS_1_2';
  /** The name that DNS would point to: `d-….execute-api.…`, or a distribution's. */
  readonly target: string;
  readonly mutualTls?: MutualTls | undefined;
  readonly tags: Map<string, string>;
  /** By base path without slashes at its ends; empty for the one that takes everything else. */
  readonly mappings: Map<string, BasePathMapping>;
}

export interface MutualTls {
  /** `s3://bucket/key`. */
  readonly truststoreUri: string;
  readonly truststoreVersion?: string | undefined;
  /** As it was when the domain name was made or changed. */
  readonly truststore: Truststore;
}

export interface BasePathMapping {
  /** Id of the mapping in version 2 of the API. */
  readonly id: string;
  readonly basePath: string;
  readonly restApiId: string;
  /** Without it, the first part of the path after the base path names the stage. */
  readonly stage?: string | undefined;
}
