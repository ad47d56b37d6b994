import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from './aws-error.ts';

/**
 * True for bodies that are cut into signed or checksummed chunks: `Content-Encoding: aws-chunked`, or a payload hash
 * that announces it (docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html).
 */
export function isAwsChunked(headers: IncomingHttpHeaders): boolean {
  const hash = headers['x-amz-content-sha256'];
  if (typeof hash === 'string' && hash.startsWith('STREAMING-')) return true;
  return (headers['content-encoding'] ?? '').split(',').some((coding) => coding.trim() === 'aws-chunked');
}

/** The content of an aws-chunked body. Chunk signatures and trailers are not checked. */
export function decodeAwsChunked(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const endOfLine = body.indexOf('\r\n', at);
    const size = endOfLine < 0 ? Number.NaN : Number.parseInt(body.toString('latin1', at, endOfLine), 16);
    const from = endOfLine + 2;
    if (Number.isNaN(size) || from + size > body.length) {
      throw new AwsError('IncompleteBody', 'The request body terminated unexpectedly');
    }
    if (size === 0) return Buffer.concat(parts);
    parts.push(body.subarray(from, from + size));
    at = from + size + 2;
  }
}
