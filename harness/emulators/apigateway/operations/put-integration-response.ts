import { PutIntegrationResponse$, type PutIntegrationResponseRequest } from '@aws-sdk/client-api-gateway';
import type { IntegrationResponse } from '../store/model.ts';
import { integrationResponseShape } from '../store/shapes.ts';
import { findIntegration, findMethod, type MethodAddress } from '../store/store.ts';
import { checkContentHandling, checkTemplates, checkTexts, keepTemplates } from './integration-checks.ts';
import { checkParameters, checkPattern } from './integration-response-checks.ts';
import { operation } from './operation.ts';
import { checkStatusCode } from './status-code.ts';

export const putIntegrationResponse = operation(
  PutIntegrationResponse$,
  ({ store }, input: PutIntegrationResponseRequest, call) => {
    checkTexts(input.responseTemplates, input.responseParameters);
    const statusCode = checkStatusCode(input.statusCode);
    const integration = findIntegration(store, call, input as MethodAddress);
    const method = findMethod(store, call, input as MethodAddress);
    checkPattern(input.selectionPattern);
    checkParameters(input.responseParameters, method, statusCode);
    checkTemplates(input.responseTemplates);
    const response: IntegrationResponse = {
      statusCode,
      selectionPattern: input.selectionPattern,
      responseParameters: input.responseParameters,
      responseTemplates: keepTemplates(input.responseTemplates),
      contentHandling: checkContentHandling(input.contentHandling, 'putIntegrationResponseInput.contentHandling'),
    };
    integration.responses.set(statusCode, response);
    return integrationResponseShape(response);
  },
);
