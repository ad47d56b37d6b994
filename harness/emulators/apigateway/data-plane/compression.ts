import { promisify } from 'node:util';
import { deflate, gzip } from 'node:zlib';
import type { EdgeRequest } from '../../../edge/http.ts';
import type { GatewayAnswer } from './exchange.ts';

const CODERS = { gzip: promisify(gzip), deflate: promisify(deflate) } as const;

/**
 * An integration's answer as its caller wants it: compressed where the API compresses answers of this size, and the
 * caller's first choice is a coding that API Gateway has. One that is compressed already stays as it is (developer
 * guide, "Receive an API response with a compressed payload").
 *
 * @param minimumBytes the API's `minimumCompressionSize`; undefined where it compresses nothing
 */
export async function compress(
  answer: GatewayAnswer,
  request: EdgeRequest,
  minimumBytes: number | undefined,
): Promise<GatewayAnswer> {
  const { headers, body } = answer;
  if (minimumBytes === undefined || body.length === 0 || Buffer.byteLength(body) < minimumBytes) return answer;
  const coding = firstChoice(request.headers['accept-encoding']);
  const isCoded = Object.keys(headers).some((name) => name.toLowerCase() === 'content-encoding');
  if (isCoded || (coding !== 'gzip' && coding !== 'deflate')) return answer;
  return { ...answer, headers: { ...headers, 'Content-Encoding': coding }, body: await CODERS[coding](body) };
}

/** Of `gzip;q=0.5, deflate` it is `deflate`; of several that are as good, the first. */
function firstChoice(acceptEncoding: string | undefined): string | undefined {
  let best: { readonly coding: string; readonly quality: number } | undefined;
  for (const part of (acceptEncoding ?? '').split(',')) {
    const [coding = '', ...parameters] = part.split(';').map((one) => one.trim().toLowerCase());
    const given = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = given === undefined ? 1 : Number(given.slice(2));
    if (coding !== '' && quality > (best?.quality ?? 0)) best = { coding, quality };
  }
  return best?.coding;
}
