import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { X509CertificateGenerator } from '@peculiar/x509';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deploy, enableLogs, type MethodPlan, type TestGateway, type TestRequest, testGateway } from '../testing.ts';

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  readonly port: number | undefined;
}

type Respond = (request: IncomingMessage, response: ServerResponse) => void;

let gateway: TestGateway;
let backend: Server;
let received: Received[];
let respond: Respond;
/** Besides the backend. */
const others: TcpServer[] = [];

const listen = async (server: TcpServer): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};
const close = (server: TcpServer) => new Promise((resolve) => server.close(resolve));

let at: string;
beforeEach(async () => {
  gateway = testGateway();
  received = [];
  respond = (_request, response) => void response.end('{}');
  backend = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request
      .on('data', (chunk) => chunks.push(chunk))
      .on('end', () => {
        const { method, url, rawHeaders, socket } = request;
        const headers: Record<string, string> = {};
        for (let n = 0; n < rawHeaders.length; n += 2) headers[rawHeaders[n] as string] = rawHeaders[n + 1] as string;
        received.push({ method, url, headers, body: Buffer.concat(chunks), port: socket.remotePort });
        respond(request, response);
      });
  });
  at = `http://127.0.0.1:${await listen(backend)}`;
});
afterEach(async () => {
  await gateway.emulator.stop?.();
  gateway.clock.close();
  backend.closeAllConnections();
  for (const server of [backend, ...others.splice(0)]) await close(server);
});

const proxy = (more: object = {}, uri = `${at}/site/{proxy}`): MethodPlan => ({
  pathPart: '{proxy+}',
  httpMethod: 'ANY',
  integration: {
    type: 'HTTP_PROXY',
    integrationHttpMethod: 'ANY',
    uri,
    requestParameters: { 'integration.request.path.proxy': 'method.request.path.proxy' },
    ...more,
  },
  methodResponses: [],
  integrationResponses: [],
});

const custom = (more: object = {}, uri = at): Pick<MethodPlan, 'integration'> => ({
  integration: { type: 'HTTP', integrationHttpMethod: 'POST', uri, ...more },
});

/** Deploys, calls once, and answers what came back, with the log. */
async function call(plan: MethodPlan, path = '', request: TestRequest = {}) {
  const { url, restApiId } = await deploy(gateway, plan);
  await enableLogs(gateway, restApiId);
  const answer = await gateway.invoke(url.replace('{proxy+}', path), request);
  return { ...answer, restApiId, lines: gateway.lines().map((line) => line.replace(/^\(\S+\) /, '')) };
}

const CLIENT = {
  Host: 'api.example',
  Accept: 'application/xml',
  'Accept-Encoding': 'br',
  'Content-Type': 'application/json',
  'Content-Encoding': 'identity',
  'User-Agent': 'test/integration',
  Authorization: 'Unauthorized',
  Connection: 'close',
  'Content-MD5': 'x',
  Expect: '100-continue',
  'Max-Forwards': '2',
  'Proxy-Authenticate': 'Basic',
  Referer: 'https://example.com/',
  Server: 'x',
  TE: 'deflate',
  Trailer: 'Expires',
  Upgrade: 'HTTP/2.0',
  Via: '1.1 somewhere',
  'WWW-Authenticate': 'Basic',
  'X-HTTP-Method-Override': 'PUT',
  'X-Amzn-Trace-Id': 'Root=1-0-0',
};

