import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { parseInstant } from '../clock/index.ts';
import { readAll } from './body.ts';
import type { PassedOutcome } from './index.ts';
import { testEdge } from './testing.ts';

interface Upstream extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

/** A small HTTP server in LocalStack's place, to see exactly what is sent on. */
async function upstreamOf(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<Upstream> {
  return await serve(http.createServer(handle));
}

async function serve(server: net.Server): Promise<Upstream> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Sends text to a port and collects what comes back until the other side ends, or `enough` says so. */
async function raw(port: number, text: string, enough: (seen: string) => boolean = () => false): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  let seen = '';
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.on('data', (chunk) => {
    seen += chunk.toString('latin1');
    if (enough(seen)) resolve();
  });
  socket.on('error', () => resolve()).once('close', () => resolve());
  socket.write(text);
  await promise;
  socket.destroy();
  return seen;
}

const portOf = (url: string) => Number(new URL(url).port);

describe('a request', () => {
  test('arrives with its headers in their order, spelling and number, without those of the connection', async () => {
    let seen: { line: string; headers: string[]; body: string } | undefined;
    await using upstream = await upstreamOf(async (request, response) => {
      const body = (await readAll(request)).toString();
      seen = { line: `${request.method} ${request.url}`, headers: request.rawHeaders, body };
      response.end('ok');
    });
    await using bench = await testEdge({ upstream: () => upstream.url });
    await raw(
      portOf(bench.url),
      'PUT /a%20b//c?x=1&x=%2F HTTP/1.1\r\nhOsT: bucket.s3.amazonaws.com:4566\r\nX-Amz-Meta-B: 2\r\nx-amz-meta-a: 1\r\n' +
        'X-Amz-Meta-B: 3\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nTE: trailers\r\nX-Naetmul-Cause: 7\r\nContent-Length: 5\r\n\r\nhello',
    );
    expect(seen?.line).toBe('PUT /a%20b//c?x=1&x=%2F');
    expect(seen?.headers.slice(0, 10)).toEqual([
      ...['hOsT', 'bucket.s3.amazonaws.com:4566', 'X-Amz-Meta-B', '2', 'x-amz-meta-a', '1', 'X-Amz-Meta-B', '3'],
      ...['Content-Length', '5'],
    ]);
    expect(seen?.headers.slice(10)).toEqual(['Connection', 'keep-alive']);
    expect(seen?.body).toBe('hello');
  });

  test('in chunks stays in chunks; without a body it says so', async () => {
    const seen: (string | undefined)[][] = [];
    await using upstream = await upstreamOf(async (request, response) => {
      const body = (await readAll(request)).toString();
      seen.push([request.headers['transfer-encoding'], request.headers['content-length'], body]);
      response.end();
    });
    await using bench = await testEdge({ upstream: () => upstream.url });
    const head = 'POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n';
    await raw(portOf(bench.url), `${head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`);
    await raw(portOf(bench.url), `${head}\r\n`);
    expect(seen).toEqual([
      ['chunked', undefined, 'abcde'],
      [undefined, '0', ''],
    ]);
  });

  test('that expects to be told to go on is told so by the edge', async () => {
    await using upstream = await upstreamOf(async (request, response) => {
      response.end(`${request.headers.expect} ${await readAll(request)}`);
    });
    await using bench = await testEdge({ upstream: () => upstream.url });
    const request = http.request(`${bench.url}/bucket/key`, {
      method: 'PUT',
      headers: { Expect: '100-continue', 'Content-Length': 4 },
    });
    request.flushHeaders();
    await once(request, 'continue');
    request.end('body');
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect((await readAll(response)).toString()).toBe('undefined body');
  });

  test('that its client gives up is given up towards LocalStack too', async () => {
    const gone = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    await using upstream = await upstreamOf((request) => {
      request.resume();
      request.once('close', () => gone.resolve());
      arrived.resolve();
    });
    await using bench = await testEdge({ upstream: () => upstream.url });
    const client = net.connect(portOf(bench.url), '127.0.0.1');
    client.write('PUT /b/k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nonly this');
    await arrived.promise;
    client.destroy();
    await gone.promise;
    await bench.clock.settled();
    expect(bench.clock.diagnostics().locks).toEqual([]);
    expect(bench.logged).toEqual([]);
  });

  test('whose client gives up after sending it all is followed to its end by an observer', async () => {
    const arrived = Promise.withResolvers<ServerResponse>();
    await using upstream = await upstreamOf(async (request, response) => {
      await readAll(request);
      arrived.resolve(response);
    });
    await using bench = await testEdge({ upstream: () => upstream.url });
    const seen = Promise.withResolvers<PassedOutcome>();
    const observe = (_call: unknown, outcome: PassedOutcome) => seen.resolve(outcome);
    bench.edge.onPassThrough({ matches: () => true, requestBytes: 100, responseBytes: 100, observe });
    const noticed = Promise.withResolvers<void>();
    bench.edge.use((request, _subject, next) => {
      request.signal.addEventListener('abort', () => noticed.resolve());
      return next(request);
    });
    const client = net.connect(portOf(bench.url), '127.0.0.1');
    client.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody');
    const response = await arrived.promise;
    client.destroy();
    await noticed.promise;
    response.end('done');
    expect(await seen.promise).toMatchObject({
      kind: 'answered',
      requestBody: Buffer.from('body'),
      responseBody: Buffer.from('done'),
    });
  });

  test('too large for an observer streams through, and is not shown', async () => {
    await using upstream = await upstreamOf(async (request, response) => {
      const body = await readAll(request);
      response.writeHead(200, { 'Content-Length': body.length }).end(body);
    });
    await using bench = await testEdge({ upstream: () => upstream.url });
    const outcomes: PassedOutcome[] = [];
    const observe = (_call: unknown, outcome: PassedOutcome) => void outcomes.push(outcome);
    const off = bench.edge.onPassThrough({ matches: () => true, requestBytes: 10, responseBytes: 10, observe });
    const post = async (body: string) => (await fetch(bench.url, { method: 'POST', body })).text();
    expect(await post('x'.repeat(11))).toBe('x'.repeat(11));
    expect(outcomes).toMatchObject([{ kind: 'answered', requestBody: undefined, responseBody: undefined }]);
    off();
    await post('unseen');
    expect(outcomes).toHaveLength(1);
  });

  test('of IAM waits until LocalStack has answered the one before; others need not', async () => {
    const waiting: ServerResponse[] = [];
    let highest = 0;
    await using upstream = await upstreamOf(async (request, response) => {
      await readAll(request);
      if (request.headers.authorization?.includes('/iam/')) {
        highest = Math.max(highest, waiting.push(response));
      } else {
        response.end('ok');
        waiting.shift()?.end('ok');
      }
    });
    await using bench = await testEdge({ upstream: () => upstream.url });
    const ask = async (service: string) => {
      const scope = `Credential=test/20220127/us-east-1/${service}/aws4_request`;
      const authorization = `Authorization: AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0`;
      const head = 'POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n';
      return (await raw(portOf(bench.url), `${head}${authorization}\r\n\r\n`)).slice(0, 15);
    };
    let answered = 0;
    const calls = [1, 2, 3].map(async () => {
      expect(await ask('iam')).toBe('HTTP/1.1 200 OK');
      answered++;
    });
    while (answered < calls.length) expect(await ask('sts')).toBe('HTTP/1.1 200 OK');
    await Promise.all(calls);
    expect(highest).toBe(1);
  });

  test('that is answered before it is complete gets its answer', async () => {
    await using upstream = await upstreamOf((_request, response) => {
      response.writeHead(413).end('too large');
    });
    await using bench = await testEdge({ upstream: () => upstream.url });
    const response = await fetch(`${bench.url}/b/k`, { method: 'PUT', body: Buffer.alloc(8_000_000) });
    expect([response.status, await response.text()]).toEqual([413, 'too large']);
  });
});

