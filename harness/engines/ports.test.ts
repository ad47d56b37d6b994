import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort, freePorts, isFree, portTaken, StickyPorts, whoListens } from './ports.ts';

async function listening(port = 0): Promise<{ readonly port: number } & AsyncDisposable> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen({ port, host: '127.0.0.1' }, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return {
    port: address.port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

test('free ports can be listened on and are all different', async () => {
  const ports = await freePorts(20);
  expect(new Set(ports).size).toBe(20);
  await expect(isFree(await freePort())).resolves.toBe(true);
});

test('the holder of a port is named with its pid', async () => {
  await using server = await listening();
  await expect(isFree(server.port)).resolves.toBe(false);
  await expect(whoListens(server.port)).resolves.toMatch(new RegExp(`^\\S.* \\(pid ${process.pid}\\)$`));
});

test('nobody is named for a port that is free', async () => {
  await expect(whoListens(await freePort())).resolves.toBeUndefined();
});

test('a taken port is an error that names the holder and the way out', async () => {
  await using server = await listening();
  await expect(portTaken(server.port, 'the edge', 'Choose another with --port.')).resolves.toMatchObject({
    code: 'PORT_TAKEN',
    message: expect.stringMatching(
      new RegExp(`^Port ${server.port}, wanted for the edge, is taken by .*\\(pid ${process.pid}\\)\\.$`),
    ),
    remedy: 'Choose another with --port.',
  });
});

test('a server that is started again in its folder gets its port again, unless it was taken meanwhile', async () => {
  const ports = new StickyPorts();
  const first = await ports.portFor('/a');
  await expect(ports.portFor('/a')).resolves.toBe(first);
  await using _ = await listening(first);
  await expect(ports.portFor('/a')).resolves.not.toBe(first);
});
