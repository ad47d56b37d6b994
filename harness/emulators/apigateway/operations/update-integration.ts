import { UpdateIntegration$, type UpdateIntegrationRequest } from '@aws-sdk/client-api-gateway';
import { notSupported } from '../errors.ts';
import { invalidPath, onlyReplace, patchEntry, readPatches } from '../patch.ts';
import type { Integration } from '../store/model.ts';
import { integrationShape } from '../store/shapes.ts';
import { findIntegration, findMethod, type MethodAddress } from '../store/store.ts';
import {
  checkContentHandling,
  checkMappings,
  checkPassthrough,
  checkTarget,
  checkTemplates,
  checkTimeout,
} from './integration-checks.ts';
import { operation } from './operation.ts';

const UNSUPPORTED = ['cacheKeyParameters', 'connectionType', 'connectionId', 'tlsConfig', 'responseTransferMode'];

/** All patches are applied, or none. */
export const updateIntegration = operation(UpdateIntegration$, ({ store }, input: UpdateIntegrationRequest, call) => {
  const next: Integration = { ...findIntegration(store, call, input as MethodAddress) };
  for (const patch of readPatches(input.patchOperations, 'updateIntegrationInput')) {
    const { op, value = '' } = patch;
    const [member = '', key, ...rest] = patch.segments;
    if (UNSUPPORTED.includes(member)) throw notSupported(`changing ${member} of an integration`);
    const mapLike = member === 'requestParameters' || member === 'requestTemplates';
    if (mapLike ? key === undefined || rest.length > 0 : key !== undefined) throw invalidPath(patch);
    if (!mapLike && member !== 'contentHandling') onlyReplace(patch);
    switch (member) {
      case 'requestParameters':
        next.requestParameters = patchEntry(next.requestParameters, key as string, op, value);
        break;
      case 'requestTemplates':
        next.requestTemplates = patchEntry(next.requestTemplates, key as string, op, value);
        break;
      case 'uri':
        next.uri = value;
        break;
      case 'httpMethod':
        next.httpMethod = value;
        break;
      case 'credentials':
        next.credentials = value || undefined;
        break;
      case 'passthroughBehavior':
        next.passthroughBehavior = checkPassthrough(value);
        break;
      case 'timeoutInMillis':
        next.timeoutInMillis = checkTimeout(Number(value));
        break;
      case 'contentHandling':
        next.contentHandling = checkContentHandling(op === 'remove' ? undefined : value, 'contentHandling');
        break;
      case 'cacheNamespace':
        next.cacheNamespace = value;
        break;
      default:
        throw invalidPath(patch);
    }
  }
  checkMappings(next.requestParameters);
  checkTemplates(next.requestTemplates);
  checkTarget(next.type, next.uri, next.httpMethod, next.credentials);
  findMethod(store, call, input as MethodAddress).integration = next;
  return integrationShape(next);
});
