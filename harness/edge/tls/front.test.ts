import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { Agent, type RequestOptions, request } from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import tls, { type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type KeyAndCertificate, makeAuthority, usualValidity } from '../../certificates/index.ts';
import { machine } from '../../clock/machine.ts';
import type { Emulator } from '../emulator.ts';
import type { EdgeRequest } from '../http.ts';
import { type TestEdge, testEdge } from '../testing.ts';
import { localAuthority } from './authority.ts';

let dir: string;
let bench: TestEdge;
let asked: { request: EdgeRequest; host: string }[];

const apiGateway: Emulator = {
  service: 'apigateway',
  protocol: { kind: 'rest-json' },
  operations: [],
  dataPlane: {
    handle: async () => ({ status: 404, headers: {}, body: '' }),
    customDomains: {
      has: () => false,
      async handle(given, { host, path }) {
        asked.push({ request: given, host });
        return { status: 200, headers: {}, body: `${host} ${path} ${(await given.body.bytes()).toString()}` };
      },
    },
  },
};

beforeEach(async () => {
  asked = [];
  dir = mkdtempSync(join(tmpdir(), 'naetmul-tls-'));
  bench = await testEdge({ tls: { port: 0, cacheDir: dir, caFile: join(dir, 'run', 'ca.pem') } }, [apiGateway]);
});

