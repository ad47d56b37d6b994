import 'reflect-metadata';
import { createPrivateKey, KeyObject, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  Pkcs10CertificateRequest,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { errors } from '../errors.ts';

const ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const;

/** What AWS names the subject of the certificates it makes. */
const SUBJECT = 'CN=AWS IoT Certificate';
/** AWS's own certificates end then. */
const NOT_AFTER = new Date('2049-12-31T23:59:59Z');

/** Source: API reference, CreateCertificateFromCsr: RSA of at least 2048 bits, NIST P-256, P-384 or P-521. */
const MIN_RSA_BITS = 2048;
const CURVES = ['prime256v1', 'secp384r1', 'secp521r1'];

export interface IssuedKeys {
  readonly pem: string;
  /** PEM, SPKI. */
  readonly publicKey: string;
  /** PEM, PKCS #1, as AWS gives it. */
  readonly privateKey: string;
}

/** The authority of one run that signs devices' certificates; the broker knows them by their ids, not by it. */
export interface Issuer {
  /** A new key pair and its certificate. */
  keysAndCertificate(notBefore: Date): Promise<IssuedKeys>;
  /**
   * PEM of a certificate for the key and the subject of a certificate signing request.
   *
   * @throws InvalidRequestException
   */
  fromRequest(pem: string, notBefore: Date): Promise<string>;
}

export async function createIssuer(): Promise<Issuer> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const issuer = 'OU=naetmul local authority of devices';
  const sign = async (subject: string, publicKey: webcrypto.CryptoKey, notBefore: Date): Promise<X509Certificate> =>
    await X509CertificateGenerator.create({
      subject,
      issuer,
      serialNumber: Buffer.from(webcrypto.getRandomValues(new Uint8Array(16))).toString('hex'),
      notBefore,
      notAfter: NOT_AFTER,
      publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        await AuthorityKeyIdentifierExtension.create(keys.publicKey),
        await SubjectKeyIdentifierExtension.create(publicKey),
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
      ],
    });
  return {
    async keysAndCertificate(notBefore) {
      const device = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
      const certificate = await sign(SUBJECT, device.publicKey, notBefore);
      const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', device.privateKey));
      return {
        pem: pemOf(certificate),
        publicKey: KeyObject.from(device.publicKey).export({ type: 'spki', format: 'pem' }).toString(),
        privateKey: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
          .export({ type: 'pkcs1', format: 'pem' })
          .toString(),
      };
    },
    async fromRequest(pem, notBefore) {
      const request = readRequest(pem);
      const publicKey = await request.publicKey.export();
      const { asymmetricKeyType, asymmetricKeyDetails: details } = KeyObject.from(publicKey);
      const strong =
        asymmetricKeyType === 'rsa'
          ? (details?.modulusLength ?? 0) >= MIN_RSA_BITS
          : CURVES.includes(details?.namedCurve ?? '');
      if (!strong || !(await request.verify())) throw errors.invalid('The certificate signing request is not valid.');
      return pemOf(await sign(new Name(request.subject).toString(), publicKey, notBefore));
    },
  };
}

function readRequest(pem: string): Pkcs10CertificateRequest {
  try {
    return new Pkcs10CertificateRequest(pem);
  } catch {
    throw errors.invalid('The certificate signing request is not valid.');
  }
}

function pemOf(certificate: X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}
