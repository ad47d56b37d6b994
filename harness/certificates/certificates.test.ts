import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { issueCertificate, type KeyAndCertificate, makeAuthority, usualValidity } from './index.ts';

const VALIDITY = usualValidity(Date.parse('2022-01-27T05:48:25Z'));
const AT = Date.parse('2022-06-01T00:00:00Z') / 1000;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'naetmul-certificates-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function openssl(...args: string[]): string {
  return execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] }).toString();
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** What OpenSSL says of a certificate, at its strictest. */
function verify(authority: KeyAndCertificate, { cert }: KeyAndCertificate, purpose: string, at = AT): string {
  const ca = file('ca.pem', authority.cert);
  const args = ['-x509_strict', '-check_ss_sig', '-purpose', purpose, '-attime', String(at)];
  try {
    return openssl('verify', ...args, '-CAfile', ca, file('cert.pem', cert)).replace(`${folder}/`, '');
  } catch (error) {
    return String((error as { stderr: Buffer }).stderr);
  }
}

describe.each(['ec', 'rsa'] as const)('an authority with a key of kind %s', (keyKind) => {
  test('signs clients and servers, each for its own use only', async () => {
    const authority = await makeAuthority({ commonName: 'an authority', validity: VALIDITY, keyKind });
    const client = await issueCertificate(authority, { commonName: 'appsflyer', use: 'client' });
    const names = [{ type: 'dns', value: 'hooks.example.com' } as const];
    const server = await issueCertificate(authority, {
      commonName: 'hooks.example.com',
      use: 'server',
      names,
      keyKind,
    });
    expect(verify(authority, client, 'sslclient')).toBe('cert.pem: OK\n');
    expect(verify(authority, server, 'sslserver')).toBe('cert.pem: OK\n');
    expect(verify(authority, client, 'sslserver')).toContain('unsuitable certificate purpose');
    expect(verify(authority, server, 'sslclient')).toContain('unsuitable certificate purpose');
    for (const { cert, key } of [authority, client, server]) {
      expect(new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))).toBe(true);
    }
  });
});

test('OpenSSL reads of a client’s certificate what it is for', async () => {
  const authority = await makeAuthority({ commonName: 'an authority', validity: VALIDITY });
  const { cert } = await issueCertificate(authority, { commonName: 'appsflyer', use: 'client', keyKind: 'rsa' });
  const told = openssl('x509', '-noout', '-text', '-in', file('client.pem', cert));
  expect(told).toMatch(/X509v3 Extended Key Usage:\s+TLS Web Client Authentication\n/);
  expect(told).toMatch(/X509v3 Key Usage: critical\s+Digital Signature\n/);
  expect(told).toMatch(/X509v3 Basic Constraints: critical\s+CA:FALSE\n/);
  expect(told).toMatch(/Subject: CN = ?appsflyer\n/);
  expect(told).toMatch(/Issuer: CN = ?an authority\n/);
  expect(told).toContain('Public-Key: (2048 bit)');
  expect(told).toContain('Signature Algorithm: ecdsa-with-SHA256');
});

test('OpenSSL reads of an authority that it signs certificates and no other authorities', async () => {
  const { cert } = await makeAuthority({ commonName: 'an authority', validity: VALIDITY });
  const told = openssl('x509', '-noout', '-text', '-in', file('ca.pem', cert));
  expect(told).toMatch(/X509v3 Basic Constraints: critical\s+CA:TRUE, pathlen:0\n/);
  expect(told).toMatch(/X509v3 Key Usage: critical\s+Certificate Sign, CRL Sign\n/);
});

test('no two certificates of an authority have the same serial number, nor has one its authority’s', async () => {
  const authority = await makeAuthority({ commonName: 'an authority', validity: VALIDITY });
  const order = { commonName: 'appsflyer', use: 'client' } as const;
  const issued = [await issueCertificate(authority, order), await issueCertificate(authority, order)];
  const numbers = [authority, ...issued].map(({ cert }) => new X509Certificate(cert).serialNumber);
  expect(new Set(numbers).size).toBe(3);
  for (const number of numbers) expect(number).toMatch(/^0?1[0-9A-F]{30}$/);
});

test('a certificate is valid as long as its authority unless told otherwise', async () => {
  const authority = await makeAuthority({ commonName: 'an authority', validity: VALIDITY });
  const order = { commonName: 'appsflyer', use: 'client' } as const;
  const { validFrom, validTo } = new X509Certificate((await issueCertificate(authority, order)).cert);
  expect([validFrom, validTo]).toEqual(['Jan 26 05:48:25 2022 GMT', 'Jan 27 05:48:25 2023 GMT']);
  const validity = { notBefore: new Date('2022-03-01'), notAfter: new Date('2022-04-01') };
  const short = await issueCertificate(authority, { ...order, validity });
  expect(verify(authority, short, 'sslclient', Date.parse('2022-03-15') / 1000)).toBe('cert.pem: OK\n');
  expect(verify(authority, short, 'sslclient')).toContain('certificate has expired');
});

test('nobody is trusted who comes from another authority of the same name', async () => {
  const order = { commonName: 'an authority', validity: VALIDITY };
  const [authority, other] = await Promise.all([makeAuthority(order), makeAuthority(order)]);
  const stranger = await issueCertificate(other, { commonName: 'appsflyer', use: 'client' });
  expect(verify(authority, stranger, 'sslclient')).toMatch(/unable to get local issuer certificate|signature failure/);
});

test('who was signed signs nobody', async () => {
  const authority = await makeAuthority({ commonName: 'an authority', validity: VALIDITY });
  const client = await issueCertificate(authority, { commonName: 'appsflyer', use: 'client' });
  const second = await issueCertificate(client, { commonName: 'partner', use: 'client' });
  const untrusted = file('client.pem', client.cert);
  const args = ['-CAfile', file('ca.pem', authority.cert), '-untrusted', untrusted, '-attime', String(AT)];
  expect(() => openssl('verify', ...args, file('second.pem', second.cert))).toThrow(/invalid CA certificate/);
});

test('a name is a name, whatever characters it has', async () => {
  const authority = await makeAuthority({ commonName: '한국콜, O=not an organisation', validity: VALIDITY });
  const { cert } = await issueCertificate(authority, { commonName: '"a"+b=c\\', use: 'client' });
  expect(verify(authority, { cert, key: '' }, 'sslclient')).toBe('cert.pem: OK\n');
  const subject = openssl(
    'x509',
    '-noout',
    '-subject',
    '-nameopt',
    'multiline,utf8,-esc_msb',
    '-in',
    file('c.pem', authority.cert),
  );
  expect(subject).toBe('subject=\n    commonName                = 한국콜, O=not an organisation\n');
});
