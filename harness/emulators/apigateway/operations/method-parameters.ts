import { badRequest } from '../errors.ts';
import type { RestApi } from '../store/model.ts';

export const HTTP_METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'ANY'];

const REQUEST_PARAMETER = /^method\.request\.(?:header|querystring|path)\.\S+$/;
const RESPONSE_PARAMETER = /^method\.response\.header\.[^\s.]+$/;

export function checkModels(api: RestApi, models: Readonly<Record<string, string>> | undefined): void {
  for (const name of Object.values(models ?? {})) {
    if (!api.models.has(name)) throw badRequest(`Invalid model identifier specified: ${name}`);
  }
}

export function checkValidator(api: RestApi, id: string | undefined): void {
  if (id && !api.requestValidators.has(id)) throw badRequest('Invalid Request Validator identifier specified');
}

export function checkRequestParameters(parameters: Readonly<Record<string, boolean>> | undefined): void {
  const names = Object.keys(parameters ?? {});
  for (const name of names) if (!REQUEST_PARAMETER.test(name)) throw invalidExpression(name);
  const plain = names.map((name) => name.split('.').slice(3).join('.'));
  if (new Set(plain).size < plain.length) {
    throw badRequest('Parameter names must be unique across querystring, header and path');
  }
}

export function checkResponseParameters(parameters: Readonly<Record<string, boolean>> | undefined): void {
  for (const name of Object.keys(parameters ?? {})) if (!RESPONSE_PARAMETER.test(name)) throw invalidExpression(name);
}

export const invalidExpression = (expression: string, kind = '') =>
  badRequest(
    'Invalid mapping expression specified: Validation Result: warnings : [], errors : ' +
      `[Invalid mapping expression ${kind}specified: ${expression}]`,
  );
