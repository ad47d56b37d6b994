import type { BackendResponse } from '../integrations/integration.ts';
import type { Exchange, GatewayAnswer } from './exchange.ts';
import { configurationError } from './gateway-failure.ts';
import { chooseResponseTemplate, selectResponse } from './response-selection.ts';
import type { MethodRuntime } from './runtime.ts';
import { overridden, overriddenStatus } from './templates.ts';

/** Response headers that API Gateway sets itself; a mapped one comes back under another name (apigateway.md). */
const REMAPPED = new Set(['connection', 'content-length', 'date', 'server', 'www-authenticate']);

/** Chooses the integration response, maps headers, renders the body. */
export function buildAnswer(exchange: Exchange, runtime: MethodRuntime, backend: BackendResponse): GatewayAnswer {
  const chosen = selectResponse(runtime.responses, selectionValue(runtime, backend), backend.status);
  const { response } = chosen;
  if (!runtime.method.responses.has(response.statusCode)) {
    throw configurationError(`Output mapping refers to an invalid method response: ${response.statusCode}`);
  }
  const text = textOf(backend);
  const mapped = new Map<string, string>();
  for (const { name, source } of chosen.mappings) {
    const value = source({ ...exchange, bodyText: text, backendHeaders: backend.headers });
    if (value !== undefined) mapped.set(name, typeof value === 'string' ? value : value.join(','));
  }
  const template = chooseResponseTemplate(chosen.templates, exchange.headers.lastOfAnyCase('accept'));
  if (exchange.templateContext)
    exchange.templateContext.put('awsEndpointRequestId', exchange.context.awsEndpointRequestId);
  const body = template ? template.template.render(exchange, text) : backend.body;
  for (const [name, value] of overridden(exchange, 'responseOverride', 'header')) mapped.set(name, value);
  const headers: Record<string, string> = {};
  for (const [name, value] of mapped) {
    headers[REMAPPED.has(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name] = value;
  }
  if (!Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')) {
    headers['Content-Type'] =
      template?.type === '$default' ? 'application/json' : (template?.type ?? 'application/json');
  }
  return { status: overriddenStatus(exchange) ?? Number(response.statusCode), headers, body };
}

/** The status, or for a Lambda function its error's message; undefined when the function succeeded. */
function selectionValue({ target, integration }: MethodRuntime, backend: BackendResponse): string | undefined {
  const isLambda = target?.service === 'lambda' || /:lambda:path\//.test(integration.uri ?? '');
  if (!isLambda) return String(backend.status);
  if (backend.headers['x-amz-function-error'] === undefined) return undefined;
  try {
    const { errorMessage } = JSON.parse(textOf(backend)) as { errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : '';
  } catch {
    return '';
  }
}

export const textOf = ({ body }: BackendResponse): string => (typeof body === 'string' ? body : body.toString('utf8'));
