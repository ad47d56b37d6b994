import type { Exchange } from '../data-plane/exchange.ts';
import { configurationError } from '../data-plane/gateway-failure.ts';
import type { ContentHandling } from '../store/model.ts';
import { readBase64 } from './base64.ts';
import type { BackendResponse } from './integration.ts';

/** True for a `Content-Type` or an `Accept` that the API takes for binary. */
export type IsBinary = (header: string | undefined) => boolean;

const NEVER: IsBinary = () => false;
/** What a request is taken for that says nothing. */
const DEFAULT_TYPE = 'application/json';

/**
 * Reads `binaryMediaTypes`. Only the first media type of a header counts, without its parameters (developer guide,
 * "Working with binary media types for REST APIs").
 */
export function compileBinaryTypes(binaryMediaTypes: ReadonlySet<string>): IsBinary {
  if (binaryMediaTypes.size === 0) return NEVER;
  const types = [...binaryMediaTypes].map((type) => type.split(';')[0]?.trim().toLowerCase() ?? '');
  const exact = new Set(types);
  const families = types.filter((type) => type.endsWith('/*') && type !== '*/*').map((type) => type.slice(0, -1));
  const all = exact.has('*/*') || exact.has('*');
  return (header) => {
    if (all) return true;
    const first =
      /^[^,;]*/
        .exec(header || DEFAULT_TYPE)?.[0]
        .trim()
        .toLowerCase() ?? '';
    return exact.has(first) || families.some((family) => first.startsWith(family));
  };
}

/**
 * What a template gets to see of a body, or the backend where there is none: text, or bytes as they are. The tables of
 * the developer guide, "Content type conversions in API Gateway".
 *
 * @throws GatewayFailure for text that should be base64 and is not
 */
export function convertBody(body: Buffer, from: 'text' | 'binary', to: 'text' | 'binary'): Buffer | string {
  if (from === to) return to === 'text' ? body.toString('utf8') : body;
  if (to === 'text') return body.toString('base64');
  const text = body.toString('latin1').trim();
  const bytes = readBase64(text);
  if (bytes === undefined) throw configurationError('Unable to base64 decode the body.');
  return bytes;
}

/** A body stays as the sender or the reader says that it is, unless `contentHandling` says otherwise. */
export function convertedTo(wantsBinary: boolean, handling: ContentHandling | undefined): 'text' | 'binary' {
  if (handling === undefined) return wantsBinary ? 'binary' : 'text';
  return handling === 'CONVERT_TO_BINARY' ? 'binary' : 'text';
}

/** A request's body as its integration gets it. */
export function convertRequestBody(
  { body, bodyText, headers }: Pick<Exchange, 'body' | 'bodyText' | 'headers'>,
  isBinary: IsBinary,
  handling: ContentHandling | undefined,
): Buffer | string {
  const binary = isBinary(headers.lastOfAnyCase('content-type'));
  const to = convertedTo(binary, handling);
  if (!binary && to === 'text') return bodyText;
  return convertBody(body, binary ? 'binary' : 'text', to);
}

/** A backend's body as the caller, or the template, gets it. An empty one is text, whatever its type. */
export function convertResponseBody(
  { body, headers }: BackendResponse,
  request: Exchange,
  isBinary: IsBinary,
  handling: ContentHandling | undefined,
): Buffer | string {
  if (body.length === 0) return '';
  const binary = isBinary(headers['content-type']);
  const to = convertedTo(isBinary(request.headers.lastOfAnyCase('accept')), handling);
  if (typeof body === 'string')
    return !binary && to === 'text' ? body : convertBody(Buffer.from(body), binary ? 'binary' : 'text', to);
  return convertBody(body, binary ? 'binary' : 'text', to);
}
