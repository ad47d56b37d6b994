import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { machine } from '../../../clock/index.ts';
import { clientCertOf } from './client-certificate.ts';
import { authorities, certify, SHA_1, type TestCertificate, WEAK_RSA } from './testing.ts';
import { Truststore } from './truststore.ts';

const NOW = Date.UTC(2022, 0, 27);
const DAY_MS = 24 * 60 * 60 * 1000;

const storeOf = (certificates: readonly TestCertificate[], now = NOW) =>
  new Truststore(certificates.map(({ pem }) => `what it is for\n${pem}`).join(''), now);

describe('a client is let in', () => {
  test('whose issuer and all above it are in the truststore, in any order', async () => {
    const chain = await authorities(4, NOW);
    const { x509 } = await certify('CN=device', NOW, { issuer: chain[3] as TestCertificate });
    expect(storeOf(chain).distrust(x509, NOW)).toBeUndefined();
    expect(storeOf(chain.toReversed()).distrust(x509, NOW)).toBeUndefined();
  });

  test('by any authority of the chain, not only the last', async () => {
    const chain = await authorities(3, NOW);
    for (const issuer of chain) {
      const { x509 } = await certify('CN=device', NOW, { issuer });
      expect(storeOf(chain).distrust(x509, NOW)).toBeUndefined();
    }
  });

  test('with a certificate of its own making that is in the truststore itself', async () => {
    const own = await certify('CN=device', NOW);
    expect(storeOf([own]).distrust(own.x509, NOW)).toBeUndefined();
  });

  test.each([['P-256'], ['P-384'], ['P-521']])('with a key of %s', async (namedCurve) => {
    const [issuer] = (await authorities(1, NOW)) as [TestCertificate];
    const { publicKey } = generateKeyPairSync('ec', { namedCurve });
    const { x509 } = await certify('CN=device', NOW, { issuer, publicKey });
    expect(storeOf([issuer]).distrust(x509, NOW)).toBeUndefined();
  });

  test('when one of two authorities of the same name and key is out of date', async () => {
    const [root] = (await authorities(1, NOW)) as [TestCertificate];
    const old = await certify(root.peculiar.subject, NOW, {
      ca: true,
      keys: root.keys,
      notAfter: new Date(NOW - 1000),
    });
    const { x509 } = await certify('CN=device', NOW, { issuer: root });
    expect(storeOf([old, root]).distrust(x509, NOW)).toBeUndefined();
    expect(storeOf([old]).distrust(x509, NOW)).toBe('certificate has expired');
  });
});

describe('a client is turned away', () => {
  test('that comes from somebody else', async () => {
    const issuer = await certify('CN=another root', NOW, { ca: true });
    const { x509 } = await certify('CN=device', NOW, { issuer });
    expect(storeOf(await authorities(1, NOW)).distrust(x509, NOW)).toBe('Could not find issuer for certificate');
  });

  test('when the truststore has its issuer and not the root, or the root and not its issuer', async () => {
    const [root, issuer] = (await authorities(2, NOW)) as [TestCertificate, TestCertificate];
    const { x509 } = await certify('CN=device', NOW, { issuer });
    expect(storeOf([issuer]).distrust(x509, NOW)).toBe('Could not find issuer for certificate');
    expect(storeOf([root]).distrust(x509, NOW)).toBe('Could not find issuer for certificate');
    expect(storeOf([root, issuer]).distrust(x509, NOW)).toBeUndefined();
  });

  test('below five authorities', async () => {
    const chain = await authorities(5, NOW);
    const { x509 } = await certify('CN=device', NOW, { issuer: chain[4] as TestCertificate });
    expect(storeOf(chain).distrust(x509, NOW)).toBe('certificate chain too long');
  });

  test('before its time and after it, at every moment by the clock', async () => {
    const chain = await authorities(1, NOW);
    const issuer = chain[0] as TestCertificate;
    const [notBefore, notAfter] = [new Date(NOW), new Date(NOW + 10_000)];
    const { x509 } = await certify('CN=device', NOW, { issuer, notBefore, notAfter });
    const store = storeOf(chain);
    expect([NOW - 1, NOW, NOW + 10_000, NOW + 10_001].map((now) => store.distrust(x509, now))).toEqual([
      'certificate is not yet valid',
      undefined,
      undefined,
      'certificate has expired',
    ]);
  });

  test('when an authority above it has had its time', async () => {
    const root = await certify('CN=root', NOW, { ca: true, notAfter: new Date(NOW + DAY_MS) });
    const { x509 } = await certify('CN=device', NOW, { issuer: root });
    const store = storeOf([root]);
    expect(store.distrust(x509, NOW)).toBeUndefined();
    expect(store.distrust(x509, NOW + 2 * DAY_MS)).toBe('certificate has expired');
  });

  test('that signed its certificate itself', async () => {
    const { x509 } = await certify('CN=device', NOW);
    expect(storeOf(await authorities(1, NOW)).distrust(x509, NOW)).toBe('self signed certificate');
  });

  test('that signed its certificate itself, in the name of an authority', async () => {
    const [root] = (await authorities(1, NOW)) as [TestCertificate];
    for (const ca of [false, true]) {
      const { x509 } = await certify(root.peculiar.subject, NOW, { ca });
      expect(x509.subject).toBe(root.x509.subject);
      expect(storeOf([root]).distrust(x509, NOW)).toBe('self signed certificate');
    }
  });

  test('whose certificate is signed by another client of the truststore', async () => {
    const chain = await authorities(1, NOW);
    const device = await certify('CN=device', NOW, { issuer: chain[0] as TestCertificate });
    const { x509 } = await certify('CN=child of a device', NOW, { issuer: device });
    expect(storeOf([...chain, device]).distrust(x509, NOW)).toBe('Could not find issuer for certificate');
  });

  test('whose certificate only names an authority as its issuer', async () => {
    const [root] = (await authorities(1, NOW)) as [TestCertificate];
    const impostor = await certify(root.peculiar.subject, NOW, { ca: true });
    const { x509 } = await certify('CN=device', NOW, { issuer: impostor });
    expect(storeOf([root]).distrust(x509, NOW)).toBe('Could not find issuer for certificate');
  });

  test.each([
    ['RSA of 1024 bits', WEAK_RSA],
    ['SHA-1', SHA_1],
  ])('with %s', async (_name, algorithm) => {
    const own = await certify('CN=device', NOW, { algorithm });
    expect(storeOf([own]).distrust(own.x509, NOW)).toBe('Client cert using an insecure Signature Algorithm');
  });

  test.each([
    ['P-192', () => generateKeyPairSync('ec', { namedCurve: 'P-192' })],
    ['P-224', () => generateKeyPairSync('ec', { namedCurve: 'P-224' })],
    ['Brainpool of 224 bits', () => generateKeyPairSync('ec', { namedCurve: 'brainpoolP224r1' })],
    // Their names do not tell their size as others do.
    ['WAP’s curve of 113 bits', () => generateKeyPairSync('ec', { namedCurve: 'wap-wsg-idm-ecid-wtls4' })],
    ['X9.62’s curve of 191 bits', () => generateKeyPairSync('ec', { namedCurve: 'c2tnb191v1' })],
    ['DSA', () => generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 })],
  ])('with a key of %s', async (_name, makeKeys) => {
    const [issuer] = (await authorities(1, NOW)) as [TestCertificate];
    const { x509 } = await certify('CN=device', NOW, { issuer, publicKey: makeKeys().publicKey });
    expect(storeOf([issuer]).distrust(x509, NOW)).toBe('Client cert using an insecure Signature Algorithm');
  });

  test.each([
    ['has a key of RSA of 1024 bits', WEAK_RSA],
    ['is signed with SHA-1', SHA_1],
  ])('when an authority above it %s', async (_name, algorithm) => {
    const root = await certify('CN=root', NOW, { ca: true, algorithm });
    const issuer = await certify('CN=issuer', NOW, { ca: true, issuer: root });
    const { x509 } = await certify('CN=device', NOW, { issuer });
    expect(storeOf([root, issuer]).distrust(x509, NOW)).toBe('Could not find issuer for certificate');
  });
});

