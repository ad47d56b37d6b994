import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyAndCertificate } from '../../certificates/index.ts';
import { machine } from '../../clock/machine.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A run may last that long; an authority that ends sooner is made anew. */
const LEFT_DAYS = 30;

/**
 * The authority that signs the certificates of custom domain names, kept in the cache folder for the user alone: a
 * client that trusts it can be used again after a restart.
 */
export async function localAuthority(cacheDir: string): Promise<KeyAndCertificate> {
  const file = join(cacheDir, 'custom-domains-authority.json');
  const kept = readKept(file);
  if (kept) return kept;
  const { makeAuthority, usualValidity } = await import('../../certificates/index.ts');
  const validity = usualValidity(machine.now());
  const made = await makeAuthority({ commonName: 'naetmul local CA of custom domain names', validity });
  await mkdir(cacheDir, { recursive: true });
  // A rename, so that another start never reads half of it.
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, JSON.stringify(made), { mode: 0o600 });
  renameSync(partial, file);
  return made;
}

/** Undefined when there is none, when it cannot be read, its parts do not belong together, or it ends soon. */
function readKept(file: string): KeyAndCertificate | undefined {
  try {
    const { cert, key } = JSON.parse(readFileSync(file, 'utf8')) as KeyAndCertificate;
    const certificate = new X509Certificate(cert);
    const endsLate = certificate.validToDate.getTime() > machine.now() + LEFT_DAYS * DAY_MS;
    return endsLate && certificate.checkPrivateKey(createPrivateKey(key)) ? { cert, key } : undefined;
  } catch {
    return undefined;
  }
}
