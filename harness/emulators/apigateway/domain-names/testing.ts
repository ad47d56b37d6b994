import 'reflect-metadata';
import { type KeyObject, webcrypto, X509Certificate } from 'node:crypto';
import {
  BasicConstraintsExtension,
  PemConverter,
  X509CertificateGenerator,
  type X509Certificate as X509Peculiar,
} from '@peculiar/x509';

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** What AWS takes no more. */
export const WEAK_RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 1024,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const;
export const SHA_1 = { ...WEAK_RSA, hash: 'SHA-1', modulusLength: 2048 } as const;

const DAY_MS = 24 * 60 * 60 * 1000;
let serialNumber = 0x1000;

export interface TestCertificate {
  readonly pem: string;
  /** PEM, PKCS #8. */
  readonly key: string;
  readonly x509: X509Certificate;
  readonly peculiar: X509Peculiar;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly algorithm: typeof ECDSA | typeof WEAK_RSA | typeof SHA_1;
}

export interface CertificatePlan {
  readonly issuer?: TestCertificate;
  readonly ca?: boolean;
  /** By default a day ago. */
  readonly notBefore?: Date;
  /** By default in thirty days. */
  readonly notAfter?: Date;
  /** Keys that are there already: for certificates that only pretend. */
  readonly keys?: webcrypto.CryptoKeyPair;
  readonly algorithm?: TestCertificate['algorithm'];
  /** Certified instead of the public one of `keys`: of kinds that Web Crypto does not have. Needs an issuer. */
  readonly publicKey?: KeyObject;
}

/** A certificate, signed by its issuer or by itself. `now` in ms since the epoch. */
export async function certify(subject: string, now: number, plan: CertificatePlan = {}): Promise<TestCertificate> {
  const { issuer, ca = false, algorithm = ECDSA } = plan;
  const keys =
    plan.keys ?? ((await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair);
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: issuer?.peculiar.subject ?? subject,
    serialNumber: (serialNumber++).toString(16),
    notBefore: plan.notBefore ?? new Date(now - DAY_MS),
    notAfter: plan.notAfter ?? new Date(now + 30 * DAY_MS),
    signingAlgorithm: issuer?.algorithm ?? algorithm,
    publicKey: plan.publicKey?.export({ type: 'spki', format: 'der' }) ?? keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    extensions: [new BasicConstraintsExtension(ca, undefined, true)],
  });
  const pem = `${certificate.toString('pem')}\n`;
  const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { pem, key, x509: new X509Certificate(pem), peculiar: certificate, keys, algorithm };
}

/** A root and authorities below it, each signed by the one before. */
export async function authorities(count: number, now: number): Promise<TestCertificate[]> {
  const chain: TestCertificate[] = [];
  for (let n = 0; n < count; n++) {
    const issuer = chain.at(-1);
    chain.push(await certify(`O=naetmul, CN=authority ${n}`, now, issuer ? { ca: true, issuer } : { ca: true }));
  }
  return chain;
}
