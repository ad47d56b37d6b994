import { UpdateGatewayResponse$, type UpdateGatewayResponseRequest } from '@aws-sdk/client-api-gateway';
import { badRequest, notFound } from '../errors.ts';
import { invalidPath, type Patch, readPatches } from '../patch.ts';
import { DEFAULT_GATEWAY_TEMPLATES, gatewayResponseShape } from '../store/shapes.ts';
import { checkResponseType } from './gateway-response-type.ts';
import { operation } from './operation.ts';
import { checkStatusCode } from './status-code.ts';

/** All patches are applied, or none. One that was not set begins as AWS's own. */
export const updateGatewayResponse = operation(
  UpdateGatewayResponse$,
  ({ store }, input: UpdateGatewayResponseRequest, call) => {
    const type = checkResponseType(input.responseType);
    const api = store.api(call, input.restApiId);
    const patches = readPatches(input.patchOperations, 'updateGatewayResponseInput');
    const known = api.gatewayResponses.get(type);
    const next = {
      statusCode: known?.statusCode,
      responseParameters: { ...known?.responseParameters },
      responseTemplates: { ...(known?.responseTemplates ?? DEFAULT_GATEWAY_TEMPLATES) } as Record<string, string>,
    };
    for (const patch of patches) {
      const [member = '', key, ...rest] = patch.segments;
      if (member === 'statusCode' && key === undefined && patch.op === 'replace') {
        next.statusCode = checkStatusCode(patch.value);
      } else if ((member === 'responseParameters' || member === 'responseTemplates') && key && rest.length === 0) {
        patchEntry(next[member], member, key, patch);
      } else {
        throw invalidPath(patch);
      }
    }
    api.gatewayResponses.set(type, next);
    return gatewayResponseShape(type, next);
  },
);

function patchEntry(entries: Record<string, string>, member: string, key: string, { op, value }: Patch): void {
  if (op !== 'remove' && !value) throw badRequest(`Invalid null or empty value in ${member}`);
  if (op !== 'add' && !Object.hasOwn(entries, key)) throw notFound('Invalid parameter name specified');
  if (op === 'remove') delete entries[key];
  else entries[key] = value as string;
}
