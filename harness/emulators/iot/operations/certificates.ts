import * as api from '@aws-sdk/client-iot';
import { errors } from '../errors.ts';
import { DEFAULT_PAGE } from '../limits.ts';
import { page } from '../page.ts';
import { Violations } from '../violations.ts';
import { type OperationMaker, operation } from './operation.ts';

/** Those that UpdateCertificate may set. Source: API reference, UpdateCertificate. */
const SETTABLE: readonly string[] = ['ACTIVE', 'INACTIVE', 'REVOKED'];

const describeCertificate = operation(
  api.DescribeCertificate$,
  (home, input: api.DescribeCertificateRequest): api.DescribeCertificateResponse => {
    const certificate = home.certificate(checkedId(input.certificateId));
    return {
      certificateDescription: {
        certificateArn: certificate.arn,
        certificateId: certificate.id,
        status: certificate.status,
        certificatePem: certificate.pem,
        ownedBy: home.accountId,
        creationDate: new Date(certificate.createdAt),
        lastModifiedDate: new Date(certificate.modifiedAt),
        customerVersion: certificate.version,
        transferData: {},
        validity: { ...certificate.validity },
        certificateMode: certificate.mode,
      },
    };
  },
);

const listCertificates = operation(
  api.ListCertificates$,
  (home, { pageSize, marker, ascendingOrder }: api.ListCertificatesRequest): api.ListCertificatesResponse => {
    const violations = new Violations();
    violations.range('pageSize', pageSize);
    violations.raise();
    // By the time they were made, the newest first unless asked otherwise.
    const all = [...home.certificates.values()];
    const { items, next } = page(ascendingOrder ? all : all.reverse(), marker, pageSize ?? DEFAULT_PAGE);
    return {
      certificates: items.map(({ arn, id, status, mode, createdAt }) => ({
        certificateArn: arn,
        certificateId: id,
        status,
        certificateMode: mode,
        creationDate: new Date(createdAt),
      })),
      ...(next && { nextMarker: next }),
    };
  },
);

const updateCertificate = operation(
  api.UpdateCertificate$,
  (home, input: api.UpdateCertificateRequest, { clock }): void => {
    const violations = new Violations();
    const id = violations.certificateId(input.certificateId);
    violations.oneOf('newStatus', input.newStatus, Object.values(api.CertificateStatus));
    violations.raise();
    const status = input.newStatus as api.CertificateStatus;
    if (!SETTABLE.includes(status)) throw errors.invalid(`A certificate's status cannot be set to ${status}.`);
    const certificate = home.certificate(id);
    if (certificate.status === status) return;
    certificate.status = status;
    certificate.modifiedAt = clock.now();
    certificate.version += 1;
  },
);

const deleteCertificate = operation(api.DeleteCertificate$, (home, input: api.DeleteCertificateRequest): void => {
  const { id, arn, status, thingNames, policyNames } = home.certificate(checkedId(input.certificateId));
  if (status === 'ACTIVE') {
    throw errors.certificateState('Certificate must be deactivated (not ACTIVE) before deletion.', id);
  }
  if (thingNames.size > 0) throw errors.deleteConflict(`Things must be detached before deletion (arn: ${arn})`);
  if (policyNames.size > 0 && !input.forceDelete) {
    throw errors.deleteConflict(`Certificate policies must be detached before deletion (arn: ${arn})`);
  }
  home.certificates.delete(id);
});

export const certificates: readonly OperationMaker[] = [
  describeCertificate,
  listCertificates,
  updateCertificate,
  deleteCertificate,
];

function checkedId(id: string | undefined): string {
  const violations = new Violations();
  const checked = violations.certificateId(id);
  violations.raise();
  return checked;
}
