/** Aedes as it is, over TLS with a client certificate that it does not look at: what our broker is held against. */
import { createServer } from 'node:tls';
import { Aedes } from 'aedes';
import { cacheFolder } from '../harness/engines/index.ts';
import { localCredentials } from '../harness/engines/mqtt/credentials.ts';

const { cert, key } = await localCredentials(cacheFolder());
const broker = await Aedes.createBroker();
const server = createServer({ cert, key, requestCert: true, rejectUnauthorized: false }, (socket) => {
  broker.handle(socket);
});
server.on('tlsClientError', () => undefined);
server.listen({ port: 0, host: '127.0.0.1' }, () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
