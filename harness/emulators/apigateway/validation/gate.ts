import type { Exchange } from '../data-plane/exchange.ts';
import type { Gate } from '../data-plane/gates.ts';
import { badRequestBody, badRequestParameters } from '../data-plane/gateway-failure.ts';
import { mediaType } from '../data-plane/request.ts';
import type { Runtime } from '../data-plane/runtime.ts';
import type { Method } from '../store/model.ts';
import { ModelSet } from './models.ts';

/** Refuses a request without what its method requires, or with a body that is not of its model, if a validator says so. */
export function createValidationGate(): Gate {
  const sets = new WeakMap<Runtime, ModelSet>();

  return {
    pass(exchange, { method }, runtime) {
      const validator = runtime.snapshot.requestValidators.get(method.requestValidatorId ?? '');
      if (validator?.validateRequestParameters) checkParameters(exchange, method);
      if (validator?.validateRequestBody) checkBody(exchange, method, runtime);
    },
  };

  /** Without a model for the content type there is nothing to check (developer guide, "Request validation"). */
  function checkBody(exchange: Exchange, { requestModels = {} }: Readonly<Method>, runtime: Runtime): void {
    const contentType = exchange.headers.lastOfAnyCase('content-type') || 'application/json';
    const key = [contentType, mediaType(contentType), '$default'].find((type) => Object.hasOwn(requestModels, type));
    if (key === undefined) return;
    let models = sets.get(runtime);
    if (!models) {
      models = new ModelSet(runtime.snapshot.models);
      sets.set(runtime, models);
    }
    const problems = models.problems(requestModels[key] as string, exchange.bodyText);
    if (problems.length === 0) return;
    const details = `[${problems.join(', ')}]`;
    exchange.log?.error(
      `Request body does not match model schema for content type ${mediaType(contentType)}: ${details}`,
    );
    throw badRequestBody(details);
  }
}

function checkParameters(exchange: Exchange, { requestParameters = {} }: Readonly<Method>): void {
  const missing = Object.keys(requestParameters)
    .filter((parameter) => requestParameters[parameter])
    .sort()
    .map((parameter) => /^method\.request\.(header|path|querystring)\.(.+)$/.exec(parameter) ?? [])
    .filter(([, place, name = '']) => place !== undefined && !isGiven(exchange, place, name))
    .map(([, , name = '']) => name);
  if (missing.length === 0) return;
  const failure = badRequestParameters(missing);
  exchange.log?.error(failure.message);
  throw failure;
}

/** A header counts only in the spelling that the method has, as in mappings. A query parameter may be empty. */
function isGiven({ headers, query, pathParameters }: Exchange, place: string, name: string): boolean {
  if (place === 'header') return headers.has(name);
  if (place === 'querystring') return query.has(name);
  return Object.hasOwn(pathParameters, name);
}
