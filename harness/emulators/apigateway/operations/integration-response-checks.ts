import { badRequest } from '../errors.ts';
import { compilePattern } from '../integrations/custom/response-selection.ts';
import type { Method } from '../store/model.ts';
import { invalidExpression } from './method-parameters.ts';

const TARGET = /^method\.response\.header\.[^\s.]+$/;
const SOURCE =
  /^(?:'.*'|integration\.response\.(?:header|multivalueheader)\.[^\s]+|integration\.response\.body(?:[.[].*)?|context\.[^\s]+|stageVariables\.[^\s]+)$/s;

export function checkPattern(pattern: string | undefined): void {
  try {
    compilePattern(pattern);
  } catch {
    throw badRequest(`Invalid selection pattern specified: ${pattern}`);
  }
}

/** A header can be mapped only if the method response declares it. */
export function checkParameters(
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
