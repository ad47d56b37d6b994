import type { X509Certificate } from 'node:crypto';

/** `$context.identity.clientCert` (developer guide, "Variables for data transformations for API Gateway"). */
export interface ClientCert {
  readonly clientCertPem: string;
  readonly subjectDN: string;
  readonly issuerDN: string;
  /** Bytes in hex with colons in between. */
  readonly serialNumber: string;
  /** `May 28 12:30:02 2019 GMT`. */
  readonly validity: { readonly notBefore: string; readonly notAfter: string };
}

export function clientCertOf(certificate: X509Certificate): ClientCert {
  return {
    clientCertPem: certificate.toString(),
    subjectDN: distinguishedName(certificate.subject),
    issuerDN: distinguishedName(certificate.issuer),
    serialNumber: certificate.serialNumber.toLowerCase().match(/../g)?.join(':') ?? '',
    validity: { notBefore: certificate.validFrom, notAfter: certificate.validTo },
  };
}

/** `C=KR,O=naetmul,CN=device`: in the certificate's order. Node writes a line for each part. */
export function distinguishedName(name: string): string {
  return (name ?? '').split('\n').join(',');
}
