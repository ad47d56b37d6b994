import type { Caller } from '../call.ts';
import type { Backend, Integration } from '../integration.ts';
import type { RequestHeaderRules } from '../request-headers.ts';
import { buildBackendRequest, renderRequestBody } from './request.ts';
import { buildAnswer } from './response.ts';

/** An integration whose request is made by mappings and a template, and whose answer by an integration response. */
export function createCustomIntegration<Target>(
  backend: Backend<Target>,
  rules: RequestHeaderRules,
  call: Caller,
): Integration {
  return {
    async answer(exchange, method) {
      const body = renderRequestBody(exchange, method);
      const request = buildBackendRequest(exchange, method, body, backend, rules);
      const response = await call(backend, request, exchange, method.integration.timeoutInMillis);
      return buildAnswer(exchange, method, response);
    },
  };
}
