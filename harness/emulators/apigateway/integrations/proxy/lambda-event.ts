import type { Exchange } from '../../data-plane/exchange.ts';
import { requestEvent } from '../../data-plane/request-event.ts';
import { convertRequestBody, type IsBinary } from '../content-handling.ts';

/** The event of a Lambda proxy integration, payload format 1.0. Maps without entries are null (recorded). */
export function proxyEvent(exchange: Exchange, isBinary: IsBinary) {
  const body = exchange.body.length === 0 ? null : convertRequestBody(exchange, isBinary, undefined);
  const encoded = body !== null && typeof body !== 'string';
  const event = requestEvent(exchange);
  return {
    ...event,
    headers: orNull(event.headers),
    multiValueHeaders: orNull(event.multiValueHeaders),
    queryStringParameters: orNull(event.queryStringParameters),
    multiValueQueryStringParameters: orNull(event.multiValueQueryStringParameters),
    pathParameters: orNull(event.pathParameters),
    stageVariables: orNull(event.stageVariables),
    body: encoded ? body.toString('base64') : body,
    isBase64Encoded: encoded,
  };
}

function orNull<T extends object>(map: T): T | null {
  return Object.keys(map).length === 0 ? null : map;
}
