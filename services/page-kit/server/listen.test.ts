import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from './listen.ts';

async function server() {
  let closed = 0;
  const afterClose = async () => void closed++;
  const listening = await listen((_request, response) => void response.end('ok'), {
    host: '127.0.0.1',
    port: 0,
    afterClose,
  });
  return { ...listening, timesClosed: () => closed };
}

async function connection(port: number) {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

test('a connection on which nothing was asked, as browsers open them beforehand, does not hold up the end', async () => {
  const { port, close, timesClosed } = await server();
  const unused = await connection(port);
  unused.resume();
  const used = await connection(port);
  used.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(used, 'data');
  await Promise.all([close(), once(unused, 'close')]);
  expect(timesClosed()).toBe(1);
});