describe('HTTP_PROXY', () => {
  test('passes method, path, query, body and headers on, but for those of the hop', async () => {
    const path = 'pets/a%20b/?type=dog&type=cat&email=a%2Bb';
    const { restApiId, status } = await call(proxy(), path, { method: 'POST', headers: CLIENT, body: '{"a":"냇"}' });
    expect(status).toBe(200);
    const [{ headers, ...request } = {} as Received] = received;
    expect(request).toMatchObject({ method: 'PUT', url: '/site/pets/a%20b?type=dog&type=cat&email=a%2Bb' });
    expect(request.body.toString()).toBe('{"a":"냇"}');
    expect(headers).toEqual({
      Accept: 'application/xml',
      'Accept-Encoding': 'br',
      'Content-Type': 'application/json',
      'User-Agent': 'test/integration',
      Authorization: 'Unauthorized',
      Referer: 'https://example.com/',
      'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      'X-Forwarded-For': '127.0.0.1',
      'X-Forwarded-Port': '443',
      'X-Forwarded-Proto': 'https',
      'X-Amzn-Apigateway-Api-Id': restApiId,
      'Content-Length': '11',
      Host: at.slice('http://'.length),
      Connection: 'keep-alive',
    });
  });

  test('puts mapped headers in the place of the caller’s, and mapped parameters behind', async () => {
    const requestParameters = {
      'integration.request.header.headerVar': 'method.request.header.foobar',
      'integration.request.path.qsVar': 'method.request.querystring.testVar',
      'integration.request.path.pathVar': 'method.request.path.proxy',
      'integration.request.querystring.queryString': 'method.request.querystring.testQueryString',
      'integration.request.querystring.testQs': 'method.request.querystring.testQueryString',
      'integration.request.querystring.testEmptyQs': 'method.request.header.emptyheader',
    };
    const plan = proxy({ requestParameters, integrationHttpMethod: 'POST' }, `${at}?testVar={pathVar}&testQs={qsVar}`);
    const headers = { foobar: 'mapped-value', headervar: 'request-value' };
    await call(plan, 'foobar?testQueryString=foo&testVar=bar', { method: 'GET', headers });
    const { searchParams } = new URL(`${at}${received[0]?.url}`);
    expect(Object.fromEntries([...searchParams.keys()].map((name) => [name, searchParams.getAll(name)]))).toEqual({
      queryString: ['foo'],
      testQs: ['bar', 'foo'],
      testQueryString: ['foo'],
      testVar: ['foobar', 'bar'],
    });
    expect(received[0]).toMatchObject({
      method: 'POST',
      headers: { headerVar: 'mapped-value', 'Content-Length': '0' },
    });
    expect(received[0]?.headers).not.toHaveProperty('headervar');
  });

  test('keeps a signature of the caller to itself', async () => {
    const headers = { Authorization: 'AWS4-HMAC-SHA256 Credential=…' };
    await call(proxy(), 'a', { headers });
    expect(received[0]?.headers).not.toHaveProperty('Authorization');
  });

  test('gives the answer back with its status and headers, those of the hop under other names', async () => {
    respond = (_request, response) => {
      response.sendDate = false;
      response.writeHead(418, [
        ...[
          'Content-Type',
          'text/plain',
          'Content-Length',
          '3',
          'Connection',
          'keep-alive',
          'Date',
          'Thu',
          'Server',
          'tea',
        ],
        ...['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'x-amzn-RequestId', 'inner', 'WWW-Authenticate', 'Basic'],
        ...['Via', '1.1 pot', 'Access-Control-Allow-Origin', '*', 'X-Amzn-Trace-Id', 'theirs'],
      ]);
      response.end('tea');
    };
    const { status, headers, body } = await call(proxy(), 'a');
    expect([status, body]).toEqual([418, 'tea']);
    expect(headers).toEqual({
      'x-amzn-RequestId': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'x-amz-apigw-id': expect.any(String),
      'Content-Type': 'text/plain',
      'x-amzn-Remapped-Content-Length': '3',
      'x-amzn-Remapped-Connection': 'keep-alive',
      'x-amzn-Remapped-Date': 'Thu',
      'x-amzn-Remapped-Server': 'tea',
      'x-amzn-Remapped-x-amzn-RequestId': 'inner',
      'x-amzn-Remapped-WWW-Authenticate': 'Basic',
      'Set-Cookie': ['a=1', 'b=2'],
      'Access-Control-Allow-Origin': '*',
      'X-Amzn-Trace-Id': 'theirs',
    });
  });

  test('follows no redirect', async () => {
    respond = (_request, response) => void response.writeHead(302, { Location: '/elsewhere' }).end();
    expect(await call(proxy(), 'a')).toMatchObject({ status: 302, headers: { Location: '/elsewhere' } });
    expect(received).toHaveLength(1);
  });

  test('mangles a compressed answer, which is a trap, unless its type is binary', async () => {
    const packed = gzipSync('{"a":1}');
    respond = (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }).end(packed);
    };
    const text = await call(proxy(), 'a');
    expect(text.headers['Content-Encoding']).toBe('gzip');
    expect(text.bytes).toEqual(Buffer.from(packed.toString('utf8')));
    const binary = await call({ ...proxy(), api: { binaryMediaTypes: ['*/*'] } }, 'a');
    expect(binary.bytes).toEqual(packed);
  });

  test('passes bytes of a binary type both ways', async () => {
    const body = Buffer.from([0x89, 0x50, 0xff, 0x00]);
    respond = (_request, response) => void response.writeHead(200, { 'Content-Type': 'image/png' }).end(body);
    const request = { method: 'PUT', headers: { 'Content-Type': 'image/png', Accept: 'image/png' }, body };
    const answer = await call({ ...proxy(), api: { binaryMediaTypes: ['image/png'] } }, 'a', request);
    expect(received[0]?.body).toEqual(body);
    expect(answer.bytes).toEqual(body);
  });

  test('needs its path variables mapped', async () => {
    const { status, lines } = await call(proxy({ requestParameters: {} }), 'pets');
    expect(status).toBe(500);
    const index = `${at}/site/`.length;
    expect(lines).toContain(
      `Execution failed due to configuration error: Illegal character in path at index ${index}: ${at}/site/{proxy}`,
    );
    expect(received).toEqual([]);
  });

  test('may be told its host by a stage variable', async () => {
    const plan = proxy({}, 'http://$'.concat('{stageVariables.host}/{proxy}'));
    const { url, restApiId } = await deploy(gateway, plan);
    await gateway.call('UpdateStage', {
      restApiId,
      stageName: 'PROD',
      patchOperations: [{ op: 'replace', path: '/variables/host', value: at.slice('http://'.length) }],
    });
    expect((await gateway.invoke(url.replace('{proxy+}', 'a'), { method: 'GET' })).status).toBe(200);
    expect(received[0]).toMatchObject({ method: 'GET', url: '/a' });
  });

  test('keeps the connection for the next request', async () => {
    const { url } = await deploy(gateway, proxy());
    for (const path of ['a', 'b']) await gateway.invoke(url.replace('{proxy+}', path));
    expect(received.map(({ port }) => port)).toEqual([received[0]?.port, received[0]?.port]);
  });
});

