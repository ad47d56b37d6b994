import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { issueCertificate, type KeyAndCertificate, makeAuthority, usualValidity } from '../../certificates/index.ts';
import { machine } from '../../clock/index.ts';
import { createHttpSender, type Destination } from './http.ts';

const BODY = Buffer.from('{"a":1}');

afterEach(() => void vi.restoreAllMocks());

async function listening(server: Server, address = '127.0.0.1'): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  onTestFinished(() => {
    if ('closeAllConnections' in server) (server.closeAllConnections as () => void)();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function sender(destination: Destination) {
  const http = createHttpSender(destination, 4);
  onTestFinished(() => http.close());
  return (timeoutMs = 5_000, signal?: AbortSignal) =>
    http.post({ body: BODY, headers: { 'content-type': 'application/json' }, timeoutMs, signal });
}

async function answering(listener: RequestListener, path = '/') {
  const port = await listening(createServer(listener));
  return sender({ url: `http://127.0.0.1:${port}${path}` });
}

describe('a post', () => {
  test('brings the body, its type and its length, and is told the request’s id', async () => {
    const seen: unknown[] = [];
    const post = await answering((request, response) => {
      request.setEncoding('utf8').on('data', (text) => {
        const { method, url, headers } = request;
        seen.push([method, url, headers['content-type'], headers['content-length'], text]);
        response.setHeader('x-amzn-RequestId', 'r-1').end('{}');
      });
    }, '/PROD/050?a=b');
    expect(await post()).toEqual({ status: 200, requestId: 'r-1' });
    expect(seen).toEqual([['POST', '/PROD/050?a=b', 'application/json', '7', '{"a":1}']]);
  });

  test('tells what a bad answer says, the beginning of a long one', async () => {
    const post = await answering((_, response) => response.writeHead(429).end(`${'x'.repeat(1_000)}`));
    expect(await post()).toEqual({ status: 429, why: 'x'.repeat(300) });
  });

  test('ends as a time-out where the answer does not come, or not all of it', async () => {
    const silent = await answering(() => undefined);
    expect(await silent(30)).toEqual({ outcome: 'timeout', why: 'no answer within 30 ms' });
    const cut = await answering((_, response) => response.writeHead(200, { 'content-length': 9 }).write('half'));
    expect(await cut(100)).toEqual({ outcome: 'timeout', why: 'no answer within 100 ms' });
  });

  test('ends as broken where the connection does, before the answer or within', async () => {
    const before = await answering((request) => request.socket.destroy());
    expect(await before()).toEqual({ outcome: 'broken', why: 'socket hang up (ECONNRESET)' });
    const within = await answering((request, response) => {
      response.writeHead(200, { 'content-length': 9 }).write('half', () => request.socket.destroy());
    });
    expect(await within()).toMatchObject({ outcome: 'broken' });
  });

  test('reaches nobody where nobody listens', async () => {
    const nobody = createServer();
    const closed = await listening(nobody);
    await new Promise((resolve) => nobody.close(resolve));
    expect(await sender({ url: `http://127.0.0.1:${closed}/` })()).toEqual({
      outcome: 'unreachable',
      why: `connect ECONNREFUSED 127.0.0.1:${closed}`,
    });
  });

  test('is given up at once when the play ends', async () => {
    const abort = new AbortController();
    const post = await answering(() => abort.abort());
    expect(await post(5_000, abort.signal)).toEqual({ outcome: 'broken', why: 'interrupted' });
    expect(await post(5_000, abort.signal)).toEqual({ outcome: 'unreachable', why: 'interrupted' });
  });

  test('goes to this machine where the name is one below localhost, under that name', async () => {
    const hosts: unknown[] = [];
    const server = createServer(({ headers }, response) => {
      hosts.push(headers.host);
      response.end();
    });
    const url = `http://a1.execute-api.localhost:${await listening(server)}/`;
    expect(await sender({ url })()).toEqual({ status: 200 });
    expect(hosts).toEqual([new URL(url).host]);
  });

  test.each([
    ['me:pass%3Aw%C3%B6rd@', 'me:pass:wörd'],
    ['me@', 'me:'],
    [':100%@', ':100%'],
    ['', undefined],
  ])('shows the user and password that the URL has: %s', async (credentials, plain) => {
    const seen: unknown[] = [];
    const server = createServer(({ headers }, response) => {
      seen.push(headers.authorization);
      response.end();
    });
    expect(await sender({ url: `http://${credentials}127.0.0.1:${await listening(server)}/` })()).toEqual({
      status: 200,
    });
    expect(seen).toEqual([plain && `Basic ${Buffer.from(plain).toString('base64')}`]);
  });

  test('uses connections again', async () => {
    const sockets = new Set<unknown>();
    const post = await answering((request, response) => {
      sockets.add(request.socket);
      response.end();
    });
    for (let round = 0; round < 5; round++) await post();
    expect(sockets.size).toBe(1);
  });
});

describe('mutual TLS', () => {
  let authority: KeyAndCertificate;
  let server: KeyAndCertificate;
  let client: KeyAndCertificate;
  let addressed: KeyAndCertificate;

  beforeAll(async () => {
    const validity = usualValidity(machine.now());
    authority = await makeAuthority({ commonName: 'test', validity, keyKind: 'ec' });
    const issue = (use: 'server' | 'client', names: readonly { type: 'dns' | 'ip'; value: string }[]) =>
      issueCertificate(authority, { commonName: use, use, names, validity, keyKind: 'ec' });
    server = await issue('server', [{ type: 'dns', value: 'hooks.example.com' }]);
    client = await issue('client', []);
    addressed = await issue('server', [
      { type: 'ip', value: '::1' },
      { type: 'ip', value: '127.0.0.1' },
    ]);
  });

  async function hooks(tls: NonNullable<Destination['tls']>) {
    const port = await listening(
      createTlsServer(
        { ...server, ca: authority.cert, requestCert: true, rejectUnauthorized: true },
        (request, response) => response.writeHead(request.headers.host === 'hooks.example.com' ? 200 : 421).end(),
      ),
    );
    return sender({ url: 'https://hooks.example.com/050', connectTo: { host: '127.0.0.1', port }, tls });
  }

  test('lets in who shows a certificate, at another address than the name leads to', async () => {
    expect(await (await hooks({ ca: authority.cert, ...client }))()).toEqual({ status: 200 });
  });

  test.for([
    ['[::1]', '::1'],
    ['127.0.0.1', '127.0.0.1'],
  ] as const)('gets to a server that has no name, only the address %s', async ([host, address], { skip }) => {
    const own = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address));
    skip(!own.includes(address), `This machine has no ${address}.`);
    const warnings = vi.spyOn(process, 'emitWarning');
    const names: unknown[] = [];
    const server = createTlsServer(addressed, ({ socket }, response) => {
      names.push((socket as TLSSocket).servername);
      response.end();
    });
    const port = await listening(server, address);
    const url = `https://${host}:${port}/`;
    expect(await sender({ url, tls: { ca: authority.cert } })()).toEqual({ status: 200 });
    expect([names, warnings.mock.calls]).toEqual([[false], []]);
    const another = { url: 'https://192.0.2.1/', connectTo: { host: address, port }, tls: { ca: authority.cert } };
    expect(await sender(another)()).toMatchObject({
      outcome: 'unreachable',
      why: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
    });
  });

  test('takes nothing from who shows none', async () => {
    expect(await (await hooks({ ca: authority.cert }))()).toMatchObject({ outcome: 'unreachable' });
  });

  test('is not begun with a server that nobody vouches for', async () => {
    expect(await (await hooks({ ...client }))()).toMatchObject({ outcome: 'unreachable' });
  });
});
