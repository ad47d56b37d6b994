import { PutIntegrationResponse$, type PutIntegrationResponseRequest } from '@aws-sdk/client-api-gateway';
import { badRequest, notFound } from '../errors.ts';
import type { IntegrationResponse, Method } from '../store/model.ts';
import { integrationResponseShape } from '../store/shapes.ts';
import { findIntegration, findMethod, type MethodAddress } from '../store/store.ts';
import { checkContentHandling, checkTemplates, keepTemplates } from './integration-checks.ts';
import { invalidExpression } from './method-parameters.ts';
import { operation } from './operation.ts';
import { checkStatusCode } from './status-code.ts';

const TARGET = /^method\.response\.header\.[^\s.]+$/;
const SOURCE =
  /^(?:'.*'|integration\.response\.(?:header|multivalueheader)\.[^\s]+|integration\.response\.body(?:[.[].*)?|context\.[^\s]+|stageVariables\.[^\s]+)$/s;

export const putIntegrationResponse = operation(
  PutIntegrationResponse$,
  ({ store }, input: PutIntegrationResponseRequest, call) => {
    const statusCode = checkStatusCode(input.statusCode);
    const integration = findIntegration(store, call, input as MethodAddress);
    const method = findMethod(store, call, input as MethodAddress);
    if (!method.responses.has(statusCode)) throw notFound('Invalid Response status code specified');
    checkPattern(input.selectionPattern);
    checkParameters(input.responseParameters, method, statusCode);
    checkTemplates(input.responseTemplates);
    const response: IntegrationResponse = {
      statusCode,
      selectionPattern: input.selectionPattern,
      responseParameters: input.responseParameters,
      responseTemplates: keepTemplates(input.responseTemplates),
      contentHandling: checkContentHandling(input.contentHandling),
    };
    integration.responses.set(statusCode, response);
    return integrationResponseShape(response);
  },
);

function checkPattern(pattern: string | undefined): void {
  try {
    new RegExp(pattern ?? '');
  } catch {
    throw badRequest(`Invalid selection pattern specified: ${pattern}`);
  }
}

/** A header can be mapped only if the method response declares it. */
function checkParameters(
  parameters: Readonly<Record<string, string>> | undefined,
  method: Method,
  statusCode: string,
): void {
  const declared = method.responses.get(statusCode)?.responseParameters ?? {};
  for (const [target, source] of Object.entries(parameters ?? {})) {
    if (!TARGET.test(target) || !Object.hasOwn(declared, target)) throw invalidExpression(target, 'parameter ');
    if (!SOURCE.test(source)) throw invalidExpression(source);
  }
}