describe('a connection that is kept', () => {
  const whats = () => gateway.entries.map(({ what }) => what);

  test('and that its server closes while nobody looks is not used again, not even for a body', async () => {
    await using idle = await closingServer();
    const { url } = await deploy(gateway, proxy({}, `${idle.url}/{proxy}`));
    const post = () => gateway.invoke(url.replace('{proxy+}', 'a'), { body: '{"a":1}' });
    expect(await post()).toMatchObject({ status: 200, body: '1 by connection 1' });
    expect(await post()).toMatchObject({ status: 200, body: '2 by connection 1' });
    idle.closeIdle();
    expect(await post()).toMatchObject({ status: 200, body: '3 by connection 2' });
    expect(whats()).toEqual(['received', 'received', 'received']);
  });

  /** A server that answers a connection's first request, and closes it at the second. */
  const closingAtSecond = async (last: string) => {
    const requests: string[] = [];
    const server = createTcpServer((socket) => {
      let answered = false;
      socket
        .on('error', () => undefined)
        .on('data', (bytes) => {
          requests.push(bytes.toString().split(' ', 1)[0] as string);
          if (answered && last === '') socket.resetAndDestroy();
          else if (answered) socket.end(last);
          else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
          answered = true;
        });
    });
    others.push(server);
    const uri = `http://127.0.0.1:${await listen(server)}/{proxy}`;
    const { url } = await deploy(gateway, proxy({}, uri));
    const send = (method: string) =>
      gateway.invoke(url.replace('{proxy+}', 'a'), { method, ...(method === 'POST' ? { body: 'x' } : {}) });
    return { send, requests };
  };

  test('and that is closed just as it is used is made anew for what has no body', async () => {
    const { send, requests } = await closingAtSecond('');
    for (const method of ['GET', 'GET', 'HEAD', 'OPTIONS']) expect((await send(method)).status).toBe(200);
    expect(requests).toEqual(['GET', 'GET', 'GET', 'HEAD', 'HEAD', 'OPTIONS', 'OPTIONS']);
  });

  test.each(['POST', 'PUT', 'DELETE'])('and that is closed just as it is used carries a %s once', async (method) => {
    const { send, requests } = await closingAtSecond('');
    expect((await send('GET')).status).toBe(200);
    expect(await send(method)).toMatchObject({ status: 504 });
    expect(requests).toEqual(['GET', method]);
    expect(whats()).toEqual(['received', 'received', 'unknown']);
  });

  test('and that is closed in the middle of an answer is no reason to ask again', async () => {
    const { send, requests } = await closingAtSecond('HTTP/1.1 200 OK\r\nContent-');
    for (const status of [200, 504]) expect((await send('GET')).status).toBe(status);
    expect(requests).toEqual(['GET', 'GET']);
  });

  test('and that is new is no reason to ask again, either', async () => {
    respond = (_request, response) => void response.socket?.destroy();
    expect((await call(proxy(), 'a', { method: 'GET' })).status).toBe(504);
    expect(received).toHaveLength(1);
  });
});

