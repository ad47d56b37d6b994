import { X509Certificate } from 'node:crypto';
import { badRequest } from '../errors.ts';
import { distinguishedName } from './client-certificate.ts';
import { MAX_CHAIN_LENGTH, MAX_TRUSTSTORE_CERTIFICATES, MIN_RSA_BITS } from './limits.ts';

/**
 * Why a certificate is not trusted. The first three are AWS's words in the execution log (support article "HTTP 403
 * Forbidden errors from a custom domain name that requires mutual TLS"); the others are of the same family, OpenSSL's.
 */
export type Distrust =
  | 'Could not find issuer for certificate'
  | 'Client cert using an insecure Signature Algorithm'
  | 'self signed certificate'
  | 'certificate has expired'
  | 'certificate is not yet valid'
  | 'certificate chain too long';

/** In steps that grow with the text alone: base64 has no hyphen, so that an open end is seen at the next one. */
const PEM = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** The authorities that clients of a domain name may come from. Nobody changes it. */
export class Truststore {
  readonly warnings: readonly string[];
  /** By subject. */
  readonly #authorities = new Map<string, X509Certificate[]>();
  /** Those of them that have signed themselves. */
  readonly #roots = new Set<X509Certificate>();
  readonly #issuers = new WeakMap<X509Certificate, readonly X509Certificate[]>();

  /**
   * @param text certificates in PEM, with anything in between
   * @param now ms since the epoch
   * @throws BadRequestException
   */
  constructor(text: string, now: number) {
    const blocks = text.match(PEM) ?? [];
    if (blocks.length === 0) throw badRequest('Invalid truststore: it contains no certificate in PEM');
    if (blocks.length > MAX_TRUSTSTORE_CERTIFICATES) {
      throw badRequest(
        `Invalid truststore: it contains ${blocks.length} certificates, ` +
          `more than the maximum of ${MAX_TRUSTSTORE_CERTIFICATES}`,
      );
    }
    const warnings: string[] = [];
    for (const [index, block] of blocks.entries()) {
      const certificate = readCertificate(block);
      if (certificate) this.#add(certificate);
      else warnings.push(`Certificate ${index + 1} of the truststore does not meet X.509 syntax requirements`);
    }
    for (const certificate of [...this.#authorities.values()].flat()) {
      const problem = this.#problemOf(certificate, now);
      if (problem) warnings.push(`Certificate with subject ${distinguishedName(certificate.subject)}: ${problem}`);
    }
    this.warnings = warnings;
  }

  /** Why a client's certificate is not trusted at this instant; undefined when it is. Nobody is asked whether it was revoked. */
  distrust(leaf: X509Certificate, now: number): Distrust | undefined {
    if (isWeak(leaf)) return 'Client cert using an insecure Signature Algorithm';
    const untimely = untimeliness(leaf, now);
    if (untimely) return untimely;
    if (isSelfSigned(leaf)) return this.#contains(leaf) ? undefined : 'self signed certificate';
    return this.#search(leaf, now, MAX_CHAIN_LENGTH);
  }

  #add(certificate: X509Certificate): void {
    const known = this.#authorities.get(certificate.subject) ?? [];
    if (known.some(({ raw }) => raw.equals(certificate.raw))) return;
    this.#authorities.set(certificate.subject, [...known, certificate]);
    if (isSelfSigned(certificate)) this.#roots.add(certificate);
  }

  #contains({ subject, raw }: X509Certificate): boolean {
    return this.#authorities.get(subject)?.some((known) => known.raw.equals(raw)) ?? false;
  }

  #problemOf(certificate: X509Certificate, now: number): string | undefined {
    if (isWeak(certificate)) return 'it uses an insecure algorithm';
    const untimely = untimeliness(certificate, now);
    if (untimely) return untimely;
    // Whether an authority above it is out of date is that one's own warning. It is itself the first of the chain.
    return this.#roots.has(certificate) ? undefined : this.#search(certificate, undefined, MAX_CHAIN_LENGTH - 1);
  }

  /**
   * Looks for a way up to a root in the truststore: AWS wants all of it there, and ignores what clients send along.
   *
   * @param now undefined to ignore periods of validity
   * @param longest authorities that the way may have
   */
  #search(from: X509Certificate, now: number | undefined, longest: number): Distrust | undefined {
    const seen = new Set<X509Certificate>();
    let untimely: Distrust | undefined;
    let level = [from];
    for (let length = 1; level.length > 0; length++) {
      const above: X509Certificate[] = [];
      for (const issuer of level.flatMap((certificate) => this.#issuersOf(certificate))) {
        if (seen.has(issuer)) continue;
        seen.add(issuer);
        const problem = now === undefined ? undefined : untimeliness(issuer, now);
        untimely ??= problem;
        if (problem || isWeak(issuer)) continue;
        if (this.#roots.has(issuer)) return length <= longest ? undefined : 'certificate chain too long';
        above.push(issuer);
      }
      level = above;
    }
    return untimely ?? 'Could not find issuer for certificate';
  }

  /** Those in the truststore that have signed a certificate. */
  #issuersOf(certificate: X509Certificate): readonly X509Certificate[] {
    let issuers = this.#issuers.get(certificate);
    if (!issuers) {
      const named = this.#authorities.get(certificate.issuer) ?? [];
      issuers = named.filter(
        (issuer) => issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey),
      );
      this.#issuers.set(certificate, issuers);
    }
    return issuers;
  }
}

export function readCertificate(given: string | Buffer): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(given);
    // Whose key cannot be read can neither sign nor be proven.
    return certificate.publicKey ? certificate : undefined;
  } catch {
    return undefined;
  }
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey);
}

function untimeliness({ validFromDate, validToDate }: X509Certificate, now: number): Distrust | undefined {
  if (now < validFromDate.getTime()) return 'certificate is not yet valid';
  return now > validToDate.getTime() ? 'certificate has expired' : undefined;
}

/** MD2, MD5 and SHA-1, in OpenSSL's names of signature algorithms. */
const WEAK_SIGNATURE = /md[245]|sha-?1(?:$|[^0-9])|dsaWithSHA$/i;

/** Those of 256 bits and more that are in use, in OpenSSL's names. */
const STRONG_CURVE = /^(?:prime256v1|secp(?:256k1|384r1|521r1)|brainpoolP(?:256|320|384|512)[rt]1)$/;

/** AWS takes RSA of 2048 bits and ECDSA of 256 bits or stronger, with SHA-256 or stronger. */
function isWeak(certificate: X509Certificate): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.publicKey;
  if (type === 'rsa' && (details?.modulusLength ?? 0) < MIN_RSA_BITS) return true;
  if (type === 'dsa') return true;
  if (type === 'ec' && !STRONG_CURVE.test(details?.namedCurve ?? '')) return true;
  return WEAK_SIGNATURE.test(certificate.signatureAlgorithm ?? '');
}
