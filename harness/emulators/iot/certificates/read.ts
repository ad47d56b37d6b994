import { X509Certificate } from 'node:crypto';
import type { Certificate } from '../registry/model.ts';
import { certificateIdOf } from '../registry/registry.ts';

/** What is in a certificate. */
export type CertificateFacts = Pick<Certificate, 'id' | 'pem' | 'commonName' | 'validity'>;

/** Undefined for a text that is no certificate. */
export function readCertificate(pem: string): CertificateFacts | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return undefined;
  }
  const { raw, validFromDate: notBefore, validToDate: notAfter } = certificate;
  const name: string | readonly string[] | undefined = certificate.toLegacyObject().subject?.CN;
  return {
    id: certificateIdOf(raw),
    pem,
    commonName: typeof name === 'string' ? name : name?.[0],
    validity: { notBefore, notAfter },
  };
}