describe('an answer', () => {
  test('keeps its headers in their order, spelling and number, and has the clock’s Date', async () => {
    await using upstream = await upstreamOf((_request, response) => {
      response.sendDate = false;
      const headers = ['ETag', '"1"', 'Date', 'Thu, 01 Jan 1970 00:00:00 GMT', 'set-cookie', 'a', 'Set-Cookie', 'b'];
      response.writeHead(200, [...headers, 'content-LENGTH', '2']).end('ok');
    });
    await using bench = await testEdge({ upstream: () => upstream.url });
    await bench.clock.travelTo(parseInstant('2022-01-27T05:48:25Z'));
    const seen = await raw(portOf(bench.url), 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    expect(seen).toBe(
      'HTTP/1.1 200 OK\r\nETag: "1"\r\nDate: Thu, 27 Jan 2022 05:48:25 GMT\r\nset-cookie: a\r\nSet-Cookie: b\r\n' +
        'content-LENGTH: 2\r\nConnection: close\r\n\r\nok',
    );
  });

  test.each([
    ['HEAD', 200, { 'Content-Length': '1234' }],
    ['GET', 304, { ETag: '"1"' }],
    ['DELETE', 204, {}],
  ])('to %s with status %i has no body', async (method, status, headers) => {
    await using upstream = await upstreamOf((_request, response) => response.writeHead(status, headers).end());
    await using bench = await testEdge({ upstream: () => upstream.url });
    const seen = await raw(
      portOf(bench.url),
      `${method} / HTTP/1.1\r\nHost: localhost\r\n\r\nGET /_naetmul/next HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    const [first = '', second = ''] = seen.split('\r\n\r\n');
    expect(first).toContain(`HTTP/1.1 ${status} `);
    for (const [name, value] of Object.entries(headers)) expect(first).toContain(`${name}: ${value}`);
    expect(second).toMatch(/^HTTP\/1.1 404 /);
  });

  test.each([
    'Content-Length: 1000\r\n\r\nonly this',
    'Transfer-Encoding: chunked\r\n\r\n5\r\nonly \r\n',
  ])('that breaks off breaks off for the client too: %j', async (rest) => {
    await using upstream = await serve(
      net.createServer((socket) => {
        socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\n${rest}`, () => socket.end()));
      }),
    );
    await using bench = await testEdge({ upstream: () => upstream.url });
    const reading = fetch(`${bench.url}/b/k`).then((response) => response.text());
    await expect(reading).rejects.toThrow();
  });

  test('that never comes is a 502 that says what may have happened', async () => {
    await using upstream = await upstreamOf((request) => request.socket.destroy());
    await using bench = await testEdge({ upstream: () => upstream.url });
    const response = await fetch(`${bench.url}/b/k`);
    expect(response.status).toBe(502);
    expect(await response.text()).toContain(
      'LocalStack closed the connection before it answered (socket hang up); the request may have been done.',
    );
  });

  test.each([
    ['no address', () => undefined],
    ['a dead address', () => 'http://127.0.0.1:1'],
  ])('while LocalStack is away (%s) is a 503 in the caller’s protocol', async (_name, upstream) => {
    await using bench = await testEdge({ upstream });
    const authorization = (service: string) =>
      `AWS4-HMAC-SHA256 Credential=test/20220127/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
    const ask = async (service: string, headers: Record<string, string> = {}) => {
      const response = await fetch(bench.url, {
        method: 'POST',
        headers: { authorization: authorization(service), ...headers },
      });
      expect(response.status).toBe(503);
      return await response.text();
    };
    const message = (service: string) => `LocalStack is not running, so requests to ${service} cannot be answered now.`;
    expect(JSON.parse(await ask('kinesis', { 'x-amz-target': 'Kinesis_20131202.PutRecord' }))).toEqual({
      __type: 'ServiceUnavailable',
      message: message('kinesis'),
    });
    expect(await ask('s3')).toContain(`<Error><Code>ServiceUnavailable</Code><Message>${message('s3')}</Message>`);
    expect(await ask('iam', { 'content-type': 'application/x-www-form-urlencoded' })).toContain(
      `<ErrorResponse><Error><Type>Receiver</Type><Code>ServiceUnavailable</Code><Message>${message('iam')}</Message>`,
    );
    expect(JSON.parse(await ask('lambda'))).toEqual({ message: message('lambda') });
    expect(await ask('monitoring', { 'smithy-protocol': 'rpc-v2-cbor' })).toContain(message('monitoring'));
  });

  test('its client no longer wants is not read any further from LocalStack', async () => {
    const stopped = Promise.withResolvers<void>();
    await using upstream = await upstreamOf((_request, response) => {
      response.once('close', () => stopped.resolve());
      const chunk = Buffer.alloc(65_536);
      const more = () => {
        while (response.write(chunk));
        response.once('drain', more);
      };
      more();
    });
    await using bench = await testEdge({ upstream: () => upstream.url });
    const abort = new AbortController();
    const response = await fetch(`${bench.url}/b/k`, { signal: abort.signal });
    expect(response.status).toBe(200);
    abort.abort();
    await stopped.promise;
  });

  test('that waits behind another one is over once its client has gone', async () => {
    const answered = Promise.withResolvers<void>();
    await using upstream = await upstreamOf((request, response) => {
      // The first is never answered.
      if (request.url === '/b/second') response.end(Buffer.alloc(100_000), () => answered.resolve());
    });
    await using bench = await testEdge({ upstream: () => upstream.url });
    const locks = () => bench.clock.diagnostics().locks.map(({ name }) => name);
    const socket = net.connect(portOf(bench.url), '127.0.0.1').on('error', () => undefined);
    socket.write('GET /b/first HTTP/1.1\r\nHost: localhost\r\n\r\nGET /b/second HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await answered.promise;
    await expect.poll(locks).toEqual(['GET /b/first', 'GET /b/second']);
    socket.destroy();
    await expect.poll(locks).toEqual([]);
  });
});
