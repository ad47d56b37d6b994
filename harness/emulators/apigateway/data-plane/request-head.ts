import type { DataPlaneRoute } from '../../../edge/emulator.ts';
import type { EdgeRequest, EdgeResponse } from '../../../edge/http.ts';
import type { Visit } from '../domain-names/visit.ts';
import { MAX_HEADER_BYTES, MAX_URL_LENGTH } from '../limits.ts';
import type { RestApi } from '../store/model.ts';

/** Of a header beside its name and value: `: ` and the line's end. */
const AROUND_HEADER = 4;

/**
 * The answer to a request whose head is too large; undefined for any other. What stands before the APIs gives it, in
 * plain text: such a request is in no log, no metric and no ledger.
 */
export function refuseHead(
  request: EdgeRequest,
  route: DataPlaneRoute,
  api: RestApi,
  visit: Visit | undefined,
): EdgeResponse | undefined {
  if (headerBytes(request) > MAX_HEADER_BYTES) {
    return refusal(431, `HTTP header is larger than ${MAX_HEADER_BYTES} bytes.`);
  }
  if (urlLength(route, api, visit) > MAX_URL_LENGTH[api.endpointType]) {
    // CloudFront stands before edge-optimised APIs and has a status of its own.
    return refusal(api.endpointType === 'EDGE' ? 413 : 414, 'Request URI too long');
  }
  return undefined;
}

function headerBytes({ rawHeaders }: EdgeRequest): number {
  let bytes = (rawHeaders.length / 2) * AROUND_HEADER;
  // Node reads headers as Latin-1: a character is a byte.
  for (const text of rawHeaders) bytes += text.length;
  return bytes;
}

/** Of the URL as AWS would have it, wherever the API is reached here. */
function urlLength({ stage, path, query }: DataPlaneRoute, api: RestApi, visit: Visit | undefined): number {
  const host = visit?.domainName ?? `${api.id}.execute-api.${api.region}.amazonaws.com`;
  const asked = visit?.path ?? `/${encodeURIComponent(stage)}${path}`;
  return `https://${host}${asked}`.length + (query === '' ? 0 : 1 + query.length);
}

const refusal = (status: number, body: string): EdgeResponse => ({
  status,
  headers: { 'Content-Type': 'text/plain' },
  body,
});
