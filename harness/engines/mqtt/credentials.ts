import { X509Certificate } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { machine } from '../../clock/machine.ts';
import type { Credentials } from './certificates.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A run may last that long; credentials that end sooner are made anew. */
const LEFT_DAYS = 7;

/**
 * The broker's credentials, kept in the cache folder for the user alone: a device that trusts the authority can be used
 * again after a restart, and a start need not load what makes certificates.
 */
export async function localCredentials(cacheDir: string): Promise<Credentials> {
  const file = join(cacheDir, 'mqtt-credentials.json');
  const kept = readKept(file);
  if (kept) return kept;
  const { makeCredentials } = await import('./certificates.ts');
  const made = await makeCredentials();
  await mkdir(cacheDir, { recursive: true });
  // A rename, so that another start never reads half of it.
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, JSON.stringify(made), { mode: 0o600 });
  renameSync(partial, file);
  return made;
}

/** Undefined when there are none, when they cannot be read, do not belong together, or end soon. */
function readKept(file: string): Credentials | undefined {
  try {
    const { ca, cert, key } = JSON.parse(readFileSync(file, 'utf8')) as Credentials;
    const certificate = new X509Certificate(cert);
    const endsLate = certificate.validToDate.getTime() > machine.now() + LEFT_DAYS * DAY_MS;
    return endsLate && certificate.verify(new X509Certificate(ca).publicKey) ? { ca, cert, key } : undefined;
  } catch {
    return undefined;
  }
}
