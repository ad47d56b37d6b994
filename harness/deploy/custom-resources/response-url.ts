import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { machine } from '../../clock/index.ts';
import { MAX_RESPONSE_BYTES } from './response.ts';

/** For how long CloudFormation's address is good, seconds. Source: its requests of 2023. */
const EXPIRES_SECONDS = 7200;

/** An address for one answer, which can be put there without credentials. */
export interface ResponseUrl extends AsyncDisposable {
  readonly url: string;
  /** The first body that was put there, of one that is too long the beginning. Never rejects. */
  readonly answer: Promise<Buffer>;
  /** Why something that was sent there was not taken, newest last. */
  readonly refusals: readonly string[];
}

/**
 * Where CloudFormation has a bucket of S3 with a pre-signed address, this is a server on loopback for the one request.
 * Like S3 it takes `PUT` alone, at the whole address, and wants to know the length.
 */
export async function openResponseUrl(key: string, region: string): Promise<ResponseUrl> {
  const { promise: answer, resolve } = Promise.withResolvers<Buffer>();
  const refusals: string[] = [];
  const target = `/${encodeURIComponent(key)}?${signature(region)}`;
  const server = createServer((request, response) => {
    const refusal = refusalOf(request, target);
    if (refusal !== undefined) {
      refusals.push(`${request.method} was refused with ${refusal.status} ${refusal.code}: ${refusal.message}`);
      refuse(response, refusal);
      return;
    }
    void beginning(request).then((body) => {
      response.writeHead(200, { ETag: `"${createHash('md5').update(body).digest('hex')}"`, Connection: 'close' });
      response.end(() => resolve(body));
    });
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${target}`,
    answer,
    refusals,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function signature(region: string): string {
  const now = new Date(machine.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Date': now,
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Expires': String(EXPIRES_SECONDS),
    'X-Amz-Credential': `AKIAIOSFODNN7EXAMPLE/${now.slice(0, 8)}/${region}/s3/aws4_request`,
    // Nobody can guess it: what is put there comes from whoever got the request.
    'X-Amz-Signature': randomBytes(32).toString('hex'),
  }).toString();
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** In S3's words. */
function refusalOf({ method, url, headers }: IncomingMessage, target: string): Refusal | undefined {
  if (method !== 'PUT' || url !== target) {
    const message =
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
    return { status: 403, code: 'SignatureDoesNotMatch', message };
  }
  if (headers['transfer-encoding'] !== undefined) {
    const message = 'A header you provided implies functionality that is not implemented';
    return { status: 501, code: 'NotImplemented', message };
  }
  if (headers['content-length'] === undefined) {
    return { status: 411, code: 'MissingContentLength', message: 'You must provide the Content-Length HTTP header.' };
  }
  return undefined;
}

function refuse(response: ServerResponse, { status, code, message }: Refusal): void {
  response.writeHead(status, { 'Content-Type': 'application/xml', Connection: 'close' });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  );
}

/** All of a body that is not too long, and of another enough to see that it is. */
async function beginning(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (length <= MAX_RESPONSE_BYTES) chunks.push(chunk);
    length += chunk.length;
  }
  return Buffer.concat(chunks);
}
