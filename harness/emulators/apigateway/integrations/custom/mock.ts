import { configurationError } from '../../data-plane/gateway-failure.ts';
import { isJsonNumber, type Json, readJson } from '../../input/json-text.ts';
import type { Integration } from '../integration.ts';
import { renderRequestBody } from './request.ts';
import { buildAnswer } from './response.ts';

/**
 * MOCK answers with the status that the rendered request template names: `{"statusCode": 200}`, also written without
 * quotes (recorded). Anything else is a configuration error. The backend's body is empty.
 */
export function createMockIntegration(): Integration {
  return {
    async answer(exchange, method) {
      const rendered = renderRequestBody(exchange, method);
      const status = statusOf(typeof rendered === 'string' ? rendered : rendered.toString('utf8'));
      exchange.integrationStatus = status;
      return buildAnswer(exchange, method, { status, headers: {}, body: '' });
    },
  };
}

function statusOf(rendered: string): number {
  const code = statusCodeOf(rendered);
  const status = Number(isJsonNumber(code) ? code.rawJSON : code);
  if (Number.isInteger(status) && status >= 100 && status <= 599) return status;
  throw configurationError('Unable to parse statusCode. It should be an integer and defined in request template.');
}

function statusCodeOf(rendered: string): Json | undefined {
  try {
    const value = readJson(rendered);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
    return (value as { readonly [key: string]: Json }).statusCode;
  } catch {
    return undefined;
  }
}
