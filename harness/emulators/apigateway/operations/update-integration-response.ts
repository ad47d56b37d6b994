import { UpdateIntegrationResponse$, type UpdateIntegrationResponseRequest } from '@aws-sdk/client-api-gateway';
import { notFound } from '../errors.ts';
import { invalidPath, onlyReplace, patchEntry, readPatches } from '../patch.ts';
import type { IntegrationResponse } from '../store/model.ts';
import { integrationResponseShape } from '../store/shapes.ts';
import { findIntegration, findMethod, type MethodAddress } from '../store/store.ts';
import { checkContentHandling, checkTemplates } from './integration-checks.ts';
import { checkParameters, checkPattern } from './integration-response-checks.ts';
import { operation } from './operation.ts';
import { checkStatusCode } from './status-code.ts';

/** All patches are applied, or none. */
export const updateIntegrationResponse = operation(
  UpdateIntegrationResponse$,
  ({ store }, input: UpdateIntegrationResponseRequest, call) => {
    const statusCode = checkStatusCode(input.statusCode);
    const { responses } = findIntegration(store, call, input as MethodAddress);
    const known = responses.get(statusCode);
    if (!known) throw notFound('Invalid Response status code specified');
    const next: IntegrationResponse = { ...known };
    for (const patch of readPatches(input.patchOperations, 'updateIntegrationResponseInput')) {
      const { op, value = '' } = patch;
      const [member = '', key, ...rest] = patch.segments;
      const mapLike = member === 'responseParameters' || member === 'responseTemplates';
      if (mapLike ? key === undefined || rest.length > 0 : key !== undefined) throw invalidPath(patch);
      switch (member) {
        case 'responseParameters':
          next.responseParameters = patchEntry(next.responseParameters, key as string, op, value);
          break;
        case 'responseTemplates':
          next.responseTemplates = patchEntry(next.responseTemplates, key as string, op, value);
          break;
        case 'selectionPattern':
          onlyReplace(patch);
          next.selectionPattern = value;
          break;
        case 'contentHandling':
          next.contentHandling = checkContentHandling(op === 'remove' ? undefined : value, 'contentHandling');
          break;
        default:
          throw invalidPath(patch);
      }
    }
    checkPattern(next.selectionPattern);
    checkParameters(next.responseParameters, findMethod(store, call, input as MethodAddress), statusCode);
    checkTemplates(next.responseTemplates);
    responses.set(statusCode, next);
    return integrationResponseShape(next);
  },
);
