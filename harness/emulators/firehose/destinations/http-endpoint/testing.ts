import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { X509CertificateGenerator } from '@peculiar/x509';
import { machine } from '../../../../clock/index.ts';

/** What the endpoint was sent. */
export interface Sent {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly requestId: string;
  readonly timestamp: number;
  /** The records, decoded. */
  readonly records: readonly string[];
}

/** Answers a request; `nth` counts from 1. */
export type Respond = (response: ServerResponse, sent: Sent, nth: number) => void;

export interface Endpoint extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly Sent[];
}

/** A server that takes Firehose's requests, at a free port of this machine. */
export async function startEndpoint(respond: Respond = acknowledge, tls = false): Promise<Endpoint> {
  const requests: Sent[] = [];
  const server = tls ? createTlsServer(await credentials()) : createServer();
  server.on('request', async (request, response: ServerResponse) => {
    const isGzip = request.headers['content-encoding'] === 'gzip';
    const body = JSON.parse(await text(isGzip ? request.pipe(createGunzip()) : request));
    const { requestId, timestamp } = body;
    const records = body.records.map(({ data }: { data: string }) => Buffer.from(data, 'base64').toString());
    const sent = { path: request.url ?? '', headers: request.headers, requestId, timestamp, records };
    requests.push(sent);
    respond(response, sent, requests.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}/events?of=brook`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What AWS asks of an endpoint that has taken a request. */
export const acknowledge: Respond = (response, { requestId }) => answer(response, 200, { requestId, timestamp: 1 });

export function answer(response: ServerResponse, status: number, body: object): void {
  const content = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) });
  response.end(content);
}

async function credentials(): Promise<{ readonly cert: string; readonly key: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const now = machine.now();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=localhost',
    notBefore: new Date(now - 60_000),
    notAfter: new Date(now + 3_600_000),
    signingAlgorithm: algorithm,
    keys,
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`;
  return { cert: certificate.toString('pem'), key };
}
