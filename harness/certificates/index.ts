import 'reflect-metadata';
import { createPrivateKey, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralName,
  type JsonName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** The weakest of each that mutual TLS of API Gateway takes (Developer Guide, "Configuring your truststore"). */
const ALGORITHMS = {
  ec: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  rsa: {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
} as const;

const DAY_MS = 24 * 60 * 60 * 1000;
/** Those whose clock is behind must accept it too. */
const VALID_SINCE_DAYS = 1;
/** Long enough not to end under a client that was given the authority, short enough for browsers (398 days). */
const VALID_FOR_DAYS = 365;

export type KeyKind = keyof typeof ALGORITHMS;

/** A certificate and its private key, PEM (the key in PKCS #8). */
export interface KeyAndCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** For what is made without being asked for. `now` in ms since the epoch. */
export function usualValidity(now: number): Validity {
  return {
    notBefore: new Date(now - VALID_SINCE_DAYS * DAY_MS),
    notAfter: new Date(now + VALID_FOR_DAYS * DAY_MS),
  };
}

export interface AuthorityOrder {
  readonly commonName: string;
  readonly validity: Validity;
  /** Default: `ec`. */
  readonly keyKind?: KeyKind;
}

/** An authority that signs the certificates of clients and servers, but no other authority's. */
export async function makeAuthority(order: AuthorityOrder): Promise<KeyAndCertificate> {
  const algorithm = ALGORITHMS[order.keyKind ?? 'ec'];
  const keys = await newKeys(algorithm);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: nameOf(order.commonName),
    serialNumber: newSerialNumber(),
    ...order.validity,
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: pemOf(certificate), key: await keyPem(keys.privateKey) };
}

export interface CertificateOrder {
  /** At most 64 characters (RFC 5280, ub-common-name). */
  readonly commonName: string;
  readonly use: 'client' | 'server';
  /** By what names clients call a server. */
  readonly names?: readonly { readonly type: 'dns' | 'ip'; readonly value: string }[];
  /** Default: the authority's own. */
  readonly validity?: Validity;
  /** Default: `ec`. */
  readonly keyKind?: KeyKind;
}

/** A new key, and a certificate for it that the authority has signed. */
export async function issueCertificate(
  authority: KeyAndCertificate,
  order: CertificateOrder,
): Promise<KeyAndCertificate> {
  const { commonName, use, names = [], keyKind = 'ec' } = order;
  const issuer = new X509Certificate(authority.cert);
  const { notBefore, notAfter } = order.validity ?? issuer;
  const signingAlgorithm = ALGORITHMS[createPrivateKey(authority.key).asymmetricKeyType === 'rsa' ? 'rsa' : 'ec'];
  const pkcs8 = PemConverter.decodeFirst(authority.key);
  const keys = await newKeys(ALGORITHMS[keyKind]);
  const certificate = await X509CertificateGenerator.create({
    subject: nameOf(commonName),
    issuer: issuer.subject,
    serialNumber: newSerialNumber(),
    notBefore,
    notAfter,
    signingAlgorithm,
    publicKey: keys.publicKey,
    signingKey: await webcrypto.subtle.importKey('pkcs8', pkcs8, signingAlgorithm, false, ['sign']),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([use === 'client' ? ExtendedKeyUsage.clientAuth : ExtendedKeyUsage.serverAuth]),
      await AuthorityKeyIdentifierExtension.create(issuer),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names as JsonGeneralName[])] : []),
    ],
  });
  return { cert: pemOf(certificate), key: await keyPem(keys.privateKey) };
}

/** Not as text, in which commas and others would have a meaning. */
function nameOf(commonName: string): JsonName {
  return [{ CN: [commonName] }];
}

async function newKeys(algorithm: (typeof ALGORITHMS)[KeyKind]): Promise<webcrypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
}

/** Fifteen random bytes after a small one: positive, and never the same twice. */
function newSerialNumber(): string {
  return `01${Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString('hex')}`;
}

function pemOf(certificate: X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  return `${PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
}