describe('HTTP', () => {
  test('sends what is mapped, and says who it is', async () => {
    const { 'X-HTTP-Method-Override': _override, ...headers } = CLIENT;
    const { restApiId } = await call(custom(), '', { headers, body: '{"message":"hello world"}' });
    expect(received[0]).toMatchObject({ method: 'POST', url: '/' });
    expect(received[0]?.body.toString()).toBe('{"message":"hello world"}');
    expect(received[0]?.headers).toEqual({
      Accept: 'application/json',
      'User-Agent': `AmazonAPIGateway_${restApiId}`,
      'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-/),
      'X-Amzn-Apigateway-Api-Id': restApiId,
      'Content-Type': 'application/json',
      'Content-Length': '25',
      Host: at.slice('http://'.length),
      Connection: 'keep-alive',
    });
  });

  test('renders templates and maps parameters from everywhere', async () => {
    const plan = custom(
      {
        requestTemplates: { 'application/json': '{"got": $input.json(\'$.a\')}' },
        requestParameters: {
          'integration.request.header.Host': "'other.example'",
          'integration.request.header.Authorization': "'Bearer x'",
          'integration.request.header.X-Ko': 'method.request.querystring.ko',
          'integration.request.header.Connection': "'close'",
          'integration.request.header.Via': "'somewhere'",
          'integration.request.header.TE': "'gzip'",
          'integration.request.querystring.q': 'method.request.querystring.ko',
        },
      },
      `${at}/?fixed=1`,
    );
    const { url } = await deploy(gateway, plan);
    await gateway.invoke(`${url}?ko=%EB%83%87%0D%0AX-Evil:1`, { body: '{"a":[1]}' });
    expect(received[0]?.body.toString()).toBe('{"got": [1]}');
    expect(received[0]?.url).toBe('/?fixed=1&q=%EB%83%87%0D%0AX-Evil%3A1');
    const { headers } = received[0] as Received;
    expect(headers).toMatchObject({
      Host: 'other.example',
      Authorization: 'Bearer x',
      Connection: 'keep-alive',
      'X-Ko': `${Buffer.from('냇').toString('latin1')}  X-Evil:1`,
    });
    expect(Object.keys(headers).filter((name) => ['via', 'te', 'x-evil'].includes(name.toLowerCase()))).toEqual([]);
  });

  test.each([
    'Content-Length',
    'Transfer-Encoding',
    'X-Amzn-Trace-Id',
  ])('fails where a mapping sets %s', async (name) => {
    const requestParameters = { [`integration.request.header.${name}`]: "'1'" };
    const { status, lines } = await call(custom({ requestParameters }));
    expect(status).toBe(500);
    expect(lines).toContain(`Execution failed due to configuration error: ${name} header already present`);
    expect(received).toEqual([]);
  });

  test('answers by the integration response whose pattern is the status', async () => {
    respond = (_request, response) => void response.writeHead(404, { ETag: 'tag' }).end('{"why":"none"}');
    const plan = {
      ...custom(),
      methodResponses: [
        { statusCode: '200' },
        {
          statusCode: '400',
          responseParameters: { 'method.response.header.ETag': true, 'method.response.header.User-Agent': true },
        },
      ],
      integrationResponses: [
        { statusCode: '200' },
        {
          statusCode: '400',
          selectionPattern: '4\\d{2}',
          responseParameters: {
            'method.response.header.ETag': 'integration.response.header.ETag',
            'method.response.header.User-Agent': "'x'",
          },
          responseTemplates: { 'application/json': "$input.json('$.why')" },
        },
      ],
    };
    const { status, headers, body } = await call(plan);
    expect([status, body]).toEqual([400, '"none"']);
    expect(headers).toMatchObject({ ETag: 'tag', 'x-amzn-Remapped-User-Agent': 'x' });
  });

  test('gives the default, which is 200, where no pattern matches: the trap', async () => {
    respond = (_request, response) => void response.writeHead(500).end('no');
    expect(await call(custom())).toMatchObject({ status: 200, body: 'no' });
  });

  test('sends no body with GET', async () => {
    await call({ ...custom({ integrationHttpMethod: 'GET' }) }, '', { body: 'x' });
    expect(received[0]).toMatchObject({ method: 'GET', body: Buffer.alloc(0) });
    expect(received[0]?.headers).not.toHaveProperty('Content-Length');
  });

  test('shows in the log what was sent and what came', async () => {
    respond = (_request, response) => void response.writeHead(200, ['X-A', 'b', 'Connection', 'close']).end('{"b":2}');
    const { lines, restApiId } = await call(custom(), '', { body: '{"a":1}' });
    const from = lines.indexOf(`Endpoint request URI: ${at}`);
    const trace = /X-Amzn-Trace-Id=([^,]+)/.exec(lines[from + 1] ?? '')?.[1];
    expect(lines.slice(from, from + 7)).toEqual([
      `Endpoint request URI: ${at}`,
      `Endpoint request headers: {Accept=application/json, User-Agent=AmazonAPIGateway_${restApiId}, ` +
        `X-Amzn-Trace-Id=${trace}, X-Amzn-Apigateway-Api-Id=${restApiId}}`,
      'Endpoint request body after transformations: {"a":1}',
      `Sending request to ${at}`,
      expect.stringMatching(/^Received response\. Status: 200, Integration latency: \d+ ms$/),
      expect.stringMatching(/^Endpoint response headers: \{x-a=b, connection=close, date=[^}]+\}$/),
      'Endpoint response body before transformations: {"b":2}',
    ]);
  });
});

