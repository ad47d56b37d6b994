import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyAndCertificate, Validity } from '../certificates/index.ts';
import { formatInstant } from '../clock/index.ts';
import { NaetmulError } from '../errors.ts';

/** The name of an authority's two files. */
export const AUTHORITY = 'ca';
/** For the user alone. */
const SECRET_MODE = 0o600;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Where a certificate and its key lie, or shall lie. */
export interface CertificateFiles {
  readonly folder: string;
  readonly cert: string;
  readonly key: string;
}

/** `name.pem` and `name.key`; the star of a wildcard is spelt out. */
export function filesOf(folder: string, name: string): CertificateFiles {
  const base = join(folder, name.replace('*', 'wildcard'));
  return { folder, cert: `${base}.pem`, key: `${base}.key` };
}

/** Errors: `FILE_EXISTS`, unless what is there may be replaced. */
export function refusePresent({ cert, key }: CertificateFiles, force: boolean): void {
  const present = force ? [] : [cert, key].filter((file) => existsSync(file));
  if (present.length === 0) return;
  throw new NaetmulError(
    'FILE_EXISTS',
    `${present.join(' and ')} ${present.length === 1 ? 'is' : 'are'} there already.`,
    {
      remedy: 'Name another folder with --out, or replace what is there with --force.',
    },
  );
}

/** Errors: `FOLDER_UNUSABLE`. */
export function writeCertificate({ folder, cert, key }: CertificateFiles, made: KeyAndCertificate): void {
  try {
    mkdirSync(folder, { recursive: true });
    // A file that is replaced would keep its rights.
    for (const file of [cert, key]) rmSync(file, { force: true });
    writeFileSync(key, made.key, { mode: SECRET_MODE, flag: 'wx' });
    writeFileSync(cert, made.cert, { flag: 'wx' });
  } catch (cause) {
    throw new NaetmulError('FOLDER_UNUSABLE', `Nothing can be written to ${folder}: ${(cause as Error).message}.`, {
      remedy: 'Name a folder of your own with --out.',
      cause,
    });
  }
}

/** Errors: `CA_MISSING`, `CA_UNUSABLE`. */
export function readAuthority(folder: string): KeyAndCertificate {
  const files = filesOf(folder, AUTHORITY);
  let made: KeyAndCertificate;
  try {
    made = { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
  } catch (cause) {
    throw new NaetmulError(
      'CA_MISSING',
      `There is no certificate authority in ${folder}: ${(cause as Error).message}.`,
      {
        remedy: `Make one with \`naetmul cert ca --out ${folder}\`, or name the folder of another with --ca.`,
        cause,
      },
    );
  }
  const problem = problemOf(made);
  if (problem === undefined) return made;
  throw new NaetmulError('CA_UNUSABLE', `${files.cert} and ${files.key} are no certificate authority: ${problem}.`, {
    remedy: `Make a new one with \`naetmul cert ca --out ${folder} --force\`. What the old one has signed is worth nothing then.`,
  });
}

function problemOf({ cert, key }: KeyAndCertificate): string | undefined {
  try {
    const certificate = new X509Certificate(cert);
    if (!certificate.ca) return 'the certificate may not sign others';
    return certificate.checkPrivateKey(createPrivateKey(key)) ? undefined : 'the key belongs to another certificate';
  } catch (error) {
    return (error as Error).message;
  }
}

export interface Period {
  /** Ms since the epoch; undefined for now. */
  readonly from: number | undefined;
  readonly days: number;
}

/** Before, a year has no two digits of its own in a certificate; afterwards, no four (RFC 5280, 4.1.2.5). */
const FIRST_INSTANT = Date.parse('1950-01-01T00:00:00Z');
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59Z');

/**
 * Without `from` it begins a day early: the clock of who checks it may be behind. `now` in ms since the epoch. Errors:
 * `INVALID_VALIDITY`.
 */
export function validityOf({ from, days }: Period, now: number): Validity {
  const start = from ?? now - DAY_MS;
  const end = (from ?? now) + days * DAY_MS;
  if (start >= FIRST_INSTANT && end <= LAST_INSTANT) return { notBefore: new Date(start), notAfter: new Date(end) };
  throw new NaetmulError('INVALID_VALIDITY', 'A certificate is valid within the years 1950 to 9999 only.', {
    remedy: 'Choose another time with --from and --days.',
  });
}

/** As much of it as the authority is valid for: nobody trusts the rest. Errors: `CA_ENDED`. */
export function validityWithin(authority: KeyAndCertificate, { notBefore, notAfter }: Validity): Validity {
  const { validFromDate, validToDate } = new X509Certificate(authority.cert);
  const start = Math.max(notBefore.getTime(), validFromDate.getTime());
  const end = Math.min(notAfter.getTime(), validToDate.getTime());
  if (start < end) return { notBefore: new Date(start), notAfter: new Date(end) };
  throw new NaetmulError(
    'CA_ENDED',
    `The certificate authority is valid from ${formatInstant(validFromDate.getTime())} to ` +
      `${formatInstant(validToDate.getTime())}, which is no part of the time that was asked for.`,
    { remedy: 'Choose another time with --from and --days, or make a new authority.' },
  );
}
