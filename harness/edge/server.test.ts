import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { Readable } from 'node:stream';
import { KinesisClient, PutRecord$, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, test } from 'vitest';
import { createClock, createRandom } from '../clock/index.ts';
import { NaetmulError } from '../errors.ts';
import { readAll } from './body.ts';
import type { Emulator } from './emulator.ts';
import type { EdgeRequest } from './http.ts';
import { createEdge } from './index.ts';
import { recorded, sdk, testEdge } from './testing.ts';

const kinesis = (operation: Emulator['operations'][number]): Emulator => ({
  service: 'kinesis',
  protocol: { kind: 'json', version: '1.1', targetPrefix: 'Kinesis_20131202' },
  operations: [operation],
});

const text = (body: string | Readable, headers = {}) => ({ status: 200, headers, body });

describe('the port', () => {
  test('speaks HTTP/2 to clients that begin with it, such as Kinesis’ own', async () => {
    const put = recorded(PutRecord$, (_input, call) => {
      expect(call.request.headers.host).toBe(new URL(bench.url).host);
      expect(call.request.rawHeaders.some((name) => name.startsWith(':'))).toBe(false);
      return { SequenceNumber: '1', ShardId: 'shardId-000000000000' };
    });
    await using bench = await testEdge({}, [kinesis(put)]);
    const client = new KinesisClient(sdk(bench.url));
    const Data = new Uint8Array(100_000).fill(7);
    const input = { StreamName: 's', PartitionKey: 'p', Data };
    expect(await client.send(new PutRecordCommand(input))).toMatchObject({ SequenceNumber: '1' });
    expect(put.inputs).toEqual([input]);
    client.destroy();
  });

  test('speaks HTTP/1.1 on the same port, also to a client that sends byte by byte', async () => {
    await using bench = await testEdge();
    bench.edge.setControl(async (_request, path) => text(path));
    const socket = net.connect(Number(new URL(bench.url).port), '127.0.0.1');
    socket.setNoDelay(true);
    for (const byte of 'PUT /_naetmul/p HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n') {
      socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await readAll(socket)).toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\/p$/);
  });

  test('takes 16 KB of headers and more', async () => {
    await using bench = await testEdge();
    bench.edge.setControl(async (request) => text(String(request.headers['x-long']?.length)));
    const response = await fetch(`${bench.url}/_naetmul/x`, { headers: { 'X-Long': 'x'.repeat(40_000) } });
    expect(await response.text()).toBe('40000');
  });

  test('that is taken is an error that says by whom, and how to choose another', async () => {
    await using bench = await testEdge();
    const port = Number(new URL(bench.url).port);
    const other = createEdge({
      clock: bench.clock,
      random: createRandom(1),
      ledger: { append: () => 0 },
      log: { info() {}, warn() {}, error() {} },
      defaults: { region: 'us-east-1', accountId: '000000000000' },
      port,
      upstream: () => undefined,
      describePortOwner: async () => 'java (pid 4711)',
    });
    const error: unknown = await other.listen().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NaetmulError);
    expect(error).toMatchObject({
      code: 'PORT_TAKEN',
      message: `Port ${port} is taken by java (pid 4711).`,
      remedy: 'Stop what uses it, or choose another port with --port (0 takes a free one).',
      blame: 'user',
    });
  });

  test('closes with idle connections open, after requests under way', async () => {
    const clock = createClock();
    await using bench = await testEdge({ clock });
    const arrived = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    bench.edge.setControl(async () => {
      arrived.resolve();
      await go.promise;
      return text('done');
    });
    const idle = net.connect(Number(new URL(bench.url).port), '127.0.0.1');
    await once(idle, 'connect');
    const session = http2.connect(bench.url);
    await once(session, 'connect');
    const asked = fetch(`${bench.url}/_naetmul/x`);
    await arrived.promise;
    const closing = bench.edge.close();
    await expect(fetch(`${bench.url}/_naetmul/x`)).rejects.toThrow();
    go.resolve();
    expect(await (await asked).text()).toBe('done');
    await closing;
    session.destroy();
    idle.destroy();
  });
});

describe('an answer', () => {
  test('has the clock’s date', async () => {
    await using bench = await testEdge();
    bench.edge.setControl(async () => text('x'));
    await bench.clock.travelTo(Date.UTC(2022, 0, 27, 5, 48, 25));
    const response = await fetch(`${bench.url}/_naetmul/x`);
    expect(response.headers.get('date')).toBe('Thu, 27 Jan 2022 05:48:25 GMT');
  });

  test('to HEAD says its length and has no body; one with two values sends both', async () => {
    await using bench = await testEdge();
    bench.edge.setControl(async () => text('hello', { 'Set-Cookie': ['a=1', 'b=2'] }));
    const response = await fetch(`${bench.url}/_naetmul/x`, { method: 'HEAD' });
    expect(response.headers.get('content-length')).toBe('5');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.text()).toBe('');
  });

  test('that is no HTTP is a reset, and a line in the log', async () => {
    await using bench = await testEdge();
    bench.edge.setControl(async () => text('x', { 'X-Bad': 'a\r\nb' }));
    await expect(fetch(`${bench.url}/_naetmul/x`)).rejects.toThrow();
    expect(bench.logged.map(({ message }) => message)).toEqual(['The answer to GET /_naetmul/x is no HTTP.']);
  });

  test('that fails half way breaks off', async () => {
    await using bench = await testEdge();
    bench.edge.setControl(async () => {
      const half = async function* () {
        yield 'half';
        throw new Error('no more');
      };
      return text(Readable.from(half()));
    });
    await expect(fetch(`${bench.url}/_naetmul/x`).then((response) => response.text())).rejects.toThrow();
  });
});

