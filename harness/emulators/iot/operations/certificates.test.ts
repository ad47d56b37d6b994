import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, createSign, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreateCertificateFromCsrCommand,
  CreateKeysAndCertificateCommand,
  CreatePolicyCommand,
  CreateThingCommand,
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  DetachThingPrincipalCommand,
  ListCertificatesCommand,
  RegisterCertificateWithoutCACommand,
  UpdateCertificateCommand,
} from '@aws-sdk/client-iot';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ALLOW_ALL, type IotBench, iotBench } from '../testing.ts';

let bench: IotBench;
let folder: string;

beforeEach(async () => {
  bench = await iotBench();
  folder = mkdtempSync(join(tmpdir(), 'naetmul-csr-'));
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  await bench[Symbol.asyncDispose]();
});

const create = (setAsActive = true) => bench.iot.send(new CreateKeysAndCertificateCommand({ setAsActive }));
const fromCsr = (certificateSigningRequest: string) =>
  bench.iot.send(new CreateCertificateFromCsrCommand({ certificateSigningRequest, setAsActive: true }));
const remove = (certificateId = '', forceDelete = false) =>
  bench.iot.send(new DeleteCertificateCommand({ certificateId, forceDelete }));
const setStatus = (certificateId: string | undefined, newStatus: 'ACTIVE' | 'INACTIVE' | 'PENDING_TRANSFER') =>
  bench.iot.send(new UpdateCertificateCommand({ certificateId, newStatus }));

