import * as api from '@aws-sdk/client-iot';
import { machine } from '../../../clock/index.ts';
import { readCertificate } from '../certificates/read.ts';
import { errors } from '../errors.ts';
import type { Home } from '../registry/home.ts';
import type { Certificate } from '../registry/model.ts';
import { Violations } from '../violations.ts';
import { type OperationMaker, operation, type Parts } from './operation.ts';

const createKeysAndCertificate = operation(
  api.CreateKeysAndCertificate$,
  async (
    home,
    { setAsActive }: api.CreateKeysAndCertificateRequest,
    parts,
  ): Promise<api.CreateKeysAndCertificateResponse> => {
    const made = await (await parts.issuer()).keysAndCertificate(issuedAt(parts));
    const certificate = register(home, made.pem, setAsActive ? 'ACTIVE' : 'INACTIVE', 'DEFAULT', parts);
    return {
      ...shape(certificate),
      certificatePem: certificate.pem,
      keyPair: { PublicKey: made.publicKey, PrivateKey: made.privateKey },
    };
  },
);

const createCertificateFromCsr = operation(
  api.CreateCertificateFromCsr$,
  async (
    home,
    { certificateSigningRequest, setAsActive }: api.CreateCertificateFromCsrRequest,
    parts,
  ): Promise<api.CreateCertificateFromCsrResponse> => {
    const violations = new Violations();
    const request = violations.text('certificateSigningRequest', certificateSigningRequest, 4096);
    violations.raise();
    const pem = await (await parts.issuer()).fromRequest(request, issuedAt(parts));
    const certificate = register(home, pem, setAsActive ? 'ACTIVE' : 'INACTIVE', 'DEFAULT', parts);
    return { ...shape(certificate), certificatePem: certificate.pem };
  },
);

const registerCertificateWithoutCa = operation(
  api.RegisterCertificateWithoutCA$,
  (
    home,
    { certificatePem, status = 'INACTIVE' }: api.RegisterCertificateWithoutCARequest,
    parts,
  ): api.RegisterCertificateWithoutCAResponse => {
    const violations = new Violations();
    const pem = violations.text('certificatePem', certificatePem, 65_536, '[\\s\\S]*');
    violations.oneOf('status', status, Object.values(api.CertificateStatus));
    violations.raise();
    if (status !== 'ACTIVE' && status !== 'INACTIVE' && status !== 'REVOKED') {
      throw errors.invalid(`A certificate cannot be registered as ${status}.`);
    }
    return shape(register(home, pem, status, 'SNI_ONLY', parts));
  },
);

export const newCertificates: readonly OperationMaker[] = [
  createKeysAndCertificate,
  createCertificateFromCsr,
  registerCertificateWithoutCa,
];

/** TLS looks at certificates with the machine's clock, so that they must not begin in a virtual future. */
function issuedAt({ clock }: Parts): Date {
  return new Date(Math.min(clock.now(), machine.now()));
}

function register(
  home: Home,
  pem: string,
  status: api.CertificateStatus,
  mode: api.CertificateMode,
  { clock }: Parts,
): Certificate {
  const facts = readCertificate(pem);
  if (!facts) throw errors.invalidCertificate('The certificate is not valid.');
  const arn = home.arn(`cert/${facts.id}`);
  if (home.certificates.has(facts.id)) {
    throw errors.exists('The certificate is already provisioned or registered', facts.id, arn);
  }
  const now = clock.now();
  const certificate: Certificate = {
    ...facts,
    arn,
    mode,
    createdAt: now,
    status,
    modifiedAt: now,
    version: 1,
    policyNames: new Set(),
    thingNames: new Set(),
  };
  home.certificates.set(facts.id, certificate);
  return certificate;
}

function shape({ arn, id }: Certificate): { certificateArn: string; certificateId: string } {
  return { certificateArn: arn, certificateId: id };
}
