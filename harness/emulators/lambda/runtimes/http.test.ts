import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}
interface Connection {
  request(method: string, path: string, headers: Record<string, string>, body?: Buffer): Promise<Answer>;
}
const { createConnection } = createRequire(import.meta.url)('./node/http.cjs') as {
  createConnection(address: string): Connection;
};

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** A server that does with each request (as text, with the connection's number) what it is told. */
async function serve(onRequest: (socket: Socket, text: string, connection: number) => void): Promise<Connection> {
  let connections = 0;
  const server = createServer((socket) => {
    const connection = ++connections;
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => onRequest(socket, chunk.toString(), connection));
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return createConnection(`127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const plain = (body: string) =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\nX-Id:  7 \r\n\r\n${body}`;

test('a request says where it goes, and its body’s length', async () => {
  let seen = '';
  const connection = await serve((socket, text) => {
    seen = text;
    socket.write('HTTP/1.1 202 Accepted\r\n\r\n');
  });
  const body = Buffer.from('냇물');
  expect(await connection.request('POST', '/a', { 'X-One': '1' }, body)).toMatchObject({ status: 202, headers: {} });
  expect(seen).toMatch(/^POST \/a HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\nX-One: 1\r\nContent-Length: 6\r\n\r\n냇물$/);
});

test('an answer is read whole however it is cut, with a length or in chunks', async () => {
  const body = '{"물":"흐른다"}';
  const bytes = Buffer.from(body);
  const chunked = Buffer.concat([
    Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Id: 7\r\n\r\n4\r\n'),
    bytes.subarray(0, 4),
    Buffer.from(`\r\n${(bytes.length - 4).toString(16)}\r\n`),
    bytes.subarray(4),
    Buffer.from('\r\n0\r\n\r\n'),
  ]);
  let cuts: readonly number[] = [];
  let whole: Buffer = Buffer.alloc(0);
  const connection = await serve(async (socket) => {
    socket.setNoDelay(true);
    const ends = [...cuts.filter((cut) => cut < whole.length)].sort((a, b) => a - b);
    for (const [index, end] of [...ends, whole.length].entries()) {
      socket.write(whole.subarray(ends[index - 1] ?? 0, end));
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.uniqueArray(fc.nat({ max: 120 }), { maxLength: 5 }), async (inChunks, at) => {
      cuts = at;
      whole = inChunks ? chunked : Buffer.from(plain(body));
      const answer = await connection.request('GET', '/next', {});
      expect(answer.status).toBe(200);
      expect(answer.headers['x-id']).toBe('7');
      expect(answer.body.toString()).toBe(body);
    }),
    { numRuns: 60 },
  );
});

test('requests follow each other over one connection; one that was closed while idle is opened again', async () => {
  const connections: number[] = [];
  const connection = await serve((socket, text, number) => {
    connections.push(number);
    socket.write(plain('1'));
    if (text.includes('/last')) socket.end();
  });
  for (const path of ['/a', '/b', '/last', '/c']) await connection.request('GET', path, {});
  expect(connections.slice(0, 3)).toEqual([1, 1, 1]);
  expect(connections.at(-1)).toBe(2);
});

test('a server that goes without an answer is an error, not a second request', async () => {
  let requests = 0;
  const connection = await serve((socket, text) => {
    requests++;
    if (text.includes('/first')) socket.end();
    else socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf');
  });
  await expect(connection.request('GET', '/first', {})).rejects.toThrow('closed the connection');
  await expect(connection.request('GET', '/half', {})).rejects.toThrow('closed the connection');
  expect(requests).toBe(2);
});