describe('a backend', () => {
  const NETWORK = '{"message": "Network error communicating with endpoint"}';
  const INTERNAL = '{"message": "Internal server error"}';
  const whats = () => gateway.entries.map(({ what }) => what);

  test('that nobody listens for is a network error', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    await close(server);
    const { status, body, headers, lines } = await call(custom({}, `http://127.0.0.1:${port}`));
    expect([status, body]).toEqual([504, NETWORK]);
    expect(headers).toMatchObject({ 'x-amzn-ErrorType': 'InternalServerErrorException' });
    expect(lines).toContain('Execution failed due to a network error communicating with endpoint');
    expect(whats()).toEqual(['received', 'refused']);
  });

  test.each([
    ['before its answer', (_request: IncomingMessage, response: ServerResponse) => void response.socket?.destroy()],
    [
      'in the middle of its answer',
      (_request: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200, { 'Content-Length': '10' });
        response.write('half', () => response.socket?.destroy());
      },
    ],
  ])('that breaks the connection %s leaves it unknown what it did', async (_what, breaking: Respond) => {
    respond = breaking;
    const { status, body, lines } = await call(custom());
    expect([status, body]).toEqual([504, NETWORK]);
    expect(lines).toContain(
      'Execution failed due to a network error communicating with endpoint: Connection is closed',
    );
    expect(whats()).toEqual(['received', 'unknown']);
  });

  test('that speaks no HTTP is a network error', async () => {
    const server = createTcpServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end('hello\r\n\r\n'),
    );
    others.push(server);
    expect(await call(custom({}, `http://127.0.0.1:${await listen(server)}`))).toMatchObject({
      status: 504,
      body: NETWORK,
    });
  });

  test('that cannot even be asked, for what no request may have, is a configuration error', async () => {
    const { status, body, lines } = await call(proxy(), 'a', { headers: { 'no name': 'x' } });
    expect([status, body]).toEqual([500, INTERNAL]);
    expect(lines.join('\n')).toContain('Execution failed due to configuration error: Invalid request: ');
    expect([received, whats()]).toEqual([[], ['received', 'refused']]);
  });

  test('whose name nobody knows is a configuration error', async () => {
    const { status, body, lines } = await call(custom({}, 'http://nowhere.invalid/'));
    expect([status, body]).toEqual([500, INTERNAL]);
    expect(lines).toContain('Execution failed due to configuration error: Invalid endpoint address');
  });

  test('with a certificate that nobody vouches for is a configuration error', async () => {
    const server = createSecureServer(await selfSigned(), (_request, response) => response.end('{}'));
    others.push(server);
    const { status, body, lines } = await call(custom({}, `https://127.0.0.1:${await listen(server)}`));
    expect([status, body]).toEqual([500, INTERNAL]);
    expect(lines.join('\n')).toContain('Execution failed due to configuration error: PKIX path building failed: ');
  });

  test('that has no TLS where the address says https is a configuration error', async () => {
    const { status, lines } = await call(custom({}, at.replace('http:', 'https:')));
    expect(status).toBe(500);
    expect(lines.join('\n')).toContain('Execution failed due to configuration error: General SSLEngine problem: ');
  });

  test('that does not answer in time is given up, and told so', async () => {
    let gone: Promise<unknown> | undefined;
    respond = (_request, response) => {
      gone = new Promise((resolve) => response.once('close', resolve));
    };
    const { status, body, lines } = await call(custom({ timeoutInMillis: 100 }));
    expect([status, body]).toEqual([504, '{"message": "Endpoint request timed out"}']);
    expect(lines).toContain('Execution failed due to a timeout error');
    expect(whats()).toEqual(['received', 'unknown']);
    await gone;
  });

  test('that begins its answer and does not end it is given up, too', async () => {
    respond = (_request, response) => void response.writeHead(200).write('a');
    expect((await call(custom({ timeoutInMillis: 100 }))).status).toBe(504);
  });

  const TOO_MUCH = 10 * 1024 * 1024 + 1;
  test.each([
    ['says', { 'Content-Length': String(TOO_MUCH) }, `of reported length ${TOO_MUCH} is`],
    ['does not say', {}, 'is'],
  ])('whose answer is larger than 10 MB and %s so is a configuration error', async (_what, headers, reported) => {
    respond = (_request, response) => {
      response.on('error', () => undefined).writeHead(200, headers as Record<string, string>);
      response.end(Buffer.alloc(TOO_MUCH));
    };
    const { status, body, lines } = await call(proxy(), 'a');
    expect([status, body]).toEqual([500, INTERNAL]);
    expect(lines).toContain(
      `Execution failed due to configuration error: Integration response ${reported} larger than allowed maximum ` +
        'of 10485760 bytes.',
    );
  });

  test('may say of more than 10 MB that they are there', async () => {
    respond = (_request, response) => void response.writeHead(200, { 'Content-Length': String(TOO_MUCH) }).end();
    const { status, headers, body } = await call(proxy(), 'a', { method: 'HEAD' });
    expect([status, body, headers['x-amzn-Remapped-Content-Length']]).toEqual([200, '', String(TOO_MUCH)]);
  });

  test('of exactly 10 MB passes', async () => {
    respond = (_request, response) => void response.end(Buffer.alloc(TOO_MUCH - 1, 'a'));
    expect((await call(proxy(), 'a')).bytes).toHaveLength(TOO_MUCH - 1);
  });
});

