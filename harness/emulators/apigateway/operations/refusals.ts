import * as api from '@aws-sdk/client-api-gateway';
import type { Operation } from '../../../edge/emulator.ts';
import { notSupported } from '../errors.ts';

/** Operations of the API that the emulator does not have, so that they are refused by name. */
const REFUSED = [
  api.CreateDocumentationPart$,
  api.CreateDocumentationVersion$,
  api.CreateDomainNameAccessAssociation$,
  api.CreateVpcLink$,
  api.DeleteClientCertificate$,
  api.DeleteDocumentationPart$,
  api.DeleteDocumentationVersion$,
  api.DeleteDomainNameAccessAssociation$,
  api.DeleteVpcLink$,
  api.FlushStageCache$,
  api.GenerateClientCertificate$,
  api.GetClientCertificate$,
  api.GetClientCertificates$,
  api.GetDocumentationPart$,
  api.GetDocumentationParts$,
  api.GetDocumentationVersion$,
  api.GetDocumentationVersions$,
  api.GetDomainNameAccessAssociations$,
  api.GetSdk$,
  api.GetSdkType$,
  api.GetSdkTypes$,
  api.GetVpcLink$,
  api.GetVpcLinks$,
  api.ImportApiKeys$,
  api.ImportDocumentationParts$,
  api.RejectDomainNameAccessAssociation$,
  api.TestInvokeAuthorizer$,
  api.UpdateClientCertificate$,
  api.UpdateDocumentationPart$,
  api.UpdateDocumentationVersion$,
  api.UpdateVpcLink$,
];

export function makeRefusals(): Operation[] {
  return REFUSED.map((schema) => ({
    schema,
    run() {
      throw notSupported(`the operation ${schema[2]}`);
    },
  }));
}
