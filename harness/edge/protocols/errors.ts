import type { IncomingHttpHeaders } from 'node:http';
import { cbor } from '@smithy/core/cbor';
import type { AwsError } from '../aws-error.ts';
import type { EdgeResponse } from '../http.ts';
import type { Route } from '../route.ts';
import { splitTarget } from '../route.ts';
import { CBOR_TYPE, speaksAwsCbor } from './cbor.ts';

/** How a caller wants to be told of an error. */
export type ErrorStyle = 'json' | 'rest-json' | 'query' | 'query-json' | 's3' | 'cbor' | 'aws-cbor';

const REST_KINDS: ReadonlySet<Route['kind']> = new Set(['control', 'execute-api', 'custom-domain', 'es-domain']);

/** What can be known of a caller's protocol from its request, for errors that the edge itself answers with. */
export function errorStyle(request: { target: string; headers: IncomingHttpHeaders }, route: Route): ErrorStyle {
  const { headers } = request;
  const contentType = headers['content-type'] ?? '';
  if (speaksAwsCbor(headers)) return 'aws-cbor';
  if (speaksCbor(headers)) return 'cbor';
  if (headers['x-amz-target'] !== undefined || contentType.startsWith('application/x-amz-json')) return 'json';
  if (REST_KINDS.has(route.kind)) return 'rest-json';
  if (route.kind === 'service' && route.service === 's3') return 's3';
  const isQuery = contentType.startsWith('application/x-www-form-urlencoded');
  if (isQuery || /(?:^|&)Action=/.test(splitTarget(request.target).query)) return 'query';
  return route.kind === 'service' && route.service === undefined ? 's3' : 'rest-json';
}

export function speaksCbor(headers: IncomingHttpHeaders): boolean {
  return headers['smithy-protocol'] === 'rpc-v2-cbor' || (headers['content-type'] ?? '').includes('cbor');
}

export function errorResponse(style: ErrorStyle, error: AwsError, requestId: string): EdgeResponse {
  const { code, message, status, members } = error;
  const headers: Record<string, string> = { 'x-amzn-RequestId': requestId };
  const answer = (contentType: string, body: string | Buffer): EdgeResponse => ({
    status,
    headers: { ...headers, 'Content-Type': contentType },
    body,
  });
  switch (style) {
    case 'json':
      return answer('application/x-amz-json-1.1', JSON.stringify({ __type: code, message, ...members }));
    case 'rest-json':
      headers['x-amzn-ErrorType'] = code;
      // Some services name the text `Message`; those give it as a member.
      return answer('application/json', JSON.stringify('Message' in members ? members : { ...members, message }));
    case 'cbor':
      headers['smithy-protocol'] = 'rpc-v2-cbor';
      return answer('application/cbor', Buffer.from(cbor.serialize({ __type: code, message })));
    case 'aws-cbor':
      return answer(CBOR_TYPE, Buffer.from(cbor.serialize({ __type: code, message, ...members })));
    case 'query':
      return answer(
        'text/xml',
        `<ErrorResponse><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${escapeXml(code)}</Code>` +
          `<Message>${escapeXml(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
      );
    case 'query-json': {
      const fault = status < 500 ? 'Sender' : 'Receiver';
      const told = { Error: { Code: code, Message: message, Type: fault }, RequestId: requestId };
      return answer('application/json', JSON.stringify(told));
    }
    case 's3':
      return answer(
        'application/xml',
        `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${escapeXml(code)}</Code>` +
          `<Message>${escapeXml(message)}</Message><RequestId>${requestId}</RequestId></Error>`,
      );
  }
}

/** A carriage return that stands for itself would be read as a line feed. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#xD;');
}