describe('the clock', () => {
  test('is held while a request is answered, and not by control calls and long polls', async () => {
    const seen: string[][] = [];
    const bodies: string[] = [];
    await using bench = await testEdge();
    bench.edge.use(async (request) => {
      seen.push(bench.clock.diagnostics().locks.map((lock) => lock.name));
      bodies.push((await request.body.bytes()).toString());
      return text('');
    });
    bench.edge.setControl(async () => text(JSON.stringify(bench.clock.diagnostics().locks)));
    const authorization =
      'AWS4-HMAC-SHA256 Credential=test/20220127/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0';
    const ask = (body: string, headers: Record<string, string> = {}) =>
      fetch(`${bench.url}/queue?x=1`, { method: 'POST', body, headers: { authorization, ...headers } });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    await ask('{}', { 'x-amz-target': 'AmazonSQS.SendMessage' });
    await ask('{}', { 'x-amz-target': 'AmazonSQS.ReceiveMessage' });
    await ask('Action=SendMessage', form);
    await ask('Action=ReceiveMessage&WaitTimeSeconds=20', form);
    expect(seen).toEqual([['POST AmazonSQS.SendMessage'], [], ['POST /queue'], []]);
    expect(bodies).toEqual(['{}', '{}', 'Action=SendMessage', 'Action=ReceiveMessage&WaitTimeSeconds=20']);
    expect(await (await fetch(`${bench.url}/_naetmul/x`)).json()).toEqual([]);
  });

  test('is let go when a client leaves, also where the source of its answer never ends', async () => {
    await using bench = await testEdge();
    // As an answer of LocalStack's that has come whole and that Node takes away when its request is given up.
    const source = new Readable({ read: () => undefined, destroy: () => undefined });
    source.push('half');
    bench.edge.use(async () => text(source));
    const locks = () => bench.clock.diagnostics().locks.length;
    const abort = new AbortController();
    const response = await fetch(`${bench.url}/b/k`, { signal: abort.signal });
    await response.body?.getReader().read();
    expect(locks()).toBe(1);
    abort.abort();
    await expect.poll(locks).toBe(0);
  });

  test('can move while a request waits on its lock', async () => {
    await using bench = await testEdge();
    await bench.clock.travelTo(0);
    const arrived = Promise.withResolvers<void>();
    bench.edge.use(async (request: EdgeRequest) => {
      arrived.resolve();
      await request.lock?.sleep(60_000);
      return text(String(bench.clock.now()));
    });
    const asked = fetch(bench.url);
    await arrived.promise;
    await bench.clock.advance(60_000);
    expect(await (await asked).text()).toBe('60000');
  });
});

test('nobody outside can speak as a caller inside', async () => {
  await using bench = await testEdge();
  bench.edge.setControl(async (request) =>
    text(JSON.stringify([request.internal, request.headers['x-naetmul-cause']])),
  );
  const response = await fetch(`${bench.url}/_naetmul/x`, { headers: { 'X-Naetmul-Cause': '7' } });
  expect(await response.json()).toEqual([false, null]);
});

test('a page of elsewhere is refused over the wire, a page of this machine may read answers', async () => {
  const put = recorded(PutRecord$, () => ({ SequenceNumber: '1', ShardId: 's' }));
  await using bench = await testEdge({}, [kinesis(put)]);
  const { hostname, port } = new URL(bench.url);
  const ask = async (headers: Record<string, string>) => {
    const request = http.request({ hostname, port, method: 'POST', headers }).end('{}');
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    const body = await readAll(response);
    return { status: response.statusCode, headers: response.headers, body: JSON.parse(body.toString()) };
  };
  const call = {
    'x-amz-target': 'Kinesis_20131202.PutRecord',
    authorization: 'AWS4-HMAC-SHA256 Credential=test/20220127/us-east-1/kinesis/aws4_request',
  };
  expect(await ask({ ...call, origin: 'https://evil.example' })).toMatchObject({
    status: 403,
    body: { __type: 'AccessDenied' },
  });
  expect(await ask({ ...call, host: 'rebound.example' })).toMatchObject({ status: 403 });
  expect(put.inputs).toEqual([]);
  const answer = await ask({ ...call, origin: 'http://localhost:3000' });
  expect(answer.status).toBe(200);
  expect(answer.headers['access-control-allow-origin']).toBe('http://localhost:3000');
});