/** A certificate signing request as OpenSSL makes it. */
function csr(...key: string[]): string {
  const args = ['req', '-new', '-nodes', '-subj', '/O=Naetmul/CN=pi-7', '-keyout', join(folder, 'key.pem')];
  return execFileSync('openssl', [...args, ...key], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
}

function selfSigned(): string {
  return csr('-newkey', 'rsa:2048', '-x509', '-days', '30');
}

test('a key pair and its certificate are as AWS makes them', async () => {
  const made = await create();
  const certificate = new X509Certificate(made.certificatePem ?? '');
  expect(certificate.subject).toBe('CN=AWS IoT Certificate');
  expect(certificate.validToDate.toISOString()).toBe('2049-12-31T23:59:59.000Z');
  expect(certificate.ca).toBe(false);
  const id = createHash('sha256').update(certificate.raw).digest('hex');
  expect(made.certificateId).toBe(id);
  expect(made.certificateArn).toBe(`arn:aws:iot:us-east-1:000000000000:cert/${id}`);
  const { PrivateKey = '', PublicKey = '' } = made.keyPair ?? {};
  expect(PrivateKey).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
  const key = createPrivateKey(PrivateKey);
  expect(key.asymmetricKeyDetails?.modulusLength).toBe(2048);
  expect(certificate.checkPrivateKey(key)).toBe(true);
  expect(certificate.publicKey.export({ type: 'spki', format: 'pem' })).toBe(PublicKey);
  expect(createSign('sha256').update('냇물').sign(key)).toHaveLength(256);
});

test('a certificate signing request keeps its key and its subject', async () => {
  const made = await fromCsr(csr('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'));
  const certificate = new X509Certificate(made.certificatePem ?? '');
  expect(certificate.subject).toBe('O=Naetmul\nCN=pi-7');
  expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  expect(bench.registry.principalOf(certificate.raw)?.commonName).toBe('pi-7');
  const again = await fromCsr(csr('-newkey', 'rsa:2048'));
  expect(again.certificateId).not.toBe(made.certificateId);
});

test('a weak key, a damaged request and what is none are refused', async () => {
  const message = 'The certificate signing request is not valid.';
  await expect(fromCsr(csr('-newkey', 'rsa:1024'))).rejects.toMatchObject({ name: 'InvalidRequestException', message });
  await expect(fromCsr('-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----')).rejects.toThrow(
    message,
  );
  const lines = csr('-newkey', 'rsa:2048').split('\n');
  const signature = lines.at(-3) ?? '';
  lines[lines.length - 3] = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
  await expect(fromCsr(lines.join('\n'))).rejects.toThrow(message);
});

test('a certificate of anybody is registered, once', async () => {
  const certificatePem = selfSigned();
  const register = () => bench.iot.send(new RegisterCertificateWithoutCACommand({ certificatePem, status: 'ACTIVE' }));
  const { certificateId } = await register();
  const { raw } = new X509Certificate(certificatePem);
  expect(certificateId).toBe(createHash('sha256').update(raw).digest('hex'));
  expect(bench.registry.principalOf(raw)).toMatchObject({ certificateId, commonName: 'pi-7' });
  await expect(register()).rejects.toMatchObject({
    name: 'ResourceAlreadyExistsException',
    message: 'The certificate is already provisioned or registered',
    resourceId: certificateId,
  });
  await expect(
    bench.iot.send(new RegisterCertificateWithoutCACommand({ certificatePem: 'no certificate' })),
  ).rejects.toMatchObject({ name: 'CertificateValidationException' });
});

test('only an active certificate is known to the broker, which hears of each change', async () => {
  let changes = 0;
  const off = bench.registry.onChange(() => {
    changes += 1;
  });
  const { certificateId, certificatePem = '' } = await create(false);
  const { raw } = new X509Certificate(certificatePem);
  expect(bench.registry.principalOf(raw)).toBeUndefined();
  await setStatus(certificateId, 'ACTIVE');
  expect(bench.registry.principalOf(raw)?.arn).toContain(certificateId);
  await setStatus(certificateId, 'INACTIVE');
  expect(bench.registry.principalOf(raw)).toBeUndefined();
  await bench.iot.send(new ListCertificatesCommand({}));
  expect(changes).toBe(3);
  off();
  await create();
  expect(changes).toBe(3);
  await expect(setStatus(certificateId, 'PENDING_TRANSFER')).rejects.toThrow(
    "A certificate's status cannot be set to PENDING_TRANSFER.",
  );
});

test('descriptions carry dates of the clock', async () => {
  const noon = Date.UTC(2022, 0, 27, 12);
  await bench.clock.travelTo(noon);
  const { certificateId } = await create(false);
  await bench.clock.advance(60_000);
  await setStatus(certificateId, 'ACTIVE');
  const { certificateDescription } = await bench.iot.send(new DescribeCertificateCommand({ certificateId }));
  expect(certificateDescription).toMatchObject({
    certificateId,
    status: 'ACTIVE',
    ownedBy: '000000000000',
    creationDate: new Date(noon),
    lastModifiedDate: new Date(noon + 60_000),
    customerVersion: 2,
    certificateMode: 'DEFAULT',
    validity: { notBefore: new Date(noon), notAfter: new Date('2049-12-31T23:59:59Z') },
  });
  const newer = await create();
  const listed = await bench.iot.send(new ListCertificatesCommand({}));
  expect(listed.certificates?.map((one) => one.certificateId)).toEqual([newer.certificateId, certificateId]);
  const oldestFirst = await bench.iot.send(new ListCertificatesCommand({ ascendingOrder: true, pageSize: 1 }));
  expect(oldestFirst).toMatchObject({ certificates: [{ certificateId }], nextMarker: expect.any(String) });
});

test('a certificate does not begin in a virtual future, where TLS would refuse it', async () => {
  await bench.clock.travelTo(Date.UTC(2040, 0, 1));
  const { certificatePem = '' } = await create();
  expect(new X509Certificate(certificatePem).validFromDate.getUTCFullYear()).toBeLessThan(2040);
});

test('what is in use cannot be deleted', async () => {
  const { certificateId = '', certificateArn = '' } = await create();
  await bench.iot.send(new CreatePolicyCommand({ policyName: 'p', policyDocument: ALLOW_ALL }));
  await bench.iot.send(new CreateThingCommand({ thingName: 'pi-1' }));
  const attachment = { thingName: 'pi-1', principal: certificateArn };
  await bench.iot.send(new AttachPolicyCommand({ policyName: 'p', target: certificateArn }));
  await bench.iot.send(new AttachThingPrincipalCommand(attachment));
  await expect(remove(certificateId, true)).rejects.toMatchObject({
    name: 'CertificateStateException',
    message: `Certificate must be deactivated (not ACTIVE) before deletion. Id: ${certificateId}`,
    $metadata: { httpStatusCode: 406 },
  });
  await setStatus(certificateId, 'INACTIVE');
  await expect(remove(certificateId, true)).rejects.toMatchObject({
    name: 'DeleteConflictException',
    message: `Things must be detached before deletion (arn: ${certificateArn})`,
    $metadata: { httpStatusCode: 409 },
  });
  await bench.iot.send(new DetachThingPrincipalCommand(attachment));
  await expect(remove(certificateId)).rejects.toThrow(
    `Certificate policies must be detached before deletion (arn: ${certificateArn})`,
  );
  await remove(certificateId, true);
  await expect(remove(certificateId)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(remove('abc')).rejects.toThrow(
    "Value 'abc' at 'certificateId' failed to satisfy constraint: Member must have length greater than or equal to 64",
  );
});
