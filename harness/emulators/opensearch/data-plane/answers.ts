import type { EdgeResponse } from '../../../edge/http.ts';

/** What a domain answers by itself, before or instead of OpenSearch. */
export const answers = {
  forbidden: (user: string, action: string, isDenied: boolean) =>
    message(
      403,
      `User: ${user} is not authorized to perform: ${action} ` +
        (isDenied
          ? 'with an explicit deny in a resource-based policy'
          : `because no resource-based policy allows the ${action} action`),
    ),
  notAllowed: (path: string) => message(401, `Your request: '${path}' is not allowed.`),
  payloadNotAllowed: (path: string) => message(401, `Your request: '${path}' payload is not allowed.`),
  tooLarge: (limitBytes: number) => message(413, `Request size exceeded ${limitBytes} bytes`),
  unavailable: () => page(503, 'Service Unavailable'),
  badGateway: () => page(502, 'Bad Gateway'),
  /** In OpenSearch's own form, so that clients show the reason. */
  refused: (status: number, type: string, reason: string) =>
    json(status, { error: { root_cause: [{ type, reason }], type, reason }, status }),
  noSuchDomain: (name: string, region: string) =>
    message(404, `There is no domain ${name} in ${region}. On AWS, its name would not resolve.`),
} as const;

function message(status: number, text: string): EdgeResponse {
  return json(status, { Message: text });
}

function json(status: number, value: object): EdgeResponse {
  return { status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) };
}

function page(status: number, text: string): EdgeResponse {
  const body = `<html><body><b>Http/1.1 ${text}</b></body> </html>`;
  return { status, headers: { 'Content-Type': 'text/html' }, body };
}
