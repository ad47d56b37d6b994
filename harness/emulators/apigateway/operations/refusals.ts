import * as api from '@aws-sdk/client-api-gateway';
import type { Operation } from '../../../edge/emulator.ts';
import { notSupported } from '../errors.ts';

/** Operations of the API that the emulator does not have, so that they are refused by name. */
const REFUSED = [
  api.CreateBasePathMapping$,
  api.CreateDocumentationPart$,
  api.CreateDocumentationVersion$,
  api.CreateDomainName$,
  api.CreateDomainNameAccessAssociation$,
  api.CreateVpcLink$,
  api.DeleteBasePathMapping$,
  api.DeleteClientCertificate$,
  api.DeleteDocumentationPart$,
  api.DeleteDocumentationVersion$,
  api.DeleteDomainName$,
  api.DeleteDomainNameAccessAssociation$,
  api.DeleteVpcLink$,
  api.FlushStageCache$,
  api.GenerateClientCertificate$,
  api.GetBasePathMapping$,
  api.GetBasePathMappings$,
  api.GetClientCertificate$,
  api.GetClientCertificates$,
  api.GetDocumentationPart$,
  api.GetDocumentationParts$,
  api.GetDocumentationVersion$,
  api.GetDocumentationVersions$,
  api.GetDomainName$,
  api.GetDomainNameAccessAssociations$,
  api.GetDomainNames$,
  api.GetExport$,
  api.GetSdk$,
  api.GetSdkType$,
  api.GetSdkTypes$,
  api.GetVpcLink$,
  api.GetVpcLinks$,
  api.ImportApiKeys$,
  api.ImportDocumentationParts$,
  api.ImportRestApi$,
  api.PutRestApi$,
  api.RejectDomainNameAccessAssociation$,
  api.TestInvokeAuthorizer$,
  api.TestInvokeMethod$,
  api.UpdateBasePathMapping$,
  api.UpdateClientCertificate$,
  api.UpdateDeployment$,
  api.UpdateDocumentationPart$,
  api.UpdateDocumentationVersion$,
  api.UpdateDomainName$,
  api.UpdateMethodResponse$,
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