afterEach(async () => {
  await bench[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

function strangersAuthority(now = machine.now()): Promise<KeyAndCertificate> {
  return makeAuthority({ commonName: 'another authority', validity: usualValidity(now) });
}

const derOf = (pem: string): Buffer => new X509Certificate(pem).raw;

async function serve(name: string, clientCertificate = false) {
  await bench.edge.tlsNames?.serve(name, { clientCertificate });
  const address = bench.edge.tlsAddress();
  if (!address) throw new Error('nothing listens');
  return { host: '127.0.0.1', port: address.port, ca: readFileSync(address.caFile) };
}

type Asking = RequestOptions & Pick<ConnectionOptions, 'session'>;

async function ask(servername: string, options: Asking, path = '/x'): Promise<string> {
  const sent = request({ servername, headers: { host: servername }, method: 'POST', path, agent: false, ...options });
  sent.end('hello');
  const [response] = await once(sent, 'response');
  return await text(response);
}

test('nothing listens before there is a name, and no longer than the edge', async () => {
  expect(bench.edge.tlsAddress()).toBeUndefined();
  const { port } = await serve('api.example.com');
  await bench.edge.close();
  const socket = net.connect(port, '127.0.0.1');
  await expect(once(socket, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('each name has a certificate of the one authority, also with .localhost behind it', async () => {
  await serve('api.example.com');
  const at = await serve('*.shop.example.com');
  expect(await ask('api.example.com', at)).toBe('api.example.com /x hello');
  expect(await ask('API.example.com.localhost', at)).toBe('api.example.com.localhost /x hello');
  expect(await ask('kim.shop.example.com', at)).toBe('kim.shop.example.com /x hello');
  expect(asked[0]?.request).toMatchObject({
    internal: false,
    remoteAddress: '127.0.0.1',
    tls: { serverName: 'api.example.com', clientCertificate: undefined },
  });
});

test.each([
  ['other.example.com'],
  ['shop.example.com'],
  ['api.example.com.evil.example'],
  [undefined],
])('the handshake ends for %s, which is nobody’s', async (servername) => {
  await serve('*.shop.example.com');
  const { port, ca } = await serve('api.example.com');
  const socket = tls.connect({ host: '127.0.0.1', port, ca, ...(servername === undefined ? {} : { servername }) });
  await expect(once(socket, 'secureConnect')).rejects.toThrow(/alert handshake failure/);
});

test('a name that was dropped is nobody’s', async () => {
  const at = await serve('api.example.com');
  bench.edge.tlsNames?.drop('api.example.com');
  await expect(ask('api.example.com', at)).rejects.toThrow(/alert handshake failure/);
});

test('speaks no TLS below 1.2', async () => {
  const at = await serve('api.example.com');
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  await expect(ask('api.example.com', { ...at, ...old })).rejects.toThrow(/alert protocol version/);
  expect(await ask('api.example.com', { ...at, maxVersion: 'TLSv1.2' })).toBe('api.example.com /x hello');
});

test('a client without a certificate gets no answer where one is asked for, and with one it is told of', async () => {
  const at = await serve('api.example.com', true);
  await serve('open.example.com');
  await expect(ask('api.example.com', at)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(asked).toEqual([]);
  const own = await strangersAuthority();
  const shown = { ...at, ...own };
  expect(await ask('api.example.com', shown)).toBe('api.example.com /x hello');
  expect(await ask('open.example.com', at)).toBe('open.example.com /x hello');
  const certificates = asked.map(({ request: { tls: known } }) => known?.clientCertificate);
  expect(certificates).toEqual([derOf(own.cert), undefined]);
});

/** As a client that keeps nothing but the sessions of its connections. */
async function askTwice(name: string, options: RequestOptions): Promise<string[]> {
  const agent = new Agent({ keepAlive: false });
  return [await ask(name, { ...options, agent }), await ask(name, { ...options, agent })];
}

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('over %s', (maxVersion) => {
  test('a client that comes again with its session is answered again', async () => {
    const at = { ...(await serve('api.example.com')), maxVersion };
    expect(await askTwice('api.example.com', at)).toEqual(Array(2).fill('api.example.com /x hello'));
    expect(asked.map(({ request: { tls: known } }) => known?.serverName)).toEqual(Array(2).fill('api.example.com'));
  });

  test('a client that comes again with its session shows its certificate again', async () => {
    const at = { ...(await serve('api.example.com', true)), ...(await strangersAuthority()), maxVersion };
    expect(await askTwice('api.example.com', at)).toEqual(Array(2).fill('api.example.com /x hello'));
    const shown = asked.map(({ request: { tls: known } }) => known?.clientCertificate);
    expect(shown).toEqual(Array(2).fill(derOf(at.cert)));
  });

  test('no certificate is taken over from a session, least of all from another name’s', async () => {
    const at = { ...(await serve('api.example.com', true)), maxVersion };
    await serve('shop.example.com', true);
    await serve('open.example.com');
    const sessions: Buffer[] = [];
    const sent = request({ ...at, ...(await strangersAuthority()), servername: 'api.example.com', agent: false });
    sent.once('socket', (socket: TLSSocket) => socket.on('session', (session) => sessions.push(session)));
    const [response] = await once(sent.end(), 'response');
    await text(response);
    expect(sessions).not.toEqual([]);
    for (const session of sessions) {
      for (const name of ['api.example.com', 'shop.example.com'])
        await expect(ask(name, { ...at, session })).rejects.toMatchObject({ code: 'ECONNRESET' });
      expect(await ask('open.example.com', { ...at, session })).toBe('open.example.com /x hello');
      expect(asked.at(-1)?.request.tls?.clientCertificate).toBeUndefined();
    }
    expect(asked).toHaveLength(1 + sessions.length);
  });
});

test('what is asked of clients can be changed', async () => {
  const at = await serve('api.example.com');
  expect(await ask('api.example.com', at)).toBe('api.example.com /x hello');
  await serve('api.example.com', true);
  await expect(ask('api.example.com', at)).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('over TLS nobody reaches the AWS endpoint, whatever host or path is named', async () => {
  bench.edge.setControl(async () => ({ status: 200, headers: {}, body: 'control' }));
  const at = await serve('api.example.com');
  for (const host of ['localhost', '127.0.0.1', 'bucket.s3.localhost', 'a1.execute-api.localhost']) {
    expect(await ask('api.example.com', { ...at, headers: { host } }, '/_naetmul/status')).toBe(
      `${host} /_naetmul/status hello`,
    );
  }
});

test('a port that is taken is told with what to do', async () => {
  const other = net.createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as net.AddressInfo;
  const options = { port, cacheDir: dir, caFile: join(dir, 'ca.pem') };
  await using second = await testEdge({ tls: options, describePortOwner: async () => 'java (pid 4711)' });
  const serving = () => second.edge.tlsNames?.serve('api.example.com', { clientCertificate: false });
  await expect(serving()).rejects.toMatchObject({
    code: 'TLS_PORT',
    message: `Port ${port}, where custom domain names answer over TLS, is taken by java (pid 4711).`,
    remedy: 'Stop what uses it, or start naetmul with another port: --tls-port (0 takes a free one).',
  });
  other.close();
  await once(other, 'close');
  await serving();
  expect(second.edge.tlsAddress()?.port).toBe(port);
});

test('a request under way is finished when the edge closes; idle and half-open connections are not waited for', async () => {
  const { promise: go, resolve } = Promise.withResolvers<void>();
  const slow: Emulator = {
    ...apiGateway,
    dataPlane: {
      handle: async () => ({ status: 404, headers: {}, body: '' }),
      customDomains: {
        has: () => false,
        async handle() {
          closing = edge.edge.close();
          await go;
          return { status: 200, headers: {}, body: 'done' };
        },
      },
    },
  };
  let closing: Promise<void> | undefined;
  const options = { port: 0, cacheDir: dir, caFile: join(dir, 'ca.pem') };
  await using edge = await testEdge({ tls: options }, [slow]);
  await edge.edge.tlsNames?.serve('api.example.com', { clientCertificate: false });
  const address = edge.edge.tlsAddress();
  const at = { host: '127.0.0.1', port: address?.port, ca: readFileSync(join(dir, 'ca.pem')) };
  const silent = net.connect(address?.port ?? 0, '127.0.0.1');
  const idle = tls.connect({ ...at, port: at.port ?? 0, servername: 'api.example.com' });
  await Promise.all([once(silent, 'connect'), once(idle, 'secureConnect')]);
  const gone = Promise.all([once(silent, 'close'), once(idle, 'close')]);
  const answer = ask('api.example.com', at);
  await gone;
  resolve();
  expect(await answer).toBe('done');
  await closing;
});

test('the authority stays the same from start to start, for the user alone, and is made anew when damaged', async () => {
  const first = await localAuthority(dir);
  const file = join(dir, 'custom-domains-authority.json');
  expect(await localAuthority(dir)).toEqual(first);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const other = await strangersAuthority();
  writeFileSync(file, JSON.stringify({ cert: first.cert, key: other.key }));
  const second = await localAuthority(dir);
  expect(second.cert).not.toBe(first.cert);
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 100));
  expect((await localAuthority(dir)).cert).not.toBe(second.cert);
});

test('an authority that ends within a month is made anew', async () => {
  const dying = await strangersAuthority(machine.now() - 340 * 24 * 60 * 60 * 1000);
  writeFileSync(join(dir, 'custom-domains-authority.json'), JSON.stringify(dying));
  expect((await localAuthority(dir)).cert).not.toBe(dying.cert);
});
