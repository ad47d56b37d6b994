import type { Exchange, GatewayAnswer } from '../../data-plane/exchange.ts';
import { configurationError } from '../../data-plane/gateway-failure.ts';
import type { MethodRuntime } from '../../data-plane/runtime.ts';
import { overridden, overriddenStatus } from '../../data-plane/templates.ts';
import { convertResponseBody } from '../content-handling.ts';
import { type BackendResponse, textOf } from '../integration.ts';
import { addResponseHeader, CUSTOM_RESPONSE, finishAnswer } from '../response-headers.ts';
import { chooseResponseTemplate, selectResponse } from './response-selection.ts';

/** Chooses the integration response, maps headers, renders the body. */
export function buildAnswer(exchange: Exchange, runtime: MethodRuntime, backend: BackendResponse): GatewayAnswer {
  const chosen = selectResponse(runtime.responses, selectionValue(runtime, backend), backend.status);
  const { response } = chosen;
  if (!runtime.method.responses.has(response.statusCode)) {
    throw configurationError(`Output mapping refers to an invalid method response: ${response.statusCode}`);
  }
  const mapped = new Map<string, string>();
  if (chosen.mappings.length > 0) {
    const scope = { ...exchange, bodyText: textOf(backend), backendHeaders: backend.headers };
    for (const { name, source } of chosen.mappings) {
      const value = source(scope);
      if (value !== undefined) mapped.set(name, typeof value === 'string' ? value : value.join(','));
    }
  }
  const template = chooseResponseTemplate(chosen.templates, exchange.headers.lastOfAnyCase('accept'));
  if (exchange.templateContext)
    exchange.templateContext.put('awsEndpointRequestId', exchange.context.awsEndpointRequestId);
  let body = convertResponseBody(backend, exchange, runtime.isBinary, response.contentHandling);
  if (template) {
    if (typeof body !== 'string') throw configurationError('Unable to transform response');
    body = template.template.render(exchange, body);
  }
  for (const [name, value] of overridden(exchange, 'responseOverride', 'header')) mapped.set(name, value);
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of mapped) addResponseHeader(headers, name, value, CUSTOM_RESPONSE);
  const status = overriddenStatus(exchange) ?? Number(response.statusCode);
  return finishAnswer(status, headers, body, template?.type === '$default' ? undefined : template?.type);
}

/** The status, or for a Lambda function its error's message; undefined when the function succeeded. */
function selectionValue({ target, integration }: MethodRuntime, backend: BackendResponse): string | undefined {
  const isLambda = target?.service === 'lambda' || /:lambda:path\//.test(integration.uri ?? '');
  if (!isLambda) return String(backend.status);
  if (backend.headers['x-amz-function-error'] === undefined) return undefined;
  return errorMessageOf(textOf(backend));
}

/** What a function's error says; the empty string when it is no text. */
export function errorMessageOf(payload: string): string {
  try {
    const { errorMessage } = JSON.parse(payload) as { errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : '';
  } catch {
    return '';
  }
}