describe('a truststore', () => {
  test('warns of certificates that will do no client any good, and is taken', async () => {
    const chain = await authorities(5, NOW);
    const expired = await certify('CN=old', NOW, { ca: true, notAfter: new Date(NOW - 1000) });
    const early = await certify('CN=young', NOW, { ca: true, notBefore: new Date(NOW + 1000) });
    const weak = await certify('CN=weak', NOW, { ca: true, algorithm: WEAK_RSA });
    const [, orphan] = await authorities(2, NOW);
    const broken = '-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n';
    const text = [...chain, expired, early, weak].map(({ pem }) => pem).join('') + broken;
    expect(new Truststore(text, NOW).warnings).toEqual([
      'Certificate 9 of the truststore does not meet X.509 syntax requirements',
      'Certificate with subject O=naetmul,CN=authority 4: certificate chain too long',
      'Certificate with subject CN=old: certificate has expired',
      'Certificate with subject CN=young: certificate is not yet valid',
      'Certificate with subject CN=weak: it uses an insecure algorithm',
    ]);
    expect(storeOf([orphan as TestCertificate]).warnings).toEqual([
      'Certificate with subject O=naetmul,CN=authority 1: Could not find issuer for certificate',
    ]);
    expect(storeOf(chain.slice(0, 4)).warnings).toEqual([]);
  });

  test.each([
    ['', 'Invalid truststore: it contains no certificate in PEM'],
    ['{"not": "PEM"}', 'Invalid truststore: it contains no certificate in PEM'],
    [
      '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n'.repeat(1001),
      'Invalid truststore: it contains 1001 certificates, more than the maximum of 1000',
    ],
  ])('is refused when it is none or too large (%#)', (text, message) => {
    expect(() => new Truststore(text, NOW)).toThrow(expect.objectContaining({ code: 'BadRequestException', message }));
  });
});

test('a truststore full of beginnings is refused without delay', () => {
  const text = '-----BEGIN CERTIFICATE-----\n'.repeat(37_000);
  const started = machine.monotonic();
  expect(() => new Truststore(text, NOW)).toThrow('Invalid truststore: it contains no certificate in PEM');
  expect(machine.monotonic() - started).toBeLessThan(1000);
});

test('what templates are told of a client is written as AWS writes it', async () => {
  const issuer = await certify('C=KR, O=naetmul, CN=root', NOW, { ca: true });
  const [notBefore, notAfter] = [new Date('2019-05-28T12:30:02Z'), new Date('2021-08-05T09:36:04Z')];
  const { x509, pem } = await certify('C=KR, O=gas, CN=device 1', NOW, { issuer, notBefore, notAfter });
  expect(clientCertOf(x509)).toEqual({
    clientCertPem: pem,
    subjectDN: 'C=KR,O=gas,CN=device 1',
    issuerDN: 'C=KR,O=naetmul,CN=root',
    serialNumber: expect.stringMatching(/^10:[0-9a-f]{2}$/),
    validity: { notBefore: 'May 28 12:30:02 2019 GMT', notAfter: 'Aug  5 09:36:04 2021 GMT' },
  });
});
