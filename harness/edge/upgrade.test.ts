import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { readAll } from './body.ts';
import { type TestEdge, testEdge } from './testing.ts';

/** What comes back for a request with these headers, until the connection ends. */
async function ask(bench: TestEdge, target: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const socket = net.connect(Number(new URL(bench.url).port), '127.0.0.1');
  const lines = Object.entries({ Host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${target} HTTP/1.1\r\n${lines.join('')}\r\nand more`);
  return (await readAll(socket)).toString();
}

const WEBSOCKET = { Connection: 'Upgrade', Upgrade: 'websocket' };

async function upgradingEdge(): Promise<TestEdge> {
  const bench = await testEdge();
  bench.edge.onUpgrade('/mqtt', (request, socket, head) => {
    socket.end(`taken over: ${request.url} ${head}`);
  });
  return bench;
}

describe('a request for WebSocket', () => {
  test('is handed over with what follows it, whatever its query', async () => {
    await using bench = await upgradingEdge();
    expect(await ask(bench, '/mqtt?x=1', WEBSOCKET)).toBe('taken over: /mqtt?x=1 and more');
    const page = { ...WEBSOCKET, Origin: 'http://localhost:5173', Upgrade: 'WebSocket' };
    expect(await ask(bench, '/mqtt', page)).toContain('taken over');
  });

  test('of a page from elsewhere, or for a name that is not ours, is refused', async () => {
    await using bench = await upgradingEdge();
    const foreign = await ask(bench, '/mqtt', {
      ...WEBSOCKET,
      Origin: 'https://evil.example',
      Connection: 'close, Upgrade',
    });
    expect(foreign).toMatch(/^HTTP\/1\.1 403 [\s\S]*the origin "https:\/\/evil\.example"/);
    const rebound = await ask(bench, '/mqtt', { ...WEBSOCKET, Host: 'evil.example', Connection: 'close, Upgrade' });
    expect(rebound).toMatch(/^HTTP\/1\.1 403 [\s\S]*not a name of this endpoint/);
  });

  test('that nobody takes over is answered as any other request', async () => {
    await using bench = await upgradingEdge();
    bench.edge.setControl(async () => ({ status: 200, headers: {}, body: 'an answer' }));
    const closing = { ...WEBSOCKET, Connection: 'close, Upgrade' };
    expect(await ask(bench, '/_naetmul/x', closing)).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*an answer$/);
    // Java's HTTP client asks for HTTP/2 this way.
    expect(await ask(bench, '/_naetmul/x', { ...closing, Upgrade: 'h2c' })).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  test('is not handed over any more once its path was given back', async () => {
    await using bench = await testEdge();
    const giveBack = bench.edge.onUpgrade('/mqtt', (_request, socket) => void socket.end('taken over'));
    expect(() => bench.edge.onUpgrade('/mqtt', () => undefined)).toThrow('taken over by somebody else');
    giveBack();
    expect(await ask(bench, '/mqtt', { ...WEBSOCKET, Connection: 'close, Upgrade' })).toMatch(/^HTTP\/1\.1 5/);
  });

  test('leaves a connection that ends when the edge closes', async () => {
    const bench = await testEdge();
    const takenOver = new Promise<void>((resolve) => {
      bench.edge.onUpgrade('/mqtt', (_request, socket) => {
        socket.write('hello');
        resolve();
      });
    });
    const answered = ask(bench, '/mqtt', WEBSOCKET);
    await takenOver;
    await bench[Symbol.asyncDispose]();
    expect(await answered).toBe('hello');
  });
});