/** A server of Node in a thread of its own, whose idle connections `closeIdle` closes before this thread can see it. */
async function closingServer() {
  const done = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(SERVER, { eval: true, workerData: done });
  const [port] = await once(worker, 'message');
  return {
    url: `http://127.0.0.1:${port}`,
    closeIdle() {
      worker.postMessage('close');
      expect(Atomics.wait(done, 0, 0, 10_000)).not.toBe('timed-out');
    },
    [Symbol.asyncDispose]: async () => void (await worker.terminate()),
  };
}

const SERVER = `
  const { parentPort, workerData: done } = require('node:worker_threads');
  let requests = 0;
  let connections = 0;
  const server = require('node:http').createServer((request, response) => {
    request.resume().on('end', () => {
      requests++;
      // Otherwise the client would be told for how long the connection is good.
      response.setHeader('Connection', 'keep-alive');
      response.end(requests + ' by connection ' + request.socket.number);
    });
  });
  server.on('connection', (socket) => {
    socket.number = ++connections;
    socket.on('close', () => {
      Atomics.store(done, 0, 1);
      Atomics.notify(done, 0);
    });
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
  parentPort.on('message', () => server.closeIdleConnections());
`;

async function selfSigned(): Promise<{ key: string; cert: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=127.0.0.1',
    keys,
    signingAlgorithm: { ...algorithm, hash: 'SHA-256' },
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return { key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`, cert: certificate.toString('pem') };
}
